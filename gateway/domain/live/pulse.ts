import { Bell, type Part } from './part.ts'
import type { WatchEvent } from './types.ts'

export interface PulseOptions {
  readonly parts: readonly Part[]
  /** What the first and what the others are called. */
  readonly types: readonly [WatchEvent['type'], WatchEvent['type']]
  /** Milliseconds between two. */
  readonly everyMs: number
  readonly now: () => number
  /** Told once, when nothing more will come. */
  readonly onClose: (error: Error | undefined) => void
}

/** Tells that something changed, and not what: once at the start, then at most once in a while. */
export class Pulse implements AsyncIterableIterator<WatchEvent, undefined> {
  readonly #options: PulseOptions
  readonly #stops: readonly (() => void)[]
  readonly #bell = new Bell()
  #first = true
  #changed = true
  #notBefore = 0
  #error: Error | undefined
  #closed = false

  constructor(options: PulseOptions) {
    this.#options = options
    this.#stops = options.parts.map(({ feed, namespaces, access, wanted }) =>
      feed.listen(
        {
          hear: ({ entry, previous }) => {
            if (!access.allows(entry.namespace)) return
            if (wanted(entry) || (previous && wanted(previous))) this.#touch()
          },
          reached: () => {},
          end: (error) => this.fail(error),
        },
        namespaces,
      ),
    )
  }

  get pressure(): { readonly queued: number; readonly coalesced: number } {
    return { queued: 0, coalesced: 0 }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<WatchEvent, undefined>> {
    const { now, everyMs, types } = this.#options
    for (;;) {
      if (this.#error) {
        const error = this.#error
        this.#error = undefined
        throw error
      }
      if (this.#closed) return { done: true, value: undefined }
      const pause = this.#changed ? this.#notBefore - now() : 0
      if (!this.#changed || pause > 0) {
        await this.#bell.wait(Math.max(0, pause))
        continue
      }
      const type = types[this.#first ? 0 : 1]
      this.#first = false
      this.#changed = false
      this.#notBefore = now() + everyMs
      return { done: false, value: this.#event(type) }
    }
  }

  async return(): Promise<IteratorResult<WatchEvent, undefined>> {
    this.close()
    return { done: true, value: undefined }
  }

  fail(error: Error): void {
    if (this.#closed) return
    this.#error = error
    this.close()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stop of this.#stops) stop()
    this.#options.onClose(this.#error)
    this.#bell.ring()
  }

  /** Judges all rights anew; throws where nothing is left. */
  async renew(): Promise<void> {
    for (const { access } of this.#options.parts) {
      const { sight } = access
      await access.renew()
      if (access.sight !== sight) this.#touch()
    }
  }

  #touch(): void {
    this.#changed = true
    this.#bell.ring()
  }

  #event(type: WatchEvent['type']): WatchEvent {
    const { parts } = this.#options
    const [first] = parts
    if (!first) throw new TypeError('a subscription needs a cluster')
    return {
      type,
      cluster: first.cluster,
      info: first.info,
      object: undefined,
      previous: undefined,
      positions: parts.map(({ cluster, feed, access }) => {
        return { cluster, version: feed.position, sight: access.sight }
      }),
    }
  }
}
