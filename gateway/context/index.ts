import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { adjustView } from './adjust.ts'
import { currentScope, part, traced } from '../telemetry/index.ts'
import type { App } from './app.ts'
import { audited } from './audit.ts'
import { demandAllowed } from './authorize.ts'
import { requestInfo } from './request-info.ts'
import type {
  Attributes,
  Operation,
  RequestContext,
  RequestInfo,
  RequestView,
  UserInfo,
} from './types.ts'

export { adjustView } from './adjust.ts'
export {
  ANONYMOUS,
  authorizationOf,
  bearerToken,
  createAuthenticator,
  isAnonymous,
} from './authenticate.ts'
export { alwaysAllowed, attributesOf, authorizeRequest, denial } from './authorize.ts'
export { memberContext } from './member.ts'
export { requestInfo, splitTarget } from './request-info.ts'
export { sourceAddress } from './source-address.ts'
export type * from './types.ts'

/** What of the App a context needs. */
export type ContextApp = Pick<
  App,
  | 'config'
  | 'log'
  | 'now'
  | 'clusters'
  | 'authenticator'
  | 'authorizer'
  | 'customFilters'
  | 'auditor'
>

/**
 * Who asks, for what, on the host cluster. `info` is taken as given where the caller has parsed it already.
 * Throws ApiError 400 for a target that cannot be parsed, 401 for credentials that are no good, 503 when they cannot be
 * checked.
 */
export async function buildContext(
  app: ContextApp,
  view: RequestView,
  info?: RequestInfo,
): Promise<RequestContext> {
  const adjusted = adjustView(view)
  const parsed = info ?? requestInfo(adjusted, app.config.facade.trustedProxies)
  const user = await part('authentication', () => app.authenticator.authenticate(adjusted))
  return contextFor(app, user, parsed, adjusted.signal ?? new AbortController().signal)
}

/** The context of one more operation of a caller who proved who they are before. Throws ApiError 400 as `buildContext`. */
export function laterContext(app: ContextApp, user: UserInfo, view: RequestView): RequestContext {
  const adjusted = adjustView(view)
  const info = requestInfo(adjusted, app.config.facade.trustedProxies)
  return contextFor(app, user, info, adjusted.signal ?? new AbortController().signal)
}

/**
 * One plain object, so that a scope may be spread. Without accessors, here and in all that is made for each request, row or
 * event: V8 gives each object literal with a getter a hidden class of its own, in old space, which holds the getter and all
 * that it sees until the next full collection. Such objects have classes.
 */
function contextFor(
  app: ContextApp,
  user: UserInfo,
  info: RequestInfo,
  signal: AbortSignal,
): RequestContext {
  const requestId = currentScope()?.id ?? randomUUID()
  let logger: Logger | undefined
  const authorize = (asked: Attributes) => app.authorizer.authorize(user, asked)
  const ctx: RequestContext = {
    requestId,
    info,
    user,
    signal,
    cluster: app.clusters.host,
    now: app.now,
    sourceIP: info.sourceIP,
    userAgent: info.userAgent,
    customFilters: app.customFilters,
    logger: () => (logger ??= app.log.child({ requestId, user: user.name })),
    authorize,
    may: async (asked) => (await authorize(asked)).decision === 'Allow',
    demand: async (asked) => demandAllowed(user, asked, await authorize(asked)),
    async call<A, R>(operation: Operation<A, R>, args: A): Promise<R> {
      const asked = operation.needs(args)
      await ctx.demand(asked)
      const of = { operation: operation.name, asked, args }
      const run = () => traced(operation.name, { sparse: true }, () => operation.run(ctx, args))
      return audited(app.auditor, ctx, of, run)
    },
  }
  return ctx
}
