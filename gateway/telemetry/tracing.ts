import type { Logger } from 'pino'
import type { Config } from '../config/index.ts'
import type { Metrics } from './metrics.ts'
import type { RequestId } from './request-id.ts'
import { RequestScope } from './request-scope.ts'
import type { Span, SpanAttributes } from './span.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What is to be followed from now on. */
export interface Begun {
  readonly id: RequestId
  /** What it is, until more is known. */
  readonly name: string
  readonly attributes?: SpanAttributes
  /** Of the request, which may belong to a trace of its caller. */
  readonly headers?: Headers | undefined
  /** Whether the caller decides what is traced. Default: it may wish. */
  readonly trusted?: boolean
  /** The trace that it came from without being part of it. */
  readonly cause?: Span | undefined
}

/** Follows requests by their id and, where that is configured, by traces. */
export interface Tracing extends AsyncDisposable {
  /** Whether there may be a trace. */
  readonly on: boolean
  begin(of: Begun): RequestScope
}

export interface TracingOptions {
  readonly config: Config['facade']['tracing']
  readonly metrics: Pick<Metrics, 'traceSpans'>
  readonly log: Logger
}

/** Requests with ids and without traces. */
export const untraced: Tracing = {
  on: false,
  begin: ({ id }) => new RequestScope(id),
  async [Symbol.asyncDispose]() {},
}

/**
 * Traces to the collector that is configured, none without one; OpenTelemetry is loaded only for it. Disposal sends what is
 * left, for two seconds at most.
 */
export async function createTracing(options: TracingOptions): Promise<Tracing> {
  if (!options.config.endpoint) return untraced
  const { openTelemetry } = await import('./open-telemetry.ts')
  return openTelemetry(options)
}
