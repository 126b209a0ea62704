import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** One operation of the graph. */
export interface OperationSample {
  type: 'query' | 'mutation' | 'subscription' | 'none'
  /** `ok`, or the code of the first error. */
  code: string
  seconds: number
  /** Objects that it was allowed to read; absent where it was refused before that was known. */
  cost?: number | undefined
}

export interface GraphqlMetrics {
  operation(sample: OperationSample): void
  /** Counts the errors of answers, by code. */
  failed(code: string): void
  /** A schema with the kinds of the cluster, and how long it took to make. */
  schemaBuilt(hash: string, kinds: number, seconds: number): void
}

/** Codes that are counted by themselves; more would be somebody's invention. */
const mostCodes = 60

/** Series of the graph. Neither names of operations nor of users are labels: both are the clients' to make up. */
export function graphqlMetrics(registry: Registry): GraphqlMetrics {
  const registers = [registry]
  const operations = new Histogram({
    name: 'ks_facade_graphql_operation_seconds',
    help: 'Seconds that operations of the graph took, by type and by the code of their first error.',
    labelNames: ['type', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  })
  const cost = new Histogram({
    name: 'ks_facade_graphql_operation_cost',
    help: 'Objects that operations of the graph were allowed to read.',
    labelNames: ['type'],
    buckets: [1, 10, 50, 100, 500, 1000, 5000, 10_000],
    registers,
  })
  const errors = new Counter({
    name: 'ks_facade_graphql_errors_total',
    help: 'Errors in answers of the graph, by code.',
    labelNames: ['code'],
    registers,
  })
  const builds = new Histogram({
    name: 'ks_facade_graphql_schema_build_seconds',
    help: 'Seconds from a change of the kinds to a schema that has them.',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const info = new Gauge({
    name: 'ks_facade_graphql_schema_info',
    help: 'Kinds with types in the graph, by the hash that replicas of one cluster agree on.',
    labelNames: ['hash'],
    registers,
  })
  const codes = new Set<string>()
  const known = (code: string): string => {
    if (codes.size < mostCodes) codes.add(code)
    return codes.has(code) ? code : 'other'
  }
  return {
    operation({ type, code, seconds, cost: objects }) {
      operations.observe({ type, code: known(code) }, seconds)
      if (objects !== undefined) cost.observe({ type }, objects)
    },
    failed: (code) => errors.inc({ code: known(code) }),
    schemaBuilt(hash, kinds, seconds) {
      builds.observe(seconds)
      info.reset()
      info.set({ hash: hash.slice(0, 12) }, kinds)
    },
  }
}
