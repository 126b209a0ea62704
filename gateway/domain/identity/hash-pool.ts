import { Worker } from 'node:worker_threads'
import { createLimiter } from './limiter.ts'

/** What a worker is asked. */
export type HashJob =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  | { readonly kind: 'verify'; readonly password: string; readonly stored: string }

/** What it answers: a hash, or whether a password is right. */
export type HashAnswer = { readonly value: string | boolean } | { readonly error: string }

export interface HashPoolOptions {
  /** Threads, and so jobs at a time. */
  readonly width: number
  /** Jobs that wait at most. */
  readonly depth: number
}

export interface HashPool extends AsyncDisposable {
  /** Throws ApiError 503 when too many wait, the signal's reason when it aborts before the work has begun. */
  run(job: HashJob, signal?: AbortSignal): Promise<string | boolean>
}

/**
 * Threads of their own for bcrypt, made when they are first needed: neither the event loop nor libuv's threads, which
 * files, names and signatures wait for, are held up by it. Idle ones keep no process alive.
 */
export function createHashPool({ width, depth }: HashPoolOptions): HashPool {
  const limited = createLimiter(width, depth)
  const idle: Worker[] = []
  const all = new Set<Worker>()

  function take(): Worker {
    const known = idle.pop()
    if (known) return known
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url))
    all.add(worker)
    return worker
  }

  return {
    run: (job, signal) =>
      limited(async () => {
        const worker = take()
        const answer = await asked(worker, job).catch((error: unknown) => {
          all.delete(worker)
          throw error
        })
        idle.push(worker)
        if ('error' in answer) throw new Error(`bcrypt: ${answer.error}`)
        return answer.value
      }, signal),
    async [Symbol.asyncDispose]() {
      await Promise.all([...all].map((worker) => worker.terminate()))
      all.clear()
      idle.length = 0
    },
  }
}

/** Rejects when the thread ends instead of answering. */
function asked(worker: Worker, job: HashJob): Promise<HashAnswer> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      worker.unref()
      settle()
    }
    const onMessage = (answer: HashAnswer) => done(() => resolve(answer))
    const onError = (error: Error) => done(() => reject(error))
    const onExit = () => done(() => reject(new Error('a thread for passwords has ended')))
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.ref()
    worker.postMessage(job, [])
  })
}
