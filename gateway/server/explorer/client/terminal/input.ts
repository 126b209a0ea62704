/** Bytes that go in one mutation. */
const most = 16 * 1024

/** Bytes as base64 (RFC 4648 §4). */
function encode(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** The bytes of base64. */
export function decode(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}

/**
 * What is typed and pasted, sent in order: the next piece goes when the one before was taken. `send` takes a piece in
 * base64 and tells how many of its bytes were taken; when that is not all of them, or it throws, nothing more is sent.
 */
export function createInput(send: (data: string) => Promise<number>): (text: string) => void {
  const encoder = new TextEncoder()
  let waiting: Uint8Array = new Uint8Array()
  let busy = false
  let ended = false
  const drain = async () => {
    while (waiting.length > 0) {
      const piece = waiting.subarray(0, most)
      if ((await send(encode(piece))) < piece.length) throw new Error('the session has ended')
      waiting = waiting.subarray(piece.length)
    }
  }
  return (text) => {
    if (ended) return
    const bytes = encoder.encode(text)
    const all = new Uint8Array(waiting.length + bytes.length)
    all.set(waiting)
    all.set(bytes, waiting.length)
    waiting = all
    if (busy) return
    busy = true
    drain().then(
      () => (busy = false),
      () => {
        ended = true
        waiting = new Uint8Array()
      },
    )
  }
}
