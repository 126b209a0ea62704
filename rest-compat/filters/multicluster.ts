import { alwaysAllowed, isAnonymous } from '../../gateway/context/index.ts'
import { ApiError, unauthorized } from '../../gateway/lib/errors.ts'
import { goJson } from '../../gateway/lib/go-json.ts'
import { escapePath, parseQuery } from '../../gateway/lib/go-url.ts'
import type { ClusterRoute } from '../../gateway/kube/clusters.ts'
import { SERVICE_PROXY } from '../../gateway/kube/member-access.ts'
import type { HeaderMap } from '../../gateway/domain/extensions/index.ts'
import { callerOf } from '../routes/terminal/caller.ts'
import { internalError, rawStatus } from '../wire/errors.ts'
import { refusal } from './authentication.ts'
import { header } from './exchange.ts'
import type { Exchange, Layer, Outcome } from './exchange.ts'
import { outgoing, proxy } from './proxy.ts'
import { forwardedHeaders, wrapResponse } from './wrap-transport.ts'

type Member = Extract<ClusterRoute, { kind: 'member' }>

const TERMINALS = '/kapis/terminal.kubesphere.io/'

/**
 * Layer 3 (pipeline.md §9): a request for a member goes there, authorization included; one for the host loses its
 * prefix. Callers without credentials reach a member only on the always-allowed paths.
 */
export const multicluster: Layer = {
  name: 'multicluster',
  async run(x) {
    const { cluster } = x.ctx.info
    if (cluster === '') return undefined
    let route: ClusterRoute
    try {
      route = await x.app.clusters.route(cluster)
    } catch (error) {
      return routeFailure(x, error)
    }
    const prefix = `/clusters/${cluster}`
    const local = x.path.replace(prefix, () => '')
    if (route.kind === 'host') {
      x.path = local
      return undefined
    }
    if (isAnonymous(x.ctx.user) && !alwaysAllowed(x.ctx.info.path)) {
      return refusal(x, unauthorized('The request cannot be authenticated.'))
    }
    return dispatch(x, route, local)
  },
}

function routeFailure(x: Exchange, error: unknown): Outcome {
  if (!(error instanceof ApiError)) throw error
  switch (error.reason) {
    case 'ClusterNotFound':
      return rawStatus(400, 'BadRequest', error.message)
    case 'ClusterNotReady':
    case 'ClusterUnreachable':
    case 'ServiceUnavailable':
      return rawStatus(503, 'ServiceUnavailable', error.message)
    default:
      return internalError(x.target, error.message)
  }
}

async function dispatch(x: Exchange, route: Member, local: string): Promise<Outcome> {
  const { target } = route
  const path = route.serviceProxy ? `${SERVICE_PROXY}${local}` : local
  const request = route.serviceProxy ? throughService(x) : { query: x.rawQuery, headers: {} }
  const own = route.serviceProxy ? await target.authHeaders() : {}
  const headers: HeaderMap = {
    ...x.headers,
    ...forwardedHeaders(target.origin, escapePath(path), x.headers),
    ...request.headers,
    ...own,
  }
  if (route.serviceProxy && own['authorization'] === undefined) delete headers['authorization']
  using held = heldByLogin(x, local)
  return await proxy(x, {
    kind: 'member',
    target,
    path: outgoing(path, request.query),
    headers,
    signal: held.signal,
    errorPrefix: 'error trying to reach service: ',
    onResponse(status, answered) {
      if (status === 401) return { replace: unauthenticatedMember() }
      return wrapResponse(target.origin, status, answered)
    },
  })
}

/** A member's terminal lasts no longer than the login, which only the host knows to be over; it is cut then. */
function heldByLogin(x: Exchange, local: string): Disposable & { signal: AbortSignal } {
  if (!x.upgrade || !local.startsWith(TERMINALS)) {
    return { signal: x.signal, [Symbol.dispose]() {} }
  }
  const lost = new AbortController()
  const release = x.app.terminal.follow(callerOf(x.ctx, x.headers), () => lost.abort())
  return { signal: AbortSignal.any([x.signal, lost.signal]), [Symbol.dispose]: release }
}

/** What survives kube-apiserver's service proxy only under another name. */
function throughService(x: Exchange): { query: string; headers: HeaderMap } {
  const headers: HeaderMap = {
    'x-kubesphere-authorization': header(x.headers, 'authorization'),
  }
  let query = x.rawQuery
  if (query.includes('dryRun') && parseQuery(query).some(([key]) => key === 'dryRun')) {
    query = query.replace('dryRun', 'dryrun')
  }
  if (x.upgrade && query !== '') headers['x-kubesphere-rawquery'] = x.rawQuery
  return { query, headers }
}

/** A member that does not know the caller is not the caller's fault: 401 becomes 511. */
function unauthenticatedMember(): {
  status: number
  headers: Record<string, string>
  body: string
} {
  const code = 511
  const body = goJson({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'The request could not be authenticated due to a system issue.',
    reason: 'Network Authentication Required',
    code,
  })
  return { status: code, headers: { 'content-type': 'application/json' }, body }
}
