/** Logs, metrics and traces of the process. */
export { createLogger, loggableUrl } from './logger.ts'
export type { LoggerOptions } from './logger.ts'
export { createMetrics } from './metrics.ts'
export type {
  CacheSample,
  MetricDescription,
  Metrics,
  MetricSamples,
  RequestSample,
  SocketKind,
  UpstreamKind,
} from './metrics.ts'
export type { OperationSample } from './graphql-metrics.ts'
export { createProfiler } from './profiler.ts'
export type { ProfileKind, Profiler } from './profiler.ts'
export { requestIdOf } from './request-id.ts'
export {
  currentScope,
  currentSpan,
  inScope,
  ofThisRequest,
  outsideRequests,
  part,
  traced,
  tracedIfSlow,
} from './request-scope.ts'
export type { RequestScope } from './request-scope.ts'
export { resourceTemplate } from './resource-template.ts'
export type { Span, SpanAttributes } from './span.ts'
export { createTracing, untraced } from './tracing.ts'
export type { Tracing } from './tracing.ts'
export { asking, upstreamCall } from './upstream-call.ts'
