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
 * What is typed and pasted, sent in order: the next piece goes when the one before was taken, and what was not taken of a
 * piece goes again. `send` tells how many bytes of a piece in base64 were taken; after it threw nothing more is sent.
 */
export function createInput(send: (data: string) => Promise<number>): (text: string) => void {
  const encoder = new TextEncoder()
  let waiting: Uint8Array = new Uint8Array()
  let busy = false
  const drain = async () => {
    while (waiting.length > 0) {
      const taken = await send(encode(waiting.subarray(0, most)))
      waiting = waiting.subarray(taken)
    }
  }
  return (text) => {
    const bytes = encoder.encode(text)
    const all = new Uint8Array(waiting.length + bytes.length)
    all.set(waiting)
    all.set(bytes, waiting.length)
    waiting = all
    if (busy) return
    busy = true
    drain().then(
      () => (busy = false),
      () => (waiting = new Uint8Array()),
    )
  }
}
