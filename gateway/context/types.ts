import type { Logger } from 'pino'
import type {
  Attributes,
  Authorizer,
  Decision,
  Operation,
  OperationScope,
  Scope,
  UserInfo,
  Verdict,
} from '../domain/operation.ts'

export type {
  Attributes,
  Authorizer,
  Decision,
  Operation,
  OperationScope,
  Scope,
  UserInfo,
  Verdict,
}

/** A request as the context builder sees it: no express, no Apollo, no socket type. */
export interface RequestView {
  /** Upper case. */
  method: string
  /** Request target as on the wire: path and query, percent-encoding untouched. */
  url: string
  /** Lower-case names; a repeated header is an array. */
  headers: Record<string, string | string[] | undefined>
  remoteAddress: string
  signal?: AbortSignal
}

/** What pipeline.md §5 reads out of method and path. Empty text where something is absent. */
export interface RequestInfo {
  path: string
  verb: string
  apiPrefix: string
  apiGroup: string
  apiVersion: string
  namespace: string
  workspace: string
  cluster: string
  resource: string
  subresource: string
  name: string
  parts: string[]
  isResourceRequest: boolean
  isKubernetesRequest: boolean
  resourceScope: Scope
  sourceIP: string
  userAgent: string
}

export interface Authenticator {
  /** Throws ApiError 401 with the original's text (pipeline.md §6). */
  authenticate(view: RequestView): Promise<UserInfo>
}

/** One per HTTP request or socket operation. */
export interface RequestContext extends OperationScope {
  readonly requestId: string
  readonly info: RequestInfo
  /** A logger that names the request and its caller. */
  logger(): Logger
  /** The full verdict. */
  authorize(attributes: Attributes): Promise<Verdict>
  /** Throws ApiError 403 with the original's denial text unless allowed; 500 when a lookup failed. */
  demand(attributes: Attributes): Promise<void>
  /** `demand(operation.needs(args))`, then runs it. The only door that GraphQL resolvers use. */
  call<A, R>(operation: Operation<A, R>, args: A): Promise<R>
}
