/** What is known of a piece of work. Never tokens, passwords, values of queries, or bodies. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

export interface SpanOptions {
  /** `client` waits for another server. Default: `internal`. */
  readonly kind?: 'client' | 'internal'
  readonly attributes?: SpanAttributes
  /** Counted with others of this name, so that one kind of work does not use up what a trace has room for. */
  readonly sparse?: boolean
}

/** A piece of work in a trace. Names are few: texts of callers are in none. */
export interface Span {
  readonly traceId: string
  /** Undefined where the trace has no room for more. */
  child(name: string, options?: SpanOptions): Span | undefined
  /** Names the whole of a request by the form of its path. */
  routed(method: string, route: string): void
  /** The status of its answer. */
  answered(status: number): void
  set(attributes: SpanAttributes): void
  /** Marks it as failed, by the kind of error alone: messages may quote what callers sent. */
  fail(error: unknown): void
  end(): void
  /** `traceparent` and `tracestate` for whom this work waits for. */
  headers(): Record<string, string>
}

/** What an error is, without what it says: a status, a reason, a code or the name of its class. */
export function errorType(error: unknown): string {
  if (typeof error === 'number') return String(error)
  if (!(error instanceof Error)) return typeof error
  const { reason, code, name } = error as Error & { reason?: unknown; code?: unknown }
  if (typeof reason === 'string' && reason) return reason
  return typeof code === 'string' && code ? code : name
}
