import type { Entry } from '../../kube/api.ts'
import type { KindInfo } from '../../kube/types.ts'
import { keyOf, type FeedChange } from './feed.ts'
import { Bell, identityOf, inSight, type Part } from './part.ts'
import { ChangeQueue, fits, type Queued, type QueueLimits } from './queue.ts'
import { SlowConsumer, type Position, type Shown, type WatchEvent } from './types.ts'

export interface SubscriptionOptions {
  readonly parts: readonly Part[]
  readonly initial: boolean
  readonly limits: QueueLimits
  readonly throttleMs: number
  readonly now: () => number
  /** Told once, when nothing more will come. */
  readonly onClose: (error: Error | undefined) => void
}

/** A part and how far the subscriber is in it. */
interface Progress {
  readonly part: Part
  /** Objects that are still to be told as ADDED, by key. */
  readonly initial: Map<string, Entry>
  /** Goes through `initial`. */
  next: Iterator<[string, Entry]>
  /** Where the subscriber will stand once these were told. */
  begins: string
  position: string | null
  resync: boolean
  readonly stop: () => void
}

interface Told {
  readonly type: WatchEvent['type']
  readonly of: Progress
  readonly item?: Queued<Progress>
}

/**
 * The events of one subscriber: the objects that are there, SYNCED, then changes as they come. The iterator is pulled;
 * what is not taken waits in a queue with a bound.
 */
export class Subscription implements AsyncIterableIterator<WatchEvent, undefined> {
  readonly #options: SubscriptionOptions
  readonly #parts: readonly Progress[]
  readonly #queue: ChangeQueue<Progress>
  readonly #bell = new Bell()
  #synced = false
  #bookmark = false
  #error: Error | undefined
  /** Thrown once everything that waits was taken. */
  #ending: Error | undefined
  #closed = false
  /** Changes that may be taken before the next pause of a throttled subscription. */
  #budget = 0
  #pausedUntil = 0

  constructor(options: SubscriptionOptions) {
    this.#options = options
    this.#queue = new ChangeQueue(options.limits)
    this.#parts = options.parts.map((part) => this.#begin(part))
    for (const progress of this.#parts) this.#start(progress)
  }

  /** Changes that wait, and how many went into others. */
  get pressure(): { readonly queued: number; readonly coalesced: number } {
    return { queued: this.#queue.length, coalesced: this.#queue.coalesced }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<WatchEvent, undefined>> {
    for (;;) {
      if (this.#error) {
        const error = this.#error
        this.#error = undefined
        throw error
      }
      if (this.#closed) return { done: true, value: undefined }
      const pause = this.#pause()
      const told = pause > 0 ? undefined : this.#take()
      if (told) {
        const allowed = await this.#allowed(told)
        if (allowed && !this.#closed) return { done: false, value: this.#event(allowed) }
      } else if (this.#ending && this.#queue.length === 0) {
        this.fail(this.#ending)
      } else {
        await this.#bell.wait(pause)
      }
    }
  }

  async return(): Promise<IteratorResult<WatchEvent, undefined>> {
    this.close()
    return { done: true, value: undefined }
  }

  /** Ends at once; what waits is forgotten, and the taker is told why. */
  fail(error: Error): void {
    if (this.#closed) return
    this.#error = error
    this.close()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const { stop, initial } of this.#parts) {
      stop()
      initial.clear()
    }
    this.#queue.clear()
    this.#options.onClose(this.#error)
    this.#bell.ring()
  }

  /** Judges all rights anew: throws where nothing is left, else tells what came into sight and what went out of it. */
  async renew(): Promise<void> {
    for (const progress of this.#parts) {
      const { access, feed, namespaces } = progress.part
      const { sight, allows: allowed } = access
      await access.renew()
      if (this.#closed) return
      if (access.sight === sight) continue
      const all = namespaces ?? new Set(Array.from(feed.store.entries(), (one) => one.namespace))
      for (const name of all) {
        if (allowed(name) !== access.allows(name)) this.#turn(progress, name, access.allows(name))
      }
    }
  }

  #begin(part: Part): Progress {
    const listener = {
      hear: (change: FeedChange) => this.#hear(progress, change),
      reached: () => this.#reached(),
      end: (error: Error) => {
        this.#ending ??= error
        this.#bell.ring()
      },
    }
    const initial = new Map<string, Entry>()
    const progress: Progress = {
      part,
      initial,
      next: initial.entries(),
      begins: part.feed.position,
      position: null,
      resync: false,
      stop: part.feed.listen(listener, part.namespaces),
    }
    return progress
  }

  #start(progress: Progress): void {
    const { part, initial } = progress
    const { feed, from, namespaces, access } = part
    const { version } = from ?? {}
    const missed = version && from?.sight === access.sight ? feed.since(version) : undefined
    if (version && missed && fits(missed, this.#options.limits)) {
      progress.position = version
      progress.begins = version
      for (const change of missed) {
        if (!namespaces || namespaces.has(change.entry.namespace)) this.#hear(progress, change)
      }
      return
    }
    progress.resync = from !== undefined
    if (!this.#options.initial && !progress.resync) return
    for (const entry of inSight(part)) initial.set(keyOf(entry), entry)
    progress.next = initial.entries()
  }

  /** A namespace that came into sight or went out of it. */
  #turn(of: Progress, namespace: string, seen: boolean): void {
    const { feed, wanted } = of.part
    for (const entry of feed.store.entries(namespace)) {
      if (!wanted(entry)) continue
      const type = seen ? 'ADDED' : 'DELETED'
      const place = { part: of, position: feed.position, hidden: !seen }
      if (!this.#push({ ...place, type, entry, previous: undefined })) return
    }
  }

  #hear(of: Progress, { type, entry, previous, position, unseen = false }: FeedChange): void {
    const { access, wanted } = of.part
    if (this.#closed || !access.allows(entry.namespace)) return
    // To take out what was never there harms nobody; to leave in what is gone does.
    const was = unseen || (previous !== undefined && wanted(previous))
    const is = type !== 'DELETED' && wanted(entry)
    if (!was && !is) return
    const told = was && is ? 'MODIFIED' : is ? 'ADDED' : 'DELETED'
    this.#push({ part: of, type: told, entry, previous, position, hidden: false })
  }

  /** False after the subscription failed for lack of room. */
  #push(item: Queued<Progress>): boolean {
    const { initial } = item.part
    const key = keyOf(item.entry)
    if (initial.has(key)) {
      // Nobody was told of it yet: it is told as it is then, or not at all.
      if (item.type === 'DELETED') initial.delete(key)
      else initial.set(key, item.entry)
      return true
    }
    if (this.#queue.push(item)) {
      this.#bell.ring()
      return true
    }
    this.fail(new SlowConsumer(this.#positions()))
    return false
  }

  #reached(): void {
    if (!this.#synced || this.#queue.length > 0) return
    if (this.#parts.every(({ position, part }) => position === part.feed.position)) return
    this.#bookmark = true
    this.#bell.ring()
  }

  /** Milliseconds until a throttled subscription may be told of more. */
  #pause(): number {
    const { throttleMs, now } = this.#options
    if (throttleMs === 0 || !this.#synced || this.#queue.length === 0 || this.#budget > 0) return 0
    const left = this.#pausedUntil - now()
    if (left > 0) return left
    this.#budget = this.#queue.length
    this.#pausedUntil = now() + throttleMs
    return 0
  }

  #take(): Told | undefined {
    const [first] = this.#parts
    for (const of of this.#parts) {
      if (of.resync) {
        of.resync = false
        return { type: 'RESYNC', of }
      }
      const { value } = of.initial.size > 0 ? of.next.next() : { value: undefined }
      if (!value) continue
      const [key, entry] = value as [string, Entry]
      of.initial.delete(key)
      const place = { part: of, position: of.begins, hidden: false }
      return { type: 'ADDED', of, item: { ...place, type: 'ADDED', entry, previous: undefined } }
    }
    if (!this.#synced && first) {
      this.#synced = true
      for (const of of this.#parts) of.position = of.begins
      return { type: 'SYNCED', of: first }
    }
    const item = this.#queue.shift()
    if (item) {
      this.#budget--
      item.part.position = item.position
      return { type: item.type, of: item.part, item }
    }
    if (!this.#bookmark || !first) return undefined
    this.#bookmark = false
    for (const of of this.#parts) of.position = of.part.feed.position
    return { type: 'BOOKMARK', of: first }
  }

  /** Rights may have gone since the change was put in: then only that something is gone is told. */
  async #allowed(told: Told): Promise<Told | undefined> {
    const { item, type, of } = told
    if (!item || (await of.part.access.judge(item.entry.namespace))) return told
    return type === 'DELETED' ? { ...told, item: { ...item, hidden: true } } : undefined
  }

  #positions(): readonly Position[] {
    return this.#parts.map(({ position, part: { cluster, access } }) => {
      return { cluster, version: position, sight: access.sight }
    })
  }

  #event({ type, of: { part }, item }: Told): WatchEvent {
    return new ToldEvent(type, part, item, this.#positions())
  }
}

/** Objects are shown when somebody looks at them. */
class ToldEvent implements WatchEvent {
  readonly type: WatchEvent['type']
  readonly cluster: string
  readonly info: KindInfo
  readonly positions: readonly Position[]
  readonly #part: Part
  readonly #item: Queued<Progress> | undefined

  constructor(
    type: WatchEvent['type'],
    part: Part,
    item: Queued<Progress> | undefined,
    positions: readonly Position[],
  ) {
    this.type = type
    this.cluster = part.cluster
    this.info = part.info
    this.positions = positions
    this.#part = part
    this.#item = item
  }

  get object(): Shown | undefined {
    const item = this.#item
    if (!item) return undefined
    return item.hidden ? identityOf(item.entry) : this.#part.feed.shown(item.entry)
  }

  get previous(): Shown | undefined {
    const previous = this.type === 'MODIFIED' ? this.#item?.previous : undefined
    return previous && this.#part.feed.shown(previous)
  }
}
