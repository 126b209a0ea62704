import type { IncomingHttpHeaders } from 'node:http'
import type { HeaderMap } from '../../gateway/domain/extensions/index.ts'
import { forward, forwardUpgrade, ForwardError } from '../../gateway/kube/forward.ts'
import type { ForwardResponse, ForwardTarget } from '../../gateway/kube/forward.ts'
import { escapePath, reencodeQuery } from '../../gateway/lib/go-url.ts'
import { resourceTemplate, upstreamCall } from '../../gateway/telemetry/index.ts'
import type { UpstreamKind } from '../../gateway/telemetry/index.ts'
import { proxyFailure } from '../wire/errors.ts'
import type { Exchange, Outcome } from './exchange.ts'
import { isLongRunning } from './long-running.ts'

export interface ProxyRequest {
  kind: UpstreamKind
  target: ForwardTarget
  /** Percent-encoded path with query. */
  path: string
  headers: IncomingHttpHeaders | HeaderMap
  method?: string
  /** Changes the head of a plain response, or answers instead of it. */
  onResponse?: (status: number, headers: HeaderMap) => ForwardResponse
  /** Put before the error text of a failed hop. */
  errorPrefix?: string
  /** Ends it early; default: the exchange's own. */
  signal?: AbortSignal
}

/** Routes of paths that have a form of their own. */
const ROUTES: Partial<Record<UpstreamKind, string>> = {
  reverseproxy: '/proxy/*',
  jsbundle: '/dist/*',
}

/** Decoded path and raw query as they go out: encoded once more, query sorted (pipeline.md §24.1). */
export function outgoing(path: string, rawQuery: string): string {
  const query = reencodeQuery(rawQuery)
  const rooted = path.startsWith('/') ? path : `/${path}`
  return query === '' ? escapePath(rooted) : `${escapePath(rooted)}?${query}`
}

/** Milliseconds that an upstream has for the head of its answer; 0 = any time. */
function deadline(x: Exchange, kind: UpstreamKind): number {
  if (isLongRunning(x)) return 0
  const { kubernetesMs, memberMs, extensionMs } = x.app.config.facade.deadlines
  if (kind === 'kube') return kubernetesMs
  return kind === 'member' ? memberMs : extensionMs
}

/**
 * Streams the exchange to an upstream and back, upgrades included (dialled once). Failures before the response head
 * are form B, 502; so is an upstream that lets its deadline pass, since no client should wait for ever.
 */
export async function proxy(x: Exchange, request: ProxyRequest): Promise<Outcome> {
  const { metrics } = x.app
  const started = performance.now()
  let seen = false
  const observe = (code: number): void => {
    if (seen) return
    seen = true
    if (code > 0) call?.answered(code)
    metrics.observeUpstream(request.kind, code, (performance.now() - started) / 1000)
  }
  const { path, target, signal = x.signal } = request
  const template = () => ROUTES[request.kind] ?? resourceTemplate(x.path)
  x.routed(template)
  const call = upstreamCall({
    method: request.method ?? x.method,
    origin: target.origin,
    template,
  })
  const given = request.headers as HeaderMap
  const told = toldTo(request.kind, call)
  const headers = told ? { ...given, ...told } : given
  try {
    if (x.upgrade) {
      await forwardUpgrade(x.req, x.upgrade.socket, x.upgrade.head, target, {
        path,
        headers,
        signal,
        onStatus: observe,
      })
      return 'done'
    }
    if (!x.res) return undefined
    await forward(x.req, x.res, target, {
      path,
      headers,
      signal,
      headersTimeout: deadline(x, request.kind),
      ...(request.method === undefined ? {} : { method: request.method }),
      onResponse(status, answered) {
        observe(status)
        return request.onResponse?.(status, answered) ?? { status, headers: answered }
      },
    })
    return 'done'
  } catch (error) {
    observe(0)
    call?.failed(error)
    if (!(error instanceof ForwardError)) throw error
    x.app.log.debug({ err: error }, 'upstream did not answer')
    return proxyFailure(`${request.errorPrefix ?? ''}${error.message}`)
  } finally {
    call?.over()
  }
}

/**
 * What an upstream is told of the request: members its id, and with a trace everybody but the host of a bundle, who is
 * anybody. Without one extensions get what callers send, as from the original, and kube-apiserver has an id of its own.
 */
function toldTo(kind: UpstreamKind, call: ReturnType<typeof upstreamCall>): HeaderMap | undefined {
  if (!call || kind === 'jsbundle') return undefined
  if (!call.trace && kind !== 'member') return undefined
  return { 'x-request-id': call.requestId, ...call.trace }
}

/** Without the caller's password: Basic credentials are for this server, not for an extension. */
export function withoutBasic(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  if (!/^\s*basic\b/i.test(headers.authorization ?? '')) return headers
  const { authorization: _, ...rest } = headers
  return rest
}
