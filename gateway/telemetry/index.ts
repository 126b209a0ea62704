/** Logs and metrics of the process. */
export { createLogger, loggableUrl } from './logger.ts'
export type { LoggerOptions } from './logger.ts'
export { createMetrics } from './metrics.ts'
export type {
  CacheSample,
  MetricDescription,
  Metrics,
  RequestSample,
  SocketKind,
  UpstreamKind,
} from './metrics.ts'
export type { OperationSample } from './graphql-metrics.ts'
export { createProfiler } from './profiler.ts'
export type { ProfileKind, Profiler } from './profiler.ts'
