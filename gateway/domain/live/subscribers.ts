import { unauthorized } from '../../lib/errors.ts'
import type { AccessChanges } from '../access/index.ts'
import type { Part } from './part.ts'
import type { Pulse } from './pulse.ts'
import type { Subscription } from './subscription.ts'
import { SlowConsumer, type WatchScope } from './types.ts'

export type Subscriber = Subscription | Pulse

export type OnClose = (error: Error | undefined) => void

/** How those who are subscribed keep up. */
export interface Pressure {
  readonly subscribers: number
  /** Events that wait for slow subscribers. */
  readonly queued: number
  /** Events that went into one that was waiting. */
  readonly coalesced: number
  /** Subscriptions that ended because they were too slow. */
  readonly slow: number
}

/** Those who are subscribed: each ends with its signal, its rights or its account. */
export class Subscribers implements Disposable {
  readonly #access: AccessChanges
  readonly #all = new Set<Subscriber>()
  #coalesced = 0
  #slow = 0

  constructor(access: AccessChanges) {
    this.#access = access
  }

  get pressure(): Pressure {
    let [queued, coalesced] = [0, this.#coalesced]
    for (const { pressure } of this.#all) {
      queued += pressure.queued
      coalesced += pressure.coalesced
    }
    return { subscribers: this.#all.size, queued, coalesced, slow: this.#slow }
  }

  /**
   * One more. `open` opens its parts, rights judged; `make` makes it of them. Rights are followed from before `open` on,
   * so that no judgement is out of date unnoticed. What was opened is released when it ends, or when this throws.
   */
  async add<S extends Subscriber>(
    scope: WatchScope,
    open: () => Promise<readonly Part[]>,
    make: (parts: readonly Part[], onClose: OnClose) => S,
  ): Promise<S> {
    const { signal } = scope
    signal.throwIfAborted()
    let made: S | undefined
    let changed = false
    const judge = this.#judge(scope, () => made)
    const unfollow = await this.#access.follow(() => {
      changed = true
      if (made) judge()
    })
    let parts: readonly Part[] = []
    const release = (): void => {
      unfollow()
      for (const part of parts) part.release()
    }
    try {
      parts = await open()
      signal.throwIfAborted()
      const abort = (): void => made?.close()
      made = make(parts, (error) => {
        release()
        signal.removeEventListener('abort', abort)
        if (made) this.#left(made, error)
      })
      signal.addEventListener('abort', abort, { once: true })
      this.#all.add(made)
      if (changed) judge()
      return made
    } catch (error) {
      release()
      throw error
    }
  }

  /** Judges anew, one judgement at a time, until nothing changed in the meantime. */
  #judge({ user }: WatchScope, of: () => Subscriber | undefined): () => void {
    let again = false
    let running = false
    const run = async (): Promise<void> => {
      again = true
      if (running) return
      running = true
      try {
        while (again) {
          again = false
          const ended = this.#access.ended(user.name)
          if (ended) throw unauthorized(`the account was ${ended}`)
          await of()?.renew()
        }
      } catch (error) {
        of()?.fail(error instanceof Error ? error : new Error(String(error)))
      } finally {
        running = false
      }
    }
    return () => void run()
  }

  #left(subscriber: Subscriber, error: Error | undefined): void {
    this.#all.delete(subscriber)
    this.#coalesced += subscriber.pressure.coalesced
    if (error instanceof SlowConsumer) this.#slow++
  }

  [Symbol.dispose](): void {
    for (const subscriber of this.#all) subscriber.close()
  }
}
