import { once } from 'node:events'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Milliseconds for a thread to start. */
const START_MS = 30_000
const ENDED = 'the thread has ended'

/** A question was not answered in its time. */
export class Overtime extends Error {}

/** A worker thread that answers each message by one. After an error it is ended and of no more use. */
export interface Thread<Question, Answer> extends AsyncDisposable {
  /** One question at a time. Throws `Overtime` after `ms` milliseconds, and the error that ended the thread. */
  ask(question: Question, ms: number): Promise<Answer>
}

/**
 * Starts `file` in a thread, which says something once it is ready. The thread keeps the process alive only while a
 * question is open, and has no environment; `options` bound its heap.
 */
export async function startThread<Question, Answer>(
  file: URL,
  options: Pick<WorkerOptions, 'workerData' | 'resourceLimits'>,
): Promise<Thread<Question, Answer>> {
  const worker = new Worker(file, { ...options, env: {}, stdin: false })
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
