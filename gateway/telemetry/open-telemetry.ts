import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span as ApiSpan,
  type Tracer,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { RequestScope } from './request-scope.ts'
import { createSampler, type CallersTrace } from './sampler.ts'
import { errorType, type Span, type SpanAttributes, type SpanOptions } from './span.ts'
import { spanQueue } from './span-queue.ts'
import type { Begun, Tracing, TracingOptions } from './tracing.ts'

/** Spans of one trace here, and of one name where work is `sparse`. */
const MOST_SPANS = 500
const MOST_OF_A_NAME = 20

/** Attempts and pauses of one export together. */
const EXPORT_MS = 3000

const propagator = new W3CTraceContextPropagator()

/** What a trace still has room for. */
interface Room {
  left: number
  readonly names: Map<string, number>
}

function takes(room: Room, name: string, sparse: boolean): boolean {
  if (room.left === 0) return false
  if (sparse) {
    const before = room.names.get(name) ?? 0
    if (before === MOST_OF_A_NAME) return false
    room.names.set(name, before + 1)
  }
  room.left--
  return true
}

function spanOf(tracer: Tracer, own: ApiSpan, context: Context, room: Room): Span {
  return {
    traceId: own.spanContext().traceId,
    child(name, { kind, attributes, sparse = false }: SpanOptions = {}) {
      if (!takes(room, name, sparse)) return undefined
      const of = { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL }
      const made = tracer.startSpan(name, of, context)
      if (attributes) made.setAttributes(present(attributes))
      return spanOf(tracer, made, trace.setSpan(context, made), room)
    },
    routed(method, route) {
      own.updateName(`${method} ${route}`)
      own.setAttribute('http.route', route)
    },
    answered(status) {
      own.setAttribute('http.response.status_code', status)
      if (status >= 500) this.fail(status)
    },
    set: (attributes) => void own.setAttributes(present(attributes)),
    fail(error) {
      own.setStatus({ code: SpanStatusCode.ERROR })
      own.setAttribute('error.type', errorType(error))
    },
    end() {
      // The whole tells what it left out, and ends last.
      if (room.left === 0) own.setAttribute('ks_facade.full', true)
      own.end()
    },
    headers() {
      const headers: Record<string, string> = {}
      propagator.inject(context, headers, { set: (all, name, value) => (all[name] = value) })
      return headers
    },
  }
}

function present(attributes: SpanAttributes): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number | boolean] => {
      return entry[1] !== undefined
    }),
  )
}

/** The trace that the caller of a request is in. */
function callersContext(headers: Begun['headers']): Context {
  return propagator.extract(ROOT_CONTEXT, headers ?? {}, {
    get: (all, name) => (all as NonNullable<Begun['headers']>)[name],
    keys: Object.keys,
  })
}

function callersTrace(context: Context): CallersTrace {
  const caller = trace.getSpanContext(context)
  if (!caller) return 'none'
  return caller.traceFlags & TraceFlags.SAMPLED ? 'recorded' : 'skipped'
}

/** `/v1/traces` of a collector that is named by its origin; any other address as it is. */
function addressOf(endpoint: string): string {
  const url = new URL(endpoint)
  if (url.pathname === '/') url.pathname = '/v1/traces'
  return url.href
}

/** Traces by OTLP over HTTP, in JSON. Nothing is registered with the API of OpenTelemetry, so that two of these may be in a process. */
export function openTelemetry({ config, metrics, log }: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: addressOf(config.endpoint),
    // Absent ones leave it to OTEL_EXPORTER_OTLP_HEADERS.
    ...(Object.keys(config.headers).length > 0 ? { headers: textsOf(config.headers) } : {}),
    timeoutMillis: EXPORT_MS,
    keepAlive: false,
  })
  const queue = spanQueue({
    exporter,
    count: (fate, spans) => metrics.traceSpans(fate, spans),
    changed: (error) =>
      error
        ? log.warn({ reason: error.message }, 'traces: the collector does not take them')
        : log.info('traces: the collector takes them again'),
  })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': config.serviceName }),
    spanProcessors: [queue],
    spanLimits: { attributeValueLengthLimit: 256, attributeCountLimit: 32, linkCountLimit: 4 },
  })
  const tracer = provider.getTracer('ks-facade')
  const samples = createSampler({ share: config.sampleRatio })
  return {
    on: true,
    begin({ id, name, attributes = {}, headers, trusted = false, cause }) {
      const from = callersContext(headers)
      // What comes of a request that is traced counts as one whose caller records it.
      if (!samples(cause ? 'recorded' : callersTrace(from), trusted)) return new RequestScope(id)
      const parent = trace.getSpanContext(callersContext(cause?.headers()))
      const root = tracer.startSpan(
        name,
        {
          kind: SpanKind.SERVER,
          attributes: { ...present(attributes), 'ks_facade.request_id': id.id },
          links: parent ? [{ context: parent }] : [],
        },
        from,
      )
      const room: Room = { left: MOST_SPANS, names: new Map() }
      return new RequestScope(id, spanOf(tracer, root, trace.setSpan(from, root), room))
    },
    [Symbol.asyncDispose]: () => provider.shutdown(),
  }
}

function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
