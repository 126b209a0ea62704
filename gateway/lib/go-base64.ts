/**
 * The byte at which Go's standard base64 decoder gives up on `text`; undefined where it decodes it. Line breaks do not
 * count; padding must be whole and end the text. Source: RFC 4648 §4, and what Go 1.26 says of each of the tests' texts.
 */
export function base64Fault(text: string): number | undefined {
  let digits = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (isBreak(char)) continue
    if (char === '=') return paddingFault(text, at, digits % 4)
    if (!/[A-Za-z0-9+/]/.test(char)) return at
    digits++
  }
  return digits % 4 === 0 ? undefined : text.length - (digits % 4)
}

/** What is wrong from the first `=` on, before which `taken` digits stand of the last four. */
function paddingFault(text: string, first: number, taken: number): number | undefined {
  if (taken < 2) return first
  let at = first + 1
  if (taken === 2) {
    at = afterBreaks(text, at)
    if (at === text.length) return at
    if (text[at] !== '=') return at - 1
    at++
  }
  at = afterBreaks(text, at)
  return at < text.length ? at : undefined
}

function afterBreaks(text: string, from: number): number {
  let at = from
  while (at < text.length && isBreak(text[at] as string)) at++
  return at
}

function isBreak(char: string): boolean {
  return char === '\n' || char === '\r'
}
