import { getServers } from 'node:dns'
import { isIP, isIPv6 } from 'node:net'
import type { KubeRequest } from './api.ts'
import { ApiError, unavailable } from '../lib/errors.ts'

interface NetworkError extends Error {
  code?: string
  syscall?: string
  address?: string
  hostname?: string
  port?: number
  errors?: unknown[]
}

/** What went wrong with a connection, in the words that Go's net package has for it: clients search logs for those. */
export function describeNetworkError(error: unknown, origin?: URL): string {
  const cause = error as NetworkError
  if (cause.errors?.[0]) return describeNetworkError(cause.errors[0], origin)
  const port = cause.port ?? portOf(origin)
  const host = cause.address ?? cause.hostname ?? origin?.hostname.replace(/^\[|\]$/g, '') ?? ''
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`
  switch (cause.code) {
    case 'ECONNREFUSED':
      return `dial tcp ${at}: connect: connection refused`
    case 'EHOSTUNREACH':
      return `dial tcp ${at}: connect: no route to host`
    case 'ENETUNREACH':
      return `dial tcp ${at}: connect: network is unreachable`
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `dial tcp ${at}: i/o timeout`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${cause.hostname ?? host}${resolver()}: no such host`
    case 'ECONNRESET':
      return `read tcp ${at}: connection reset by peer`
    case 'EPIPE':
      return `write tcp ${at}: broken pipe`
    case 'UND_ERR_SOCKET':
      return 'EOF'
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return 'timeout awaiting response headers'
  }
  if (isCertificateError(cause.code)) {
    return `tls: failed to verify certificate: ${cause.message}`
  }
  return cause.message || String(error)
}

/** The first name server of this machine, as Go says whom it asked. */
function resolver(): string {
  const [server] = getServers()
  if (server === undefined) return ''
  const port = isIP(server) ? ':53' : ''
  return ` on ${isIPv6(server) ? `[${server}]` : server}${port}`
}

/** The failure of a request that got no answer: 504 where time ran out, the caller's own reason where it gave up, else 503. */
export function noAnswer(error: unknown, request: KubeRequest, origin: URL): unknown {
  if (error instanceof ApiError || request.signal?.aborted) return error
  const text = `${request.method ?? 'GET'} ${origin.origin}${request.path}: ${describeNetworkError(error, origin)}`
  return isTimeout(error)
    ? new ApiError(504, 'Timeout', text, { cause: error })
    : unavailable(text, error)
}

/** Whether a kept-alive connection died before the answer began, so that asking again cannot do anything twice. */
export function isStaleConnection(error: unknown): boolean {
  const { code } = error as NetworkError
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

function isTimeout(error: unknown): boolean {
  const { code } = error as NetworkError
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT'
}

function isCertificateError(code: string | undefined): boolean {
  return code !== undefined && /CERT|SIGNATURE|ALTNAME/.test(code)
}

function portOf(origin: URL | undefined): number {
  return Number(origin?.port || (origin?.protocol === 'http:' ? 80 : 443))
}
