import { Readable } from 'node:stream'

/**
 * A stream of JSON documents, one a line (a Kubernetes watch), each passed through `change`. Errors when a line is not
 * JSON or longer than `limit` bytes: what cannot be checked does not pass. Closing the result closes `source`.
 */
export function jsonLines(
  source: Readable,
  limit: number,
  change: (value: unknown) => unknown,
): Readable {
  return Readable.from(lines(source, limit, change), { objectMode: false })
}

async function* lines(
  source: Readable,
  limit: number,
  change: (value: unknown) => unknown,
): AsyncGenerator<string> {
  let held: Buffer[] = []
  let size = 0
  const flush = (): string => {
    const text = Buffer.concat(held).toString('utf8')
    held = []
    size = 0
    return text.trim() === '' ? '' : `${JSON.stringify(change(JSON.parse(text)))}\n`
  }
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let from = 0
    for (;;) {
      const newline = chunk.indexOf(10, from)
      const part = chunk.subarray(from, newline < 0 ? undefined : newline)
      size += part.length
      if (size > limit) throw new Error('a line of the stream is too long to be checked')
      held.push(part)
      if (newline < 0) break
      const line = flush()
      if (line !== '') yield line
      from = newline + 1
    }
  }
  const rest = flush()
  if (rest !== '') yield rest
}
