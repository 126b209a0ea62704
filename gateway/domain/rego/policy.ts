import type { Logger } from 'pino'
import { Overtime } from '../../lib/thread.ts'
import type { Metrics } from '../../telemetry/index.ts'
import { BrokenPolicy, Refused, type Evaluator } from './evaluator.ts'
import type { Evaluated } from './instance.ts'
import type { Limits, Policy, PolicySource } from './types.ts'

interface Tools {
  readonly evaluator: Evaluator
  readonly limits: Limits
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'regoEvaluated'>
  readonly now: () => number
}

/** What a question came to, as the metric counts it. */
type Outcome = Parameters<Metrics['regoEvaluated']>[1]

/**
 * A policy with its memory of failures: one that does not compile is not tried again, one that ran over its time or
 * broke the evaluator is left out for a while, longer each time in a row. The first failure is logged.
 */
export function createPolicy(source: PolicySource, tools: Tools): Policy {
  const { evaluator, limits, log, metrics, now } = tools
  const { use, name } = source
  let broken = source.text.length > limits.text
  let pausedUntil = 0
  let pauses = 0
  let told = false

  const count = (outcome: Outcome, by: number) => {
    if (by > 0) metrics.regoEvaluated(use, outcome, by)
  }
  const tell = (error: string) => {
    if (!told) log.warn({ policy: name, use, error }, 'a Rego policy failed: counts as no')
    told = true
  }

  const serves = () => !broken && now() >= pausedUntil

  function failed(error: unknown, questions: number): void {
    tell(error instanceof Error ? error.message : String(error))
    if (error instanceof BrokenPolicy) {
      broken = true
      return count('error', questions)
    }
    if (error instanceof Refused) return count('refused', questions)
    pausedUntil = now() + Math.min(limits.pauseMs * 2 ** pauses++, limits.longestPauseMs)
    return count(error instanceof Overtime ? 'timeout' : 'error', questions)
  }

  function answers(results: readonly Evaluated[]): boolean[] {
    pauses = 0
    for (const { error } of results) if (error !== undefined) tell(error)
    for (const outcome of ['true', 'false', 'error'] as const) {
      count(outcome, results.filter((result) => outcomeOf(result) === outcome).length)
    }
    return results.map(({ holds }) => holds === true)
  }

  async function chunk(inputs: readonly string[]): Promise<boolean[]> {
    const no = inputs.map(() => false)
    if (broken) {
      tell('the policy is too long')
      count('error', inputs.length)
      return no
    }
    if (!serves()) {
      count('refused', inputs.length)
      return no
    }
    try {
      return answers(await evaluator.evaluate(source, inputs, serves))
    } catch (error) {
      failed(error, inputs.length)
      return no
    }
  }

  return {
    async holds(inputs, signal) {
      const found = inputs.map(() => false)
      const fitting = [...inputs.keys()].filter(
        (at) => (inputs[at] as string).length <= limits.input,
      )
      if (fitting.length < inputs.length) tell('the input is too long')
      count('refused', inputs.length - fitting.length)
      for (let from = 0; from < fitting.length; from += limits.chunk) {
        signal?.throwIfAborted()
        const part = fitting.slice(from, from + limits.chunk)
        const held = await chunk(part.map((at) => inputs[at] as string))
        for (const [index, at] of part.entries()) found[at] = held[index] === true
      }
      return found
    },
  }
}

function outcomeOf({ holds }: Evaluated): Outcome {
  return holds === undefined ? 'error' : holds ? 'true' : 'false'
}
