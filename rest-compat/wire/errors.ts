import { goJson } from '../../gateway/lib/go-json.ts'
import { ApiError, notFound } from '../../gateway/lib/errors.ts'
import type { KubeStatus } from '../../gateway/lib/errors.ts'
import type { Reply } from '../routes/registry.ts'

/** The six error forms of pipeline.md §3; form A (negotiated Status) is in `status.ts`. */

/** `&`, `<`, `>` as HTML entities, quotes untouched: what the original does to every error text. */
export function sanitize(message: string): string {
  return message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const TEXT_HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
}

/** HTTP status of an error as handlers see it: an ApiError's own code, anything else 500. */
export function statusOf(error: unknown): number {
  return error instanceof ApiError ? error.code : 500
}

/**
 * Form D, what handlers answer: the sanitized message and a newline. `status` overrides the error's own code
 * (`HandleBadRequest` and friends). Only ApiErrors and ServiceErrors show their text; see `internalError` for the rest.
 */
export function textError(error: Error, status = statusOf(error)): Reply {
  return { status, headers: TEXT_HEADERS, body: `${sanitize(error.message)}\n` }
}

/** Form C: 500 `Internal Server Error: "<request target>": <message>`. `message` must be fit for the client's eyes. */
export function internalError(requestUri: string, message: string): Reply {
  const line = `Internal Server Error: ${goQuote(requestUri)}: ${message}`
  return { status: 500, headers: TEXT_HEADERS, body: `${sanitize(line)}\n` }
}

/** Form B: the Status nested under ErrStatus, two spaces, no negotiation. Layers 3, 6, 7, 8. */
export function rawStatus(code: number, reason: string, message: string): Reply {
  return rawReply(code, { metadata: {}, status: 'Failure', message, reason, code })
}

/** Form B for a failed proxy hop: 502, without `status`. */
export function proxyFailure(message: string): Reply {
  const code = 502
  return rawReply(code, {
    metadata: {},
    message: `Error while proxying request: ${message}`,
    reason: 'Bad Gateway',
    code,
  })
}

function rawReply(status: number, errStatus: KubeStatus): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: goJson({ ErrStatus: errStatus }, 2),
  }
}

const ROUTER_TEXT = {
  404: '404: Page Not Found',
  405: '405: Method Not Allowed',
  415: '415: Unsupported Media Type',
} as const

const SNIFFED = { 'content-type': 'text/plain; charset=utf-8' }

/** Form E: the router's own 404 and 415, and 405 with the methods of the path. No newline at the end. */
export function routerError(status: 404 | 405 | 415, allow: readonly string[] = []): Reply {
  const headers = status === 405 ? { ...SNIFFED, allow: allow.join(', ') } : SNIFFED
  return { status, headers, body: ROUTER_TEXT[status] }
}

/** Form E, 406, with what the route offers. */
export function notAcceptable(produces: readonly string[]): Reply {
  return {
    status: 406,
    headers: SNIFFED,
    body: `406: Not Acceptable\n\nAvailable representations: ${produces.join(', ')}`,
  }
}

/** Form F: a ReverseProxy that is not Available. @NOTE a plain error value serialized: `{}`. */
export function emptyObjectError(): Reply {
  return { status: 503, headers: { 'content-type': 'application/json' }, body: '{}' }
}

/** A string as Go's `%q` prints it. */
export function goQuote(value: string): string {
  let out = '"'
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0
    if (character === '"' || character === '\\') out += `\\${character}`
    else if (character === '\n') out += '\\n'
    else if (character === '\r') out += '\\r'
    else if (character === '\t') out += '\\t'
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`
    else out += character
  }
  return `${out}"`
}

/**
 * @NOTE what the original writes or deletes without a look is missing in the words of kube-apiserver: by its resource, and by
 * `name` where that is another than the caller's. Any other error stays as it is.
 */
export function missingByResource(error: unknown, resource: string, name?: string): unknown {
  if (!(error instanceof ApiError) || error.reason !== 'NotFound') return error
  const { group = '', name: known = '' } = error.details ?? {}
  return notFound(group, resource, name ?? known)
}
