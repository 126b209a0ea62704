import type { Readable } from 'node:stream'
import { redactAnswer } from '../../gateway/domain/passthrough/redact-answer.ts'
import type { Redactor } from '../../gateway/domain/redact.ts'
import type { KubeResponse } from '../../gateway/kube/api.ts'
import { serveWatchSocket } from '../../gateway/kube/forward-watch-socket.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { escapePath, parseQuery } from '../../gateway/lib/go-url.ts'
import type { Reply } from '../routes/registry.ts'
import { proxyFailure, rawStatus } from '../wire/errors.ts'
import { jsonLines } from '../wire/lines.ts'
import { header } from './exchange.ts'
import type { Exchange, Outcome } from './exchange.ts'

/** Most bytes of one answer that are held in memory. */
const ANSWER_LIMIT = 64 * 1024 * 1024

/**
 * A request about objects that hold secrets: JSON is asked for, in the form that the client prefers, and what `redact` says is
 * taken out of what comes back: objects, lists, tables, watches (websocket ones too).
 */
export async function passRedacted(x: Exchange, redact: Redactor): Promise<Outcome> {
  let response: KubeResponse
  try {
    response = await ask(x)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return proxyFailure(error.message)
  }
  const watching = isWatch(x) && response.status === 200
  if (watching && x.upgrade) {
    await serveWatchSocket(
      x.req,
      x.upgrade.socket,
      x.upgrade.head,
      redactedLines(response.body, redact),
    )
    return 'done'
  }
  if (watching)
    return { status: 200, headers: headersOf(response), body: redactedLines(response.body, redact) }
  return redactedReply(response, redact)
}

/** Reads, redacts where that is asked for, and answers as kube-apiserver would: compact JSON and a newline. */
export async function redactedReply(response: KubeResponse, redact?: Redactor): Promise<Reply> {
  const text = await readText(response.body)
  if (text === undefined)
    return rawStatus(502, 'Bad Gateway', 'the answer is too large to be checked')
  // HEAD has the headers alone.
  if (text === '') return { status: response.status, headers: headersOf(response) }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Errors of the server's own machinery are plain text; they hold no object.
    if (response.status < 400) return rawStatus(502, 'Bad Gateway', 'the answer cannot be checked')
    return { status: response.status, headers: headersOf(response), body: text }
  }
  const body = `${JSON.stringify(redact ? redactAnswer(value, redact) : value)}\n`
  return { status: response.status, headers: headersOf(response), body }
}

function ask(x: Exchange): Promise<KubeResponse> {
  const query = new URLSearchParams(parseQuery(x.rawQuery).filter(([key]) => key !== 'pretty'))
  const headers: Record<string, string> = { accept: jsonOf(header(x.headers, 'accept')) }
  const type = x.headers['content-type']
  if (type) headers['content-type'] = type
  return x.app.clusters.host.client.stream({
    method: x.upgrade ? 'GET' : x.method,
    path: escapePath(x.path),
    query,
    headers,
    signal: x.signal,
    ...(hasBody(x) ? { body: x.req } : {}),
  })
}

/** The forms of JSON that a client takes, such as tables: what is written otherwise cannot be looked through. */
function jsonOf(accept: string): string {
  const forms = accept.split(',').filter((form) => /^\s*application\/json\s*(?:;|$)/i.test(form))
  return forms.length > 0 ? forms.join(',') : 'application/json'
}

function hasBody(x: Exchange): boolean {
  if (x.upgrade || x.method === 'GET' || x.method === 'HEAD') return false
  return (
    Number(x.headers['content-length'] ?? 0) > 0 || x.headers['transfer-encoding'] !== undefined
  )
}

function isWatch(x: Exchange): boolean {
  if (x.ctx.info.verb === 'watch') return true
  return parseQuery(x.rawQuery).some(
    ([key, value]) => key === 'watch' && !/^(?:false|0)$/i.test(value),
  )
}

const KEPT = ['content-type', 'cache-control', 'warning', 'retry-after', 'audit-id', 'location']

function headersOf(response: KubeResponse): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const name of KEPT) {
    const value = response.headers[name]
    if (value !== undefined) headers[name] = value
  }
  return headers
}

function redactedLines(body: Readable, redact: Redactor): Readable {
  return jsonLines(body, ANSWER_LIMIT, (value) => redactAnswer(value, redact))
}

async function readText(body: Readable): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > ANSWER_LIMIT) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
