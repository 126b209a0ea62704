const ALPHABET = /[A-Za-z0-9_-]/

/**
 * The bytes of unpadded base64url, or the offset of the first byte that Go's decoder complains about. Newlines are
 * skipped as Go skips them. Source: RFC 4648 §5, documentation of encoding/base64 `RawURLEncoding`.
 */
export function decodeSegment(text: string): { bytes: Buffer } | { badByte: number } {
  if (/^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1) {
    return { bytes: Buffer.from(text, 'base64url') }
  }
  let kept = ''
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\n' || character === '\r') continue
    if (!ALPHABET.test(character)) return { badByte: Buffer.byteLength(text.slice(0, at)) }
    kept += character
    last = at
  }
  return kept.length % 4 === 1 ? { badByte: last } : { bytes: Buffer.from(kept, 'base64url') }
}
