import {
  applyHeaderRules,
  identityHeaders,
  rewrite,
  upstreamOf,
  withoutIdentity,
} from '../../gateway/domain/extensions/index.ts'
import type {
  Directives,
  HeaderMap,
  ReverseProxy,
  Upstream,
} from '../../gateway/domain/extensions/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import type { ForwardTarget } from '../../gateway/kube/forward.ts'
import { emptyObjectError, rawStatus } from '../wire/errors.ts'
import type { Extensions } from './api-service.ts'
import type { Exchange, Layer, Outcome } from './exchange.ts'
import { outgoing, proxy, withoutBasic } from './proxy.ts'
import { forwardedHeaders, wrapResponse } from './wrap-transport.ts'

/** Layer 7 (pipeline.md §13): paths under /proxy that a ReverseProxy object claims. */
export function reverseProxyLayer({ registry, upstreams }: Extensions): Layer {
  return {
    name: 'reverse-proxy',
    async run(x) {
      const { info } = x.ctx
      if (info.isResourceRequest || info.isKubernetesRequest) return undefined
      if (!info.path.startsWith('/proxy')) return undefined
      let found: ReverseProxy | undefined
      try {
        found = await registry.reverseProxy(x.method, x.path)
      } catch (error) {
        x.app.log.warn({ err: error }, 'reverse proxies cannot be listed')
        return rawStatus(503, 'ServiceUnavailable', 'failed to list reverse proxies')
      }
      if (!found) return undefined
      if (found.status?.state !== 'Available') return emptyObjectError()
      let upstream: Upstream
      try {
        upstream = upstreamOf(found.spec?.upstream ?? {}, 'double')
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const name = found.metadata.name ?? ''
        const text = error.message.startsWith('failed to base64')
          ? `failed to decode CA bundle from upstream ${name}`
          : error.message
        return rawStatus(503, 'ServiceUnavailable', text)
      }
      return pass(x, found.spec?.directives ?? {}, upstreams.target(upstream))
    },
  }
}

async function pass(x: Exchange, directives: Directives, target: ForwardTarget): Promise<Outcome> {
  const made = rewrite(directives, x.method, { path: x.path, rawQuery: x.rawQuery })
  if (made.kind === 'failed') {
    const text = `failed to create handler directives Directives.${made.directive}`
    return rawStatus(503, 'ServiceUnavailable', text)
  }
  const { method, line } = made
  if (line.path === '' && (x.method === 'GET' || x.method === 'HEAD')) {
    return { status: 301, headers: { location: line.rawQuery ? `/?${line.rawQuery}` : '/' } }
  }
  const path = outgoing(line.path, line.rawQuery)
  return proxy(x, {
    kind: 'reverseproxy',
    target,
    path,
    method,
    headers: requestHeaders(x, directives, target, path),
    onResponse(status, answered) {
      const wrapped = directives.wrapTransport
        ? wrapResponse(target.origin, status, answered)
        : { status, headers: answered }
      return { ...wrapped, headers: applyHeaderRules(wrapped.headers, directives.headerDown) }
    },
  })
}

function requestHeaders(
  x: Exchange,
  directives: Directives,
  target: ForwardTarget,
  path: string,
): HeaderMap {
  const ruled = applyHeaderRules(withoutIdentity(withoutBasic(x.headers)), directives.headerUp)
  const headers: HeaderMap = directives.authProxy
    ? { ...withoutIdentity(ruled), ...identityHeaders(x.ctx.user) }
    : { ...ruled }
  if (directives.wrapTransport)
    Object.assign(headers, forwardedHeaders(target.origin, path, headers))
  return headers
}
