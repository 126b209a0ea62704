import { Worker } from 'node:worker_threads'
import type { App } from '../../context/app.ts'
import type { TokenCache } from '../../domain/identity/index.ts'
import type { MetricSamples } from '../../telemetry/index.ts'
import type { AnswerCall } from './answers.ts'
import type { Answered, FrontData, FromFront, ToFront } from './messages.ts'
import { createPulse, followPulse } from './pulse.ts'

/** Milliseconds that a front gets to start, and to end its requests. */
const START_MS = 60_000
const END_MS = 8000
/** Milliseconds that a front gets for its share of the metrics. */
const METRICS_MS = 2000
/** Megabytes of heap of a front, whose caches are the owner's. */
const HEAP_MB = 512
/** And of the part of it for what is new: half of what V8 takes by itself, since what a front makes is soon over. */
const YOUNG_MB = 24

/** What the owner does for its fronts. */
export interface Owning {
  readonly app: App
  readonly tokens: TokenCache
  readonly answers: AnswerCall
}

/** A front, seen from the owner. */
export class Front {
  readonly #owning: Owning
  readonly #worker: Worker
  readonly #pulse = createPulse()
  readonly #samples = new Map<number, (samples: MetricSamples) => void>()
  readonly #listening = Promise.withResolvers<number>()
  #next = 0
  #answered: Answered[] = []
  /** Resolves with the exit code. */
  readonly ended: Promise<number>
  /** Where it listens; undefined before it does. */
  port: number | undefined

  /** Starts the thread. */
  constructor(owning: Owning, data: Omit<FrontData, 'pulse'>) {
    this.#owning = owning
    const { log } = owning.app
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      name: 'front',
      workerData: { ...data, pulse: this.#pulse } satisfies FrontData,
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.#worker = worker
    worker.on('error', (error) => log.error({ err: error }, 'a front has failed'))
    worker.on('message', (message: FromFront) => this.#hear(message))
    // Not by `once` of node:events, which an error would reject.
    this.ended = new Promise((resolve) => worker.once('exit', resolve))
    void this.ended.then((code) =>
      this.#listening.reject(new Error(`a front ended at its start, with ${code}`)),
    )
  }

  /** The port once it listens. Throws when it cannot, or not in time; its thread has ended then. */
  async listening(): Promise<number> {
    const late = setTimeout(() => {
      this.#listening.reject(new Error(`a front did not start within ${START_MS} ms`))
    }, START_MS)
    try {
      this.port = await this.#listening.promise
      this.#followPulse()
      return this.port
    } catch (error) {
      await this.#worker.terminate()
      throw error
    } finally {
      clearTimeout(late)
    }
  }

  /** One that hangs would keep its connections, and its part of the new ones, for ever. */
  #followPulse(): void {
    const following = followPulse(this.#pulse, () => {
      this.#owning.app.log.error('a front hangs and is ended')
      void this.#worker.terminate()
    })
    void this.ended.then(() => following[Symbol.dispose]())
  }

  /** What it has counted; nothing where it does not say so in time. */
  async samples(): Promise<MetricSamples> {
    const id = this.#next++
    const { promise, resolve } = Promise.withResolvers<MetricSamples>()
    this.#samples.set(id, resolve)
    const timer = setTimeout(() => resolve([]), METRICS_MS)
    this.#tell({ kind: 'metrics', id })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#samples.delete(id)
    }
  }

  /** Ends it, its requests first. */
  async end(): Promise<void> {
    this.#tell({ kind: 'close' })
    const timer = setTimeout(() => void this.#worker.terminate(), END_MS)
    await this.ended
    clearTimeout(timer)
  }

  #tell(message: ToFront, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, [...transfer])
  }

  #hear(message: FromFront): void {
    const { app, tokens, answers } = this.#owning
    if (message.kind === 'calls') {
      for (const { id, ...call } of message.calls) {
        answers(call).then(
          (answer) => this.#answer({ id, answer }),
          (error: unknown) => {
            app.log.error({ err: error, operation: call.operation }, 'a front got no answer')
            this.#answer({ id, error: 'the owner has no answer' })
          },
        )
      }
    } else if (message.kind === 'has') {
      const { id, username, token } = message
      void tokens.has(username, token).then((live) => this.#tell({ kind: 'has', id, live }))
    } else if (message.kind === 'audit') app.auditor?.record(message.facts)
    else if (message.kind === 'metrics') this.#samples.get(message.id)?.(message.samples)
    else if (message.kind === 'listening') this.#listening.resolve(message.port)
    else this.#listening.reject(new Error(message.message))
  }

  /** All that are ready in a turn go in one message; their bytes are handed over. */
  #answer(answered: Answered): void {
    if (this.#answered.push(answered) > 1) return
    setImmediate(() => {
      const answers = this.#answered
      this.#answered = []
      const bodies = answers.flatMap((one) => ('answer' in one ? [one.answer.body.buffer] : []))
      this.#tell({ kind: 'answers', answers }, bodies)
    })
  }
}
