/**
 * The one error that domain, kube and context code throw. Each face renders it: REST as text, Status JSON or
 * OAuth JSON; GraphQL as `extensions.code`. Reasons are Kubernetes' `metav1.StatusReason` plus a few of our own.
 */
export type Reason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Expired'
  | 'Gone'
  | 'Invalid'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'TooManyRequests'
  | 'InternalError'
  | 'NotImplemented'
  | 'ServiceUnavailable'
  | 'Timeout'
  | 'ClusterNotFound'
  | 'ClusterNotReady'
  | 'ClusterUnreachable'
  | 'SlowConsumer'
  | 'SchemaChanged'
  | 'Unknown'

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** `metav1.Status` as kube-apiserver writes it. */
export interface KubeStatus {
  kind?: 'Status'
  apiVersion?: 'v1'
  metadata?: Record<string, unknown>
  status?: string
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

export interface ApiErrorOptions {
  details?: StatusDetails | undefined
  cause?: unknown
  /** The Status that an upstream sent, kept word for word. */
  status?: KubeStatus | undefined
  /** The member cluster that it happened in. */
  cluster?: string | undefined
}

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: number
  readonly reason: Reason
  readonly details: StatusDetails | undefined
  readonly status: KubeStatus | undefined
  readonly cluster: string | undefined

  constructor(code: number, reason: Reason, message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.reason = reason
    this.details = options.details ?? options.status?.details
    this.status = options.status
    this.cluster = options.cluster
  }
}

const reasonByCode: Record<number, Reason> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  501: 'NotImplemented',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** The reason that goes with an HTTP status code; `Unknown` where there is none. */
export function reasonFor(code: number): Reason {
  return reasonByCode[code] ?? 'Unknown'
}

/** An ApiError out of a Status body that an upstream answered with HTTP status `code`. */
export function fromStatus(code: number, status: KubeStatus): ApiError {
  const reason = (status.reason as Reason | undefined) || reasonFor(code)
  return new ApiError(status.code ?? code, reason, status.message ?? `upstream answered ${code}`, {
    status,
  })
}

/** The same error with the member cluster that it happened in. */
export function inCluster(cluster: string, error: ApiError): ApiError {
  const { code, reason, message, status, details } = error
  return new ApiError(code, reason, message, { cause: error, status, details, cluster })
}

/** A member cluster that gave no answer. What `error` says of it holds its address, and is left out. */
export function clusterUnreachable(cluster: string, error: ApiError): ApiError {
  const message = `cluster ${cluster} cannot be reached`
  const rest = { cause: error, details: error.details, cluster }
  return new ApiError(503, 'ClusterUnreachable', message, rest)
}

/** `<resource>[.<group>] "<name>" not found`, 404. Cached reads pass the Kind as `resource`, live reads the plural. */
export function notFound(group: string, resource: string, name: string): ApiError {
  const what = group ? `${resource}.${group}` : resource
  return new ApiError(404, 'NotFound', `${what} "${name}" not found`, {
    details: { name, group, kind: resource },
  })
}

export function alreadyExists(group: string, resource: string, name: string): ApiError {
  const what = group ? `${resource}.${group}` : resource
  return new ApiError(409, 'AlreadyExists', `${what} "${name}" already exists`, {
    details: { name, group, kind: resource },
  })
}

export function badRequest(message: string, cause?: unknown): ApiError {
  return new ApiError(400, 'BadRequest', message, { cause })
}

export function forbidden(message: string, details?: StatusDetails): ApiError {
  return new ApiError(403, 'Forbidden', message, { details })
}

export function unauthorized(message: string, cause?: unknown): ApiError {
  return new ApiError(401, 'Unauthorized', message, { cause })
}

export function unavailable(message: string, cause?: unknown): ApiError {
  return new ApiError(503, 'ServiceUnavailable', message, { cause })
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === 409 && error.reason !== 'AlreadyExists'
}

export function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'AlreadyExists'
}
