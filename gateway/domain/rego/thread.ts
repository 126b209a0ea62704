import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Evaluated } from './instance.ts'

/** Milliseconds for a thread to start. */
const START_MS = 30_000
const ENDED = 'the thread of the evaluator has ended'

export type Question = { readonly id: number; readonly forget: readonly number[] } & (
  | { readonly ask: 'prepare'; readonly query: string; readonly text: string }
  | { readonly ask: 'evaluate'; readonly inputs: readonly string[] }
)

export interface Answer {
  readonly error?: string | undefined
  readonly results?: readonly Evaluated[]
}

/** A question was not answered in its time. */
export class Overtime extends Error {}

/** A worker thread with an evaluator in it. After an error it is ended and of no more use. */
export interface Thread extends AsyncDisposable {
  /** One question at a time. Throws `Overtime` after `ms` milliseconds, and the error that ended the thread. */
  ask(question: Question, ms: number): Promise<Answer>
}

/**
 * Starts a thread. It keeps the process alive only while a question is open. JavaScript's own heap is bounded here; the
 * memory of the module has its end in itself.
 */
export async function startThread(module: WebAssembly.Module): Promise<Thread> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: module,
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 },
    env: {},
    stdin: false,
  })
  let ended = false
  worker.once('exit', () => (ended = true))
  // Whoever waits hears of an error too; between two questions nobody does.
  worker.on('error', () => {})
  const next = async (ms: number): Promise<unknown> => {
    if (ended) throw new Error(ENDED)
    const ends = new AbortController()
    const timer = setTimeout(() => ends.abort(new Overtime(`no answer within ${ms} ms`)), ms)
    const exit = () => ends.abort(new Error(ENDED))
    worker.once('exit', exit)
    worker.ref()
    try {
      const [message] = (await once(worker, 'message', { signal: ends.signal })) as [unknown]
      return message
    } catch (error) {
      const reason: unknown = ends.signal.aborted ? ends.signal.reason : error
      await worker.terminate()
      throw reason
    } finally {
      clearTimeout(timer)
      worker.off('exit', exit)
      worker.unref()
    }
  }
  await next(START_MS)
  return {
    ask(question, ms) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      worker.postMessage(question)
      return next(ms) as Promise<Answer>
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
