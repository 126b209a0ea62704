/**
 * Joins policies of role templates (package authz, rules `allow`, query `data.authz.allow`). A policy is cut into its
 * `allow` blocks; a text that holds anything else is not touched, because joining it could change what it means.
 */
const head = /^package authz\b/
const fallback = /^default allow\s*:?=\s*false\b/
const opening = /^allow\s*(?:(?:=|:=)\s*true)?\s*(?:if)?\s*\{/

/** The bodies of the `allow` blocks of a module, or undefined where there is something else in it. */
export function allowBlocks(text: string): string[] | undefined {
  const blocks: string[] = []
  let rest = stripComments(text).trim()
  if (!head.test(rest)) return undefined
  rest = rest.replace(head, '').trim()
  while (rest !== '') {
    const start = fallback.exec(rest)
    if (start) {
      rest = rest.slice(start[0].length).trim()
      continue
    }
    const open = opening.exec(rest)
    const end = open ? closing(rest, open[0].length) : -1
    if (!open || end < 0) return undefined
    blocks.push(rest.slice(open[0].length, end).trim())
    rest = rest.slice(end + 1).trim()
  }
  return blocks
}

/**
 * The policy of a role after aggregation: its own blocks, then those of `texts` that it has not yet. Undefined when
 * there is no policy at all; `present` itself when nothing is new or a text cannot be joined. One text that stands alone
 * is taken as it is, whatever is in it.
 */
export function joinRego(
  present: string | undefined,
  texts: readonly string[],
): string | undefined {
  const own = present === undefined ? [] : allowBlocks(present)
  const others = texts.map(allowBlocks)
  if (!own || others.some((blocks) => blocks === undefined)) {
    return present ?? (new Set(texts).size === 1 ? texts[0] : undefined)
  }
  const byMeaning = new Map(own.map((block) => [canonical(block), block]))
  const before = byMeaning.size
  for (const block of others.flatMap((blocks) => blocks ?? [])) {
    const key = canonical(block)
    if (!byMeaning.has(key)) byMeaning.set(key, block)
  }
  if (byMeaning.size === before) return present
  const bodies = [...byMeaning.values()].map((block) => `\nallow {\n\t${block}\n}\n`)
  return `package authz\n\ndefault allow = false\n${bodies.join('')}`
}

function canonical(block: string): string {
  return block.replace(/\s*(?:\n|;)\s*/g, ';').replace(/\s+/g, ' ')
}

/** Index of the brace that closes the block that was opened before `from`; braces in strings do not count. */
function closing(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at
  }
  return -1
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  return text.length
}

function stripComments(text: string): string {
  let result = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      const end = endOfString(text, at)
      result += text.slice(at, end + 1)
      at = end
    } else if (text[at] === '#') {
      while (at + 1 < text.length && text[at + 1] !== '\n') at++
    } else {
      result += text[at]
    }
  }
  return result
}
