import { ApiError } from '../lib/errors.ts'
import { part } from '../telemetry/index.ts'
import type { App } from './app.ts'
import type { Attributes, RequestContext, RequestInfo, UserInfo, Verdict } from './types.ts'

/** Paths that everybody may ask, whatever the method (pipeline.md §10.2); a trailing `*` matches any rest. */
const ALWAYS_ALLOWED = [
  '/oauth/*',
  '/dist/*',
  '/.well-known/openid-configuration',
  '/version',
  '/metrics',
  '/livez',
  '/healthz',
  // Ours: probes have no credentials.
  '/readyz',
  '/openapi/v2',
  '/openapi/v3',
]

/** Whether the allow-list covers `path` (cluster prefix removed). One leading slash is ignored. */
export function alwaysAllowed(path: string): boolean {
  const asked = path.startsWith('/') ? path : `/${path}`
  return ALWAYS_ALLOWED.some((rule) =>
    rule.endsWith('*') ? asked.startsWith(rule.slice(0, -1)) : asked === rule,
  )
}

/** What the authorizer judges of a request. */
export function attributesOf(info: RequestInfo): Attributes {
  return {
    verb: info.verb,
    apiGroup: info.apiGroup,
    apiVersion: info.apiVersion,
    resource: info.resource,
    subresource: info.subresource,
    name: info.name,
    namespace: info.namespace,
    workspace: info.workspace,
    cluster: info.cluster,
    scope: info.resourceScope,
    path: info.path,
    resourceRequest: info.isResourceRequest,
    kubernetesRequest: info.isKubernetesRequest,
  }
}

/**
 * Judges the request of `ctx` by its path: the allow-list, then the configured mode. Throws ApiError 403 with the
 * original's text unless allowed, 500 when a lookup failed.
 */
export async function authorizeRequest(
  app: Pick<App, 'config'>,
  ctx: Pick<RequestContext, 'info' | 'demand'>,
): Promise<void> {
  const denyAll = app.config.authorization.mode === 'AlwaysDeny'
  if (!denyAll && alwaysAllowed(ctx.info.path)) return
  await part('authorization', () => ctx.demand(attributesOf(ctx.info)))
}

/** Returns for Allow. Throws ApiError 403 or, when a lookup failed, 500. */
export function demandAllowed(user: UserInfo, asked: Attributes, verdict: Verdict): void {
  if (verdict.decision === 'Allow') return
  if (verdict.error !== undefined) {
    const message = verdict.error instanceof Error ? verdict.error.message : 'a lookup failed'
    throw new ApiError(500, 'InternalError', message, { cause: verdict.error })
  }
  throw denial(user, asked, verdict.reason)
}

/** The 403 of pipeline.md §10.1. */
export function denial(user: UserInfo, asked: Attributes, reason = ''): ApiError {
  const { apiGroup: group, resource, name } = asked
  const what = escapeMarkup(sentence(user, asked))
  const text = reason ? `${what}: ${reason}` : what
  const qualified = group ? `${resource}.${group}` : resource
  const named = name ? `${qualified} ${quote(name)}` : qualified
  const message = qualified ? `${named} is forbidden: ${text}` : `forbidden: ${text}`
  return new ApiError(403, 'Forbidden', message, {
    details: {
      ...(name ? { name } : {}),
      ...(group ? { group } : {}),
      ...(resource ? { kind: resource } : {}),
    },
  })
}

function sentence(user: UserInfo, asked: Attributes): string {
  const who = `User ${quote(user.name)} cannot ${asked.verb}`
  if (!asked.resourceRequest) return `${who} path ${quote(asked.path)}`
  const resource = asked.subresource ? `${asked.resource}/${asked.subresource}` : asked.resource
  const place = asked.namespace
    ? `in the namespace ${quote(asked.namespace)}`
    : 'at the cluster scope'
  return `${who} resource ${quote(resource)} in API group ${quote(asked.apiGroup)} ${place}`
}

/** As Go's `%q`, near enough: printable text stands as it is. */
function quote(text: string): string {
  return JSON.stringify(text)
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
