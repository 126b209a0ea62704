import { setImmediate } from 'node:timers/promises'
import { FairQueue } from './fair-queue.ts'
import type { Evaluated } from './instance.ts'
import { Prepared } from './prepared.ts'
import { startRegoThread, type RegoThread } from './thread.ts'
import type { Limits, PolicySource } from './types.ts'

const CLOSED = 'the evaluator is closed'

/** A policy that does not compile; it stays so. */
export class BrokenPolicy extends Error {}
/** The question was not taken up: too many wait, it waited too long, or the evaluator is closed. */
export class Refused extends Error {}

interface Question {
  readonly policy: PolicySource
  readonly inputs: readonly string[]
  readonly wanted: () => boolean
  readonly answer: PromiseWithResolvers<readonly Evaluated[]>
  /** Nobody waits for the answer any more. */
  expired: boolean
}

export interface Evaluator extends AsyncDisposable {
  /**
   * Throws `BrokenPolicy`, `Refused`, `Overtime` when the time is over, or what ended the thread. The thread is ended
   * with the last two and a new one takes the next question. `wanted` is asked when the turn has come: a question that
   * is not is refused.
   */
  evaluate(
    policy: PolicySource,
    inputs: readonly string[],
    wanted: () => boolean,
  ): Promise<readonly Evaluated[]>
}

/** Asks one thread one question at a time; policies take turns. `load` gives the module of the threads, once. */
export function createEvaluator(
  load: () => Promise<WebAssembly.Module>,
  limits: Limits,
): Evaluator {
  const queue = new FairQueue<PolicySource, Question>()
  let module: Promise<WebAssembly.Module> | undefined
  let running: { thread: RegoThread; prepared: Prepared<PolicySource> } | undefined
  let working = Promise.resolve()
  let busy = false
  let closed = false

  async function started() {
    if (running) return running
    const compiled = await (module ??= load().catch((error: unknown) => {
      module = undefined
      throw error
    }))
    const thread = await startRegoThread(compiled)
    if (closed) {
      await thread[Symbol.asyncDispose]()
      throw new Refused(CLOSED)
    }
    running = { thread, prepared: new Prepared(limits.prepared, limits.preparedText) }
    return running
  }

  async function ask({ policy, inputs }: Question): Promise<readonly Evaluated[]> {
    const { thread, prepared } = await started()
    try {
      let id = prepared.get(policy)
      if (id === undefined) {
        const { text, query } = policy
        const { id: fresh, gone } = prepared.add(policy, text.length)
        const question = { ask: 'prepare', id: fresh, query, text, forget: gone } as const
        const { error } = await thread.ask(question, limits.prepareMs)
        if (error !== undefined) {
          prepared.delete(policy)
          throw new BrokenPolicy(error)
        }
        id = fresh
      }
      const question = { ask: 'evaluate', id, inputs, forget: [] } as const
      return (await thread.ask(question, limits.evaluateMs)).results ?? []
    } catch (error) {
      if (!(error instanceof BrokenPolicy)) running = undefined
      throw error
    }
  }

  async function work(): Promise<void> {
    for (let question = queue.take(); question; question = queue.take()) {
      if (question.expired) continue
      try {
        if (closed) throw new Refused(CLOSED)
        if (!question.wanted()) throw new Refused('the policy failed meanwhile')
        question.answer.resolve(await ask(question))
      } catch (error) {
        question.answer.reject(error)
        // Whoever asked learns of it before the next question's `wanted`.
        await setImmediate()
      }
    }
    busy = false
  }

  return {
    evaluate(policy, inputs, wanted) {
      if (closed) return Promise.reject(new Refused(CLOSED))
      if (queue.size >= limits.waiting) {
        return Promise.reject(new Refused(`${limits.waiting} questions are waiting`))
      }
      const answer = Promise.withResolvers<readonly Evaluated[]>()
      const question: Question = { policy, inputs, wanted, answer, expired: false }
      const timer = setTimeout(() => {
        question.expired = true
        answer.reject(new Refused(`no answer within ${limits.waitMs} ms`))
      }, limits.waitMs)
      queue.add(policy, question)
      if (!busy) {
        busy = true
        working = work()
      }
      return answer.promise.finally(() => clearTimeout(timer))
    },
    async [Symbol.asyncDispose]() {
      closed = true
      const thread = running?.thread
      running = undefined
      await thread?.[Symbol.asyncDispose]()
      await working
    },
  }
}
