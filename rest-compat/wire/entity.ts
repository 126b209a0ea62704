import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { ApiError, badRequest } from '../../gateway/lib/errors.ts'
import { firstValue } from './go-json-read.ts'

/** Bound of a body where the route names none: kube-apiserver's own limit is 3 MiB. */
export const DEFAULT_BODY_LIMIT = 4 * 1024 * 1024

const READERS = ['application/json', 'application/merge-patch+json', 'application/json-patch+json']

/**
 * The body of a request. Throws ApiError 413 beyond `limit` bytes, 400 when the client went away half-way.
 */
export async function readBody(
  req: IncomingMessage,
  limit = DEFAULT_BODY_LIMIT,
): Promise<Uint8Array> {
  const declared = Number(req.headers['content-length'] ?? 0)
  if (declared > limit) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of req as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > limit) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw badRequest('unexpected EOF', error)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
}

function tooLarge(): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', 'http: request body too large')
}

/**
 * go-restful's ReadEntity (pipeline.md §16, resources-tenant.md §1.3): the reader goes by Content-Type (exact, else
 * contained), gzip and deflate are undone, the first JSON value counts and the rest is ignored; `null` gives null.
 * Throws ApiError 400 with the original's texts: `EOF`, `[ServiceError:400] Unable to unmarshal content of type:…`,
 * Go's JSON syntax errors; 413 when it inflates beyond `limit` bytes. Every one is a 400 here; a handler whose original
 * answers 500 changes the code itself.
 */
export async function readEntity<T>(
  headers: IncomingMessage['headers'],
  body: Uint8Array,
  limit = DEFAULT_BODY_LIMIT,
): Promise<T> {
  const contentType = headers['content-type'] ?? ''
  if (!READERS.some((type) => contentType.includes(type))) {
    throw badRequest(`[ServiceError:400] Unable to unmarshal content of type:${contentType}`)
  }
  const bytes = await decode(headers['content-encoding'] ?? '', body, limit)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return parseEntity(text) as T
}

/** The first JSON value of a text, as `json.Decoder` takes it. Throws ApiError 400 with Go's message. */
export function parseEntity(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const first = firstValue(text)
    if ('error' in first) throw badRequest(first.error)
    return JSON.parse(first.text)
  }
}

const unzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)
const unzlib = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate)
const unraw = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw)

async function decode(encoding: string, body: Uint8Array, limit: number): Promise<Uint8Array> {
  const bound = { maxOutputLength: limit }
  try {
    if (encoding === 'gzip') return await unzip(body, bound)
    // RFC 9110 §8.4.1.2 means zlib by "deflate"; some clients send the raw stream.
    if (encoding === 'deflate') return await unzlib(body, bound).catch(() => unraw(body, bound))
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw badRequest(`${encoding}: invalid header`, error)
  }
  return body
}
