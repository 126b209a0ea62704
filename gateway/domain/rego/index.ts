import type { Logger } from 'pino'
import type { Metrics } from '../../telemetry/index.ts'
import { loadEvaluator } from './artifact.ts'
import { createEvaluator } from './evaluator.ts'
import { createPolicy } from './policy.ts'
import type { Limits, Rego } from './types.ts'

export type { Limits, Policy, PolicySource, Rego } from './types.ts'

export interface RegoOptions {
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'regoEvaluated'>
  readonly limits?: Partial<Limits>
  /** Epoch milliseconds. */
  readonly now?: () => number
}

const LIMITS: Limits = {
  evaluateMs: 1000,
  prepareMs: 5000,
  waitMs: 10_000,
  chunk: 20,
  waiting: 1000,
  text: 256 * 1024,
  input: 2 * 1024 * 1024,
  prepared: 200,
  preparedText: 1024 * 1024,
  pauseMs: 10_000,
  longestPauseMs: 10 * 60_000,
}

/** One per process. Nothing is loaded before the first question. */
export function createRego({ log, metrics, now = Date.now, ...options }: RegoOptions): Rego {
  const limits = { ...LIMITS, ...options.limits }
  const evaluator = createEvaluator(loadEvaluator, limits)
  return {
    policy: (source) => createPolicy(source, { evaluator, limits, log, metrics, now }),
    [Symbol.asyncDispose]: () => evaluator[Symbol.asyncDispose](),
  }
}
