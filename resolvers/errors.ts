import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { ApiError, type KubeStatus } from '../gateway/lib/errors.ts'

/** `extensions.code` of every error that is not Apollo's own: the graph's vocabulary. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'CONFLICT'
  | 'INVALID'
  | 'BAD_USER_INPUT'
  | 'CURSOR_MISMATCH'
  | 'CURSOR_EXPIRED'
  | 'UNSUPPORTED_IN_LIVE_MODE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'METHOD_NOT_SUPPORTED'
  | 'TOO_MANY_REQUESTS'
  | 'CLUSTER_NOT_FOUND'
  | 'CLUSTER_NOT_READY'
  | 'CLUSTER_UNREACHABLE'
  | 'DEADLINE_EXCEEDED'
  | 'TOKEN_LIMIT'
  | 'DEPTH_LIMIT'
  | 'ALIAS_LIMIT'
  | 'ROOT_FIELD_LIMIT'
  | 'DIRECTIVE_LIMIT'
  | 'COST_LIMIT'
  | 'BATCH_LIMIT'
  | 'UNTRUSTED_DOCUMENT'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'SCHEMA_CHANGED'
  | 'SLOW_CONSUMER'
  | 'UNAVAILABLE'
  | 'EXTENSION_ERROR'
  | 'INTERNAL_SERVER_ERROR'

const codeByReason: Partial<Record<string, ErrorCode>> = {
  Unauthorized: 'UNAUTHENTICATED',
  Forbidden: 'FORBIDDEN',
  NotFound: 'NOT_FOUND',
  MethodNotAllowed: 'METHOD_NOT_SUPPORTED',
  AlreadyExists: 'ALREADY_EXISTS',
  Conflict: 'CONFLICT',
  Expired: 'CURSOR_EXPIRED',
  Gone: 'CURSOR_EXPIRED',
  Invalid: 'INVALID',
  UnsupportedMediaType: 'UNSUPPORTED_MEDIA_TYPE',
  TooManyRequests: 'TOO_MANY_REQUESTS',
  ServiceUnavailable: 'UNAVAILABLE',
  Timeout: 'DEADLINE_EXCEEDED',
  ClusterNotFound: 'CLUSTER_NOT_FOUND',
  ClusterNotReady: 'CLUSTER_NOT_READY',
  ClusterUnreachable: 'CLUSTER_UNREACHABLE',
  SchemaChanged: 'SCHEMA_CHANGED',
  SlowConsumer: 'SLOW_CONSUMER',
}

const codeByStatus: Partial<Record<number, ErrorCode>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  406: 'UNSUPPORTED_MEDIA_TYPE',
  409: 'CONFLICT',
  410: 'CURSOR_EXPIRED',
  413: 'BAD_USER_INPUT',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'INVALID',
  429: 'TOO_MANY_REQUESTS',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** The code of an ApiError: by its reason, else by its HTTP status, else INTERNAL_SERVER_ERROR. */
export function codeOf(error: ApiError): ErrorCode {
  return codeByReason[error.reason] ?? codeByStatus[error.code] ?? 'INTERNAL_SERVER_ERROR'
}

/** What a Kubernetes client would have been told: reason, code and details, without metadata. */
function statusOf(error: ApiError): KubeStatus {
  const details = error.details
  return { reason: error.reason, code: error.code, ...(details ? { details } : {}) }
}

function causesOf(error: ApiError): { field?: string; message?: string; reason?: string }[] {
  return (error.details?.causes ?? []).map(({ field, message, reason }) => ({
    ...(field === undefined ? {} : { field }),
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
  }))
}

function extensionsOf(error: ApiError): Record<string, unknown> {
  const causes = causesOf(error)
  const retryAfter = error.details?.retryAfterSeconds
  return {
    code: codeOf(error),
    status: statusOf(error),
    ...(causes.length > 0 ? { causes } : {}),
    ...(error.cluster === undefined ? {} : { cluster: error.cluster }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

/** A mistake of the caller that no Kubernetes reason names. `http` is the status where nothing was executed. */
export function inputError(
  message: string,
  code: ErrorCode = 'BAD_USER_INPUT',
  http?: number,
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, ...(http === undefined ? {} : { http: { status: http } }) },
  })
}

/** The request-level form of an error from before execution: its own HTTP status where the table of codes has one. */
export function requestError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  if (!(error instanceof ApiError)) {
    return new GraphQLError(internalMessage, {
      originalError: error instanceof Error ? error : undefined,
      extensions: { code: 'INTERNAL_SERVER_ERROR', http: { status: 500 } },
    })
  }
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { ...extensionsOf(error), http: { status: error.code } },
  })
}

const internalMessage = 'internal server error'

/** The error that a resolver threw, out of the wrappings that execution put around it. */
function origin(error: unknown): unknown {
  let found = error
  while (found instanceof GraphQLError && found.originalError) found = found.originalError
  return found
}

/**
 * Renders one error of a response. ApiErrors get their code and Status; errors of graphql and Apollo stay; an internal
 * error keeps its message only if the API server wrote it. `report` gets every error whose message was replaced.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  report: (error: unknown) => void,
): GraphQLFormattedError {
  const cause = origin(error)
  if (cause instanceof ApiError) {
    const extensions = extensionsOf(cause)
    const hidden = extensions.code === 'INTERNAL_SERVER_ERROR' && cause.status === undefined
    if (extensions.code === 'INTERNAL_SERVER_ERROR') report(cause)
    return { ...formatted, message: hidden ? internalMessage : cause.message, extensions }
  }
  if (cause instanceof GraphQLError && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') {
    return formatted
  }
  report(cause)
  return { ...formatted, message: internalMessage, extensions: { code: 'INTERNAL_SERVER_ERROR' } }
}
