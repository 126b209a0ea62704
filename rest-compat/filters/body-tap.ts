import type { IncomingMessage, ServerResponse } from 'node:http'

/** Most bytes of a body that are kept for the audit log; a larger one is left out. */
const LIMIT = 1024 * 1024

/** A copy of what passes by, up to a bound. */
export class BodyTap {
  #chunks: Uint8Array[] | undefined = []
  #size = 0

  add(chunk: unknown, encoding?: unknown): void {
    if (!this.#chunks || (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))) return
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : chunk
    this.#size += bytes.length
    if (this.#size > LIMIT) this.#chunks = undefined
    else this.#chunks.push(bytes)
  }

  /** Everything that came; undefined when it was too much. */
  bytes(): Uint8Array | undefined {
    return this.#chunks && Buffer.concat(this.#chunks, this.#size)
  }
}

/**
 * Copies the body of a request while whoever handles it reads it. To be called before the first await, or bytes that are
 * there by then are missed. node:http hands body bytes to `push` and offers no other place where reading them does not
 * compete with the handler.
 */
export function tapRequest(req: IncomingMessage): BodyTap {
  const tap = new BodyTap()
  const push = req.push.bind(req)
  req.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    tap.add(chunk, encoding)
    return push(chunk, encoding)
  }
  return tap
}

/** Copies the body of an answer while it is written. */
export function tapResponse(res: ServerResponse): BodyTap {
  const tap = new BodyTap()
  const write = res.write.bind(res) as (...args: unknown[]) => boolean
  const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse
  res.write = (...args: unknown[]): boolean => {
    tap.add(args[0], args[1])
    return write(...args)
  }
  res.end = (...args: unknown[]): ServerResponse => {
    tap.add(args[0], args[1])
    return end(...args)
  }
  return tap
}
