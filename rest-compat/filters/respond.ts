import { STATUS_CODES, validateHeaderValue } from 'node:http'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { currentScope } from '../../gateway/telemetry/index.ts'
import type { Reply } from '../routes/registry.ts'

/**
 * Writes a reply. HEAD gets the headers alone. A streamed body that breaks half-way aborts the connection, so that the
 * client cannot take it for a whole one; the promise then resolves, since nobody is left to tell.
 */
export async function sendReply(res: ServerResponse, reply: Reply, method: string): Promise<void> {
  if (res.destroyed || res.headersSent) {
    dropBody(reply)
    return
  }
  const requestId = currentScope()?.id
  const headers: Record<string, string | string[]> = {
    ...reply.headers,
    ...(requestId === undefined ? undefined : { 'x-request-id': requestId }),
  }
  const { body } = reply
  if (!(body instanceof Readable)) {
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    if (reply.status !== 204 && reply.status !== 304) headers['content-length'] ??= String(length)
    res.writeHead(reply.status, headers)
    res.end(method === 'HEAD' ? undefined : body)
    return
  }
  res.writeHead(reply.status, headers)
  if (method === 'HEAD') {
    body.destroy()
    res.end()
    return
  }
  await pipeline(body, res).catch(() => void res.destroy())
}

function dropBody(reply: Reply): void {
  if (reply.body instanceof Readable) reply.body.destroy()
}

/** Bytes of a streamed body that are gathered for a raw socket; more breaks the connection. */
const SOCKET_BODY_LIMIT = 1024 * 1024

/**
 * Writes a reply as a plain HTTP/1.1 answer on a socket that asked for an upgrade, and closes it. Throws TypeError for a
 * header with characters that HTTP has no place for.
 */
export async function sendOnSocket(socket: Duplex, reply: Reply): Promise<void> {
  if (socket.destroyed) {
    dropBody(reply)
    return
  }
  const body = await gather(reply.body)
  if (body === undefined) {
    socket.destroy()
    return
  }
  const lines = [`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? 'Unknown'}`]
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      validateHeaderValue(name, one)
      lines.push(`${name}: ${one}`)
    }
  }
  lines.push(`content-length: ${body.length}`, 'connection: close', '', '')
  socket.write(lines.join('\r\n'))
  socket.end(body)
}

async function gather(body: Reply['body']): Promise<Uint8Array | undefined> {
  if (body === undefined) return new Uint8Array()
  if (typeof body === 'string') return Buffer.from(body)
  if (!(body instanceof Readable)) return body
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > SOCKET_BODY_LIMIT) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}
