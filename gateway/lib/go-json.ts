/**
 * JSON as Go's encoding/json writes it: `<`, `>`, `&`, U+2028 and U+2029 inside strings become \u escapes.
 * Source: the Go package documentation of encoding/json (`Encoder.SetEscapeHTML`, `Indent`).
 */

const UNSAFE = /[<>&\u2028\u2029]/g
const HAS_UNSAFE = /[<>&\u2028\u2029]/

const escapes: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** Escapes the characters that Go escapes. In JSON text they can only stand inside strings, so this is safe on any of it. */
export function escapeHtml(jsonText: string): string {
  return HAS_UNSAFE.test(jsonText)
    ? jsonText.replace(UNSAFE, (character) => escapes[character] ?? character)
    : jsonText
}

/**
 * `value` as Go would marshal it, `indent` spaces a level (0 = compact), no newline at the end.
 * `undefined` gives the empty text (a nil result has no body).
 */
export function goJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, null, indent) as string | undefined
  return text === undefined ? '' : escapeHtml(text)
}

const QUOTE = 34
const BACKSLASH = 92

/** Index just behind the JSON string that starts at `start` (its opening quote). */
function stringEnd(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return text.length
    let backslashes = 0
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return quote + 1
    at = quote + 1
  }
}

/**
 * Valid JSON text laid out anew without parsing it, so that numbers, key order and duplicate keys stay as they are.
 * `depth` is the level at which the value stands (its first line is not indented); Go escapes applied.
 */
export function indentJson(text: string, indent: number, depth = 0): string {
  const out: string[] = []
  let level = depth
  const newline = (): string => '\n' + ' '.repeat(indent * level)
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    switch (code) {
      case QUOTE: {
        const end = stringEnd(text, at)
        out.push(text.slice(at, end))
        at = end
        continue
      }
      case 123: // {
      case 91: {
        // [
        const next = skipSpace(text, at + 1)
        const close = code + 2
        if (text.charCodeAt(next) === close) {
          out.push(code === 123 ? '{}' : '[]')
          at = next + 1
          continue
        }
        level++
        out.push(code === 123 ? '{' : '[', newline())
        at = next
        continue
      }
      case 125: // }
      case 93: // ]
        level--
        out.push(newline(), code === 125 ? '}' : ']')
        break
      case 44: // ,
        out.push(',', newline())
        break
      case 58: // :
        out.push(': ')
        break
      case 32:
      case 9:
      case 10:
      case 13:
        break
      default: {
        let end = at + 1
        while (end < text.length && isScalar(text.charCodeAt(end))) end++
        out.push(text.slice(at, end))
        at = end
        continue
      }
    }
    at++
  }
  return escapeHtml(out.join(''))
}

function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return at
    at++
  }
}

function isScalar(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    code === 43 ||
    code === 45 ||
    code === 46 ||
    code === 69
  )
}
