import { stringify } from 'yaml'

/** Columns after which Go's writer breaks a line at the next space. */
const WIDTH = 80

/**
 * A value of maps, strings and numbers as Go's YAML writer prints it. Its lines are broken at the first space beyond 80
 * columns, not at the last one before.
 */
export function goYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 })
    .split('\n')
    .map((line) => folded(line))
    .join('\n')
}

function folded(line: string): string {
  const start = line.search(/\S/)
  // In double quotes a break would have to be escaped; what the server says of itself needs none.
  if (line.length <= WIDTH || /^\s*[^:]*: "/.test(line)) return line
  const indent = ' '.repeat(start + 2)
  let done = ''
  let rest = line
  for (;;) {
    const at = spaceAfter(rest, WIDTH)
    if (at < 0) return done + rest
    done += `${rest.slice(0, at)}\n`
    rest = indent + rest.slice(at + 1)
  }
}

/** Where a single space stands beyond `width` columns. A break would swallow one of several. */
function spaceAfter(text: string, width: number): number {
  for (let at = width + 1; at < text.length - 1; at++) {
    if (text[at] === ' ' && text[at - 1] !== ' ' && text[at + 1] !== ' ') return at
  }
  return -1
}
