/** Most bytes of the reason in a close frame. Source: RFC 6455 §5.5. */
const limit = 123

/** As much of a text, in whole characters, as the reason of a websocket's close frame may hold. */
export function closeReason(text: string): string {
  let kept = ''
  let size = 0
  for (const character of text) {
    size += Buffer.byteLength(character)
    if (size > limit) break
    kept += character
  }
  return kept
}
