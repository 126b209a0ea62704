const NEWLINE = 0x0a

/** Thrown where one line is longer than its bound. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong'
}

/**
 * The lines of a byte stream as text, without their ends; an unfinished last line is left out. Hot path of a watch.
 * Throws LineTooLong beyond `limit` bytes.
 */
export async function* lines(
  stream: AsyncIterable<Buffer>,
  limit: number,
): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from)
      const last = end < 0 ? chunk.length : end
      size += last - from
      if (size > limit) throw new LineTooLong(`a line is longer than ${limit} bytes`)
      if (end < 0) break
      if (parts.length === 0) yield chunk.toString('utf8', from, end)
      else {
        parts.push(chunk.subarray(from, end))
        yield Buffer.concat(parts).toString()
        parts = []
      }
      size = 0
      from = end + 1
    }
    if (from < chunk.length) parts.push(from === 0 ? chunk : chunk.subarray(from))
  }
}
