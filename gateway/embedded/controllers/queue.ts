export interface QueueOptions {
  /** How many keys are worked on at a time; one key never twice at once. */
  readonly width?: number
  /** First pause after a failure, in milliseconds; doubled each time. */
  readonly firstDelayMs?: number
  readonly lastDelayMs?: number
  /** In [0, 1); spreads retries. */
  readonly random?: () => number
  readonly onError?: (key: string, error: unknown, failures: number) => void
}

/** Reconciles one key; a number is the milliseconds after which to look again though nothing has changed. */
export type Work = (key: string, signal: AbortSignal) => Promise<number | void>

/** A key that failed this often no longer keeps `settled` waiting. */
const patience = 5
/** The longest timer that Node keeps. */
const longestTimer = 2 ** 31 - 1

function ignore(): void {}

interface Failing {
  failures: number
  timer: NodeJS.Timeout | undefined
}

/**
 * A work queue as controllers use it: keys are collapsed, worked on in the order they came, retried with growing and
 * jittered pauses, and never worked on twice at once. Disposing it aborts what runs and waits for it.
 */
export class WorkQueue implements AsyncDisposable {
  readonly #work: Work
  readonly #options: Required<Omit<QueueOptions, 'onError'>> & Pick<QueueOptions, 'onError'>
  readonly #ready = new Set<string>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #failing = new Map<string, Failing>()
  readonly #soon = new Map<string, NodeJS.Timeout>()
  readonly #later = new Map<string, NodeJS.Timeout>()
  readonly #abort = new AbortController()
  readonly #listeners = new Set<() => void>()

  constructor(work: Work, options: QueueOptions = {}) {
    this.#work = work
    this.#options = {
      width: 4,
      firstDelayMs: 100,
      lastDelayMs: 60_000,
      random: Math.random,
      ...options,
    }
  }

  /** Whether nothing waits or runs; timers of `addAfter` and of keys that keep failing do not count. */
  get idle(): boolean {
    if (this.#ready.size + this.#running.size + this.#soon.size > 0) return false
    return ![...this.#failing.values()].some(({ failures, timer }) => timer && failures <= patience)
  }

  add(key: string): void {
    if (this.#abort.signal.aborted) return
    clearTimeout(this.#later.get(key))
    this.#later.delete(key)
    clearTimeout(this.#soon.get(key))
    this.#soon.delete(key)
    this.#ready.add(key)
    this.#changed()
    this.#pump()
  }

  /** Adds `key` in `ms`, together with all that is added for it until then. */
  addSoon(key: string, ms: number): void {
    if (this.#abort.signal.aborted || this.#soon.has(key) || this.#ready.has(key)) return
    const timer = setTimeout(() => this.add(key), ms)
    timer.unref()
    this.#soon.set(key, timer)
    this.#changed()
  }

  /** Adds `key` after `ms`; an earlier `add` or a new `addAfter` takes its place. */
  addAfter(key: string, ms: number): void {
    if (this.#abort.signal.aborted) return
    clearTimeout(this.#later.get(key))
    const timer = setTimeout(() => this.add(key), Math.min(Math.max(ms, 0), longestTimer))
    timer.unref()
    this.#later.set(key, timer)
  }

  /** Does `job` as if `key` were worked on: after what runs for it, and nothing else for it meanwhile. */
  async run<T>(key: string, job: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let current = this.#running.get(key); current; current = this.#running.get(key)) {
      await current
    }
    this.#abort.signal.throwIfAborted()
    const result = job(this.#abort.signal)
    this.#track(key, result.then(ignore, ignore))
    return result
  }

  /** Called whenever a key comes in or is done; returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort()
    this.#ready.clear()
    for (const timer of [...this.#soon.values(), ...this.#later.values()]) clearTimeout(timer)
    for (const { timer } of this.#failing.values()) clearTimeout(timer)
    this.#soon.clear()
    this.#later.clear()
    this.#failing.clear()
    await Promise.all(this.#running.values())
  }

  #pump(): void {
    for (const key of this.#ready) {
      if (this.#running.size >= this.#options.width) return
      if (this.#running.has(key)) continue
      this.#ready.delete(key)
      this.#track(key, this.#once(key))
    }
  }

  #track(key: string, done: Promise<void>): void {
    const settled = done.finally(() => {
      this.#running.delete(key)
      this.#pump()
      this.#changed()
    })
    this.#running.set(key, settled)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  async #once(key: string): Promise<void> {
    clearTimeout(this.#failing.get(key)?.timer)
    try {
      const again = await this.#work(key, this.#abort.signal)
      this.#failing.delete(key)
      if (typeof again === 'number') this.addAfter(key, again)
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#retry(key, error)
    }
  }

  #retry(key: string, error: unknown): void {
    const failures = (this.#failing.get(key)?.failures ?? 0) + 1
    this.#options.onError?.(key, error, failures)
    const { firstDelayMs, lastDelayMs, random } = this.#options
    const pause = Math.min(firstDelayMs * 2 ** (failures - 1), lastDelayMs) * (0.5 + random() / 2)
    const timer = setTimeout(() => this.add(key), pause)
    timer.unref()
    this.#failing.set(key, { failures, timer })
  }
}
