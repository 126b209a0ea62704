import { monitorEventLoopDelay } from 'node:perf_hooks'
import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client'
import { graphqlMetrics, type GraphqlMetrics } from './graphql-metrics.ts'
import { createLabelBudget } from './label-budget.ts'
import { watchMetrics, type WatchSample } from './watch-metrics.ts'

/** One watch cache as a gauge shows it. */
export interface CacheSample {
  group: string
  version: string
  resource: string
  objects: number
  lagMs: number
  relists: number
}

export interface RequestSample {
  verb: string
  group: string
  version: string
  resource: string
  code: number
  seconds: number
}

export type UpstreamKind = 'kube' | 'member' | 'apiservice' | 'reverseproxy' | 'jsbundle'
type RegoResult = 'true' | 'false' | 'error' | 'timeout' | 'refused'
export type SpanFate = 'exported' | 'failed' | 'overflow'
type AuditResult = 'delivered' | 'failed' | 'overflow'
const GRAPH_EXTENSION_STATES = ['JOINED', 'UNREACHABLE', 'REFUSED'] as const
type GraphExtensionState = (typeof GRAPH_EXTENSION_STATES)[number]
export type SocketKind = 'http' | 'upgrade' | 'graphql' | 'event-stream'

export interface Metrics extends Disposable {
  /** `ks_server_request_*` (pipeline.md §19). Left out by the caller where the API group is empty. */
  observeRequest(sample: RequestSample): void
  /** Seconds until the upstream's response headers (or the failure, code 0). */
  observeUpstream(kind: UpstreamKind, code: number, seconds: number): void
  /** Counts a socket as open until the returned function is called (once or more). */
  socketOpened(kind: SocketKind): () => void
  /** Counts a GraphQL subscription, by its field, until the returned function is called (once or more). */
  subscriptionStarted(field: string): () => void
  tokenLookup(hit: boolean): void
  /** Counts audit events by what became of them: `overflow` of sink `queue` never reached a sink. */
  auditEvents(sink: string, result: AuditResult, count: number): void
  /** Counts spans by what became of them: `overflow` were never sent. */
  traceSpans(fate: SpanFate, count: number): void
  /** Counts questions to Rego policies that OPA evaluates, by what came of them. */
  regoEvaluated(use: 'access' | 'filter', result: RegoResult, count: number): void
  /** What became of the extensions that announce a graph. */
  graphExtensions(states: readonly GraphExtensionState[]): void
  /** Counts a request that was answered 429 since its caller had too many in flight. */
  requestShed(work: 'request' | 'stream'): void
  readonly graphql: GraphqlMetrics
  /** Where the cache gauges read from, at each scrape. Returns the function that ends it. */
  watchCaches(read: () => readonly CacheSample[]): () => void
  /** Where the gauges of subscribers read from, at each scrape. Returns the function that ends it. */
  watchSubscribers(read: () => WatchSample): () => void
  /** What this thread has counted, for the one that answers for all. */
  samples(): Promise<MetricSamples>
  /** Adds what other threads have counted to what is exposed. Returns the function that ends it. */
  countedBeside(read: () => Promise<readonly MetricSamples[]>): () => void
  /** The exposition in text format 0.0.4. */
  render(): Promise<{ contentType: string; body: string }>
  /** Name, type, help and label names of everything exposed; docs/metrics.md is held against it. */
  describe(): Promise<MetricDescription[]>
}

/** Counters and histograms as prom-client has them. */
export type MetricSamples = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

export interface MetricDescription {
  name: string
  type: string
  help: string
}

const REQUEST_LABELS = ['verb', 'group', 'version', 'resource'] as const

/** pipeline.md §19, seconds. */
const REQUEST_BUCKETS = [
  0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
]

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'

/** One registry with the original's series, Node's own, and ours under `ks_facade_`. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'ks_server_request_total',
    help: '[ALPHA] Counter of ks_server requests broken out for each verb, group, version, resource and HTTP response code.',
    labelNames: [...REQUEST_LABELS, 'code'],
    registers,
  })
  const durations = new Histogram({
    name: 'ks_server_request_duration_seconds',
    help: '[ALPHA] Response latency distribution in seconds for each verb, group, version, resource',
    labelNames: [...REQUEST_LABELS],
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const upstream = new Histogram({
    name: 'ks_facade_upstream_duration_seconds',
    help: 'Seconds until an upstream sent its response headers, by kind of upstream and status class.',
    labelNames: ['upstream', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const sockets = new Gauge({
    name: 'ks_facade_open_sockets',
    help: 'Client connections open now, by kind.',
    labelNames: ['kind'],
    registers,
  })
  const subscriptions = new Gauge({
    name: 'ks_facade_graphql_subscriptions',
    help: 'GraphQL subscriptions that run now, by field.',
    labelNames: ['field'],
    registers,
  })
  const tokens = new Counter({
    name: 'ks_facade_token_cache_lookups_total',
    help: 'Bearer tokens looked up in the token cache, by result.',
    labelNames: ['result'],
    registers,
  })
  const audited = new Counter({
    name: 'ks_facade_audit_events_total',
    help: 'Audit events by sink and what became of them.',
    labelNames: ['sink', 'result'],
    registers,
  })
  const spans = new Counter({
    name: 'ks_facade_trace_spans_total',
    help: 'Spans of traces by what became of them.',
    labelNames: ['result'],
    registers,
  })
  const rego = new Counter({
    name: 'ks_facade_rego_evaluations_total',
    help: 'Questions to Rego policies that OPA evaluates, by use (access, filter) and result.',
    labelNames: ['use', 'result'],
    registers,
  })
  const shed = new Counter({
    name: 'ks_facade_shed_requests_total',
    help: 'Requests answered 429 since their caller had too many in flight, by kind of work.',
    labelNames: ['work'],
    registers,
  })
  const extensions = new Gauge({
    name: 'ks_facade_graph_extensions',
    help: 'Extensions that announce a graph, by what became of them.',
    labelNames: ['state'],
    registers,
  })
  const beside = new Set<() => Promise<readonly MetricSamples[]>>()
  const caches = new Set<() => readonly CacheSample[]>()
  cacheGauges(registry, () => [...caches].flatMap((read) => [...read()]))
  const delay = eventLoopGauge(registry)
  const admit = createLabelBudget({ unproven: 200, total: 5000 })

  return {
    observeRequest({ verb, group, version, resource, code, seconds }) {
      const labels = { verb, ...admit({ group, version, resource }, code < 400) }
      requests.inc({ ...labels, code: String(code) })
      durations.observe(labels, seconds)
    },
    observeUpstream(kind, code, seconds) {
      const status = code === 0 ? 'error' : `${Math.floor(code / 100)}xx`
      upstream.observe({ upstream: kind, code: status }, seconds)
    },
    socketOpened: (kind) => held(sockets, { kind }),
    subscriptionStarted: (field) => held(subscriptions, { field }),
    tokenLookup(hit) {
      tokens.inc({ result: hit ? 'hit' : 'miss' })
    },
    auditEvents(sink, result, count) {
      audited.inc({ sink, result }, count)
    },
    traceSpans(result, count) {
      spans.inc({ result }, count)
    },
    graphExtensions(states) {
      for (const state of GRAPH_EXTENSION_STATES) {
        extensions.set({ state }, states.filter((one) => one === state).length)
      }
    },
    regoEvaluated(use, result, count) {
      rego.inc({ use, result }, count)
    },
    requestShed(work) {
      shed.inc({ work })
    },
    graphql: graphqlMetrics(registry),
    watchCaches(read) {
      caches.add(read)
      return () => void caches.delete(read)
    },
    watchSubscribers: watchMetrics(registry),
    samples: () => ownCounts(registry),
    countedBeside(read) {
      beside.add(read)
      return () => void beside.delete(read)
    },
    async render() {
      const others = (await Promise.all([...beside].map((read) => read()))).flat()
      return { contentType: CONTENT_TYPE, body: await exposition(registry, others) }
    },
    async describe() {
      const metrics = await registry.getMetricsAsJSON()
      return metrics.map(({ name, type, help }) => ({ name, type: String(type), help }))
    },
    [Symbol.dispose]() {
      delay.disable()
      registry.clear()
    },
  }
}

/** What grows with each request; the state of a thread is not added up. */
async function ownCounts(registry: Registry): Promise<MetricSamples> {
  const all = await registry.getMetricsAsJSON()
  return all.filter(
    ({ name, type }) => name.startsWith('ks_') && ['counter', 'histogram'].includes(String(type)),
  )
}

/** The exposition of `own` with what others have counted added up. */
async function exposition(own: Registry, others: readonly MetricSamples[]): Promise<string> {
  if (others.length === 0) return own.metrics()
  const names = new Set(others.flatMap((samples) => samples.map(({ name }) => name)))
  const mine = await own.getMetricsAsJSON()
  const counted = mine.filter(({ name }) => names.has(name))
  const sums = AggregatorRegistry.aggregate([counted, ...others])
  const texts = mine.map(({ name }) => (names.has(name) ? sums : own).getSingleMetricAsString(name))
  return `${(await Promise.all(texts)).join('\n\n')}\n`
}

/** Counts one more until the returned function is called. */
function held<L extends string>(gauge: Gauge<L>, labels: Record<L, string>): () => void {
  gauge.inc(labels)
  let counted = true
  return () => {
    if (counted) gauge.dec(labels)
    counted = false
  }
}

function cacheGauges(registry: Registry, read: () => CacheSample[]): void {
  const labelNames = ['group', 'version', 'resource']
  const gauge = (name: string, help: string, value: (sample: CacheSample) => number): void => {
    const made = new Gauge({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset()
        for (const sample of read()) {
          const { group, version, resource } = sample
          this.set({ group, version, resource }, value(sample))
        }
      },
    })
    registry.registerMetric(made)
  }
  gauge('ks_facade_cache_objects', 'Objects in a watch cache.', (sample) => sample.objects)
  gauge(
    'ks_facade_cache_lag_seconds',
    'Seconds since the last event, bookmark or list of a watch cache.',
    (sample) => sample.lagMs / 1000,
  )
  gauge(
    'ks_facade_cache_relists',
    'How often a watch cache had to list again.',
    (sample) => sample.relists,
  )
}

function eventLoopGauge(registry: Registry): { disable(): void } {
  const histogram = monitorEventLoopDelay({ resolution: 20 })
  histogram.enable()
  const gauge = new Gauge({
    name: 'ks_facade_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last scrape, by quantile.',
    labelNames: ['quantile'],
    registers: [],
    collect() {
      for (const quantile of [0.5, 0.9, 0.99]) {
        const nanoseconds = histogram.percentile(quantile * 100)
        this.set(
          { quantile: String(quantile) },
          Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0,
        )
      }
      histogram.reset()
    },
  })
  registry.registerMetric(gauge)
  return { disable: () => void histogram.disable() }
}
