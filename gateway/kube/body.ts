import type { Readable } from 'node:stream'
import { ApiError } from '../lib/errors.ts'

/** The whole of `body`; ApiError 502 and the stream destroyed when it is longer than `limit` bytes. */
export async function readBytes(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new ApiError(502, 'Unknown', `the answer is longer than ${limit} bytes`)
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
}
