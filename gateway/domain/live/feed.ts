import type { Change, Entry, Store } from '../../kube/api.ts'
import type { PastChange } from '../../kube/history.ts'
import { compareVersions } from '../../kube/versions.ts'
import { Recall, type ReadPast, type Recallable } from './recall.ts'
import type { Shown } from './types.ts'

/** Most changes that a feed remembers, and most characters of their objects. */
const RING_CHANGES = 4000
const RING_CHARACTERS = 8 * 1024 * 1024
/** Objects that are kept as they were last shown: many subscribers look at the same ones. */
const SHOWN = 64

/** One change of one object, with the place in the history of its kind that whoever heard it has reached. */
export interface FeedChange extends Pick<Change, 'type' | 'entry' | 'previous'> {
  /** Whoever goes on from here misses nothing. */
  readonly position: string
  /** What the object was before is not known, though it was there. */
  readonly unseen?: boolean
}

export interface FeedListener {
  hear(change: FeedChange): void
  /** From time to time, when nothing else was said. */
  reached(position: string): void
  /** The kind is gone. */
  end(error: Error): void
}

interface Remembered extends FeedChange {
  /** Whoever has reached this version knows the change. */
  readonly version: string
}

/**
 * What happens to the objects of one kind in one cluster, said to all who listen out of one subscription to the watch
 * cache. The last changes are remembered, so that a listener who was away can go on.
 */
export class Feed implements Disposable {
  readonly store: Store
  readonly #listeners = new Map<string | undefined, Set<FeedListener>>()
  readonly #ring: Remembered[] = []
  #characters = 0
  /** Everything after this version is remembered. */
  #floor: string
  #size = 0
  readonly #stop: () => void
  readonly #show: (entry: Entry) => Shown['object']
  readonly #shown = new Map<Entry, Shown>()
  readonly #recall: Recall | undefined
  /** How far it is known, where the store has heard of less, that nothing more comes. */
  #reached: string

  /** `show` gives an object as it may be shown to subscribers; `past` reads what happened before there was this feed. */
  constructor(store: Store, show: (entry: Entry) => Shown['object'], past?: ReadPast) {
    this.store = store
    this.#show = show
    this.#floor = store.resourceVersion
    this.#reached = store.resourceVersion
    this.#recall = past && new Recall(this.#recallable(), past)
    this.#stop = store.subscribe((change) => this.#take(change))
  }

  /** Listeners there are. */
  get size(): number {
    return this.#size
  }

  /** Whoever has taken up everything said so far stands here. */
  get position(): string {
    const { resourceVersion } = this.store
    return compareVersions(resourceVersion, this.#reached) < 0 ? this.#reached : resourceVersion
  }

  /** Waits until `since` a position has an answer, where one can be had: it may be of another server's feed. */
  async recall(position: string): Promise<void> {
    await this.#recall?.to(position, () => this.#knows(position))
  }

  #knows(position: string): boolean {
    return (
      compareVersions(position, this.#floor) >= 0 && compareVersions(position, this.position) <= 0
    )
  }

  /** The object as it may be shown. Shared and not to be changed. */
  shown(entry: Entry): Shown {
    const known = this.#shown.get(entry)
    if (known) return known
    const shown = { object: this.#show(entry), notes: new Map() }
    this.#shown.set(entry, shown)
    if (this.#shown.size <= SHOWN) return shown
    for (const oldest of this.#shown.keys()) {
      this.#shown.delete(oldest)
      break
    }
    return shown
  }

  /** Adds a listener for some namespaces or for all; returns what takes it away. */
  listen(listener: FeedListener, namespaces: ReadonlySet<string> | undefined): () => void {
    const keys = namespaces ?? [undefined]
    for (const key of keys) {
      const heard = this.#listeners.get(key) ?? new Set()
      this.#listeners.set(key, heard.add(listener))
    }
    this.#size++
    let open = true
    return () => {
      if (!open) return
      open = false
      this.#size--
      for (const key of keys) {
        const heard = this.#listeners.get(key)
        heard?.delete(listener)
        if (heard?.size === 0) this.#listeners.delete(key)
      }
    }
  }

  /** What happened since a position; undefined where not all of it is remembered. */
  since(position: string): readonly FeedChange[] | undefined {
    if (!/^\d+$/.test(position) || !this.#knows(position)) return undefined
    return this.#ring.filter(({ version }) => compareVersions(version, position) > 0)
  }

  /** Tells every listener how far the feed is. */
  mark(): void {
    for (const listener of this.#everyone()) listener.reached(this.position)
  }

  end(error: Error): void {
    for (const listener of this.#everyone()) listener.end(error)
  }

  #recallable(): Recallable {
    return {
      span: () => ({
        floor: this.#floor,
        position: this.position,
        room: {
          changes: RING_CHANGES - this.#ring.length,
          characters: RING_CHARACTERS - this.#characters,
        },
      }),
      takePast: (after, floor, changes) => this.#takePast(after, floor, changes),
      reach: (version) => {
        if (compareVersions(version, this.#reached) > 0) this.#reached = version
      },
      waitFor: (version, ms) => this.store.waitFor(version, ms),
    }
  }

  #takePast(after: string, floor: string, changes: readonly PastChange[]): void {
    // What was remembered then may be forgotten by now, and there would be a gap.
    if (floor !== this.#floor) return
    const last = new Map<string, Entry>()
    const past = changes.map(({ type, entry, version }): Remembered => {
      const previous = last.get(keyOf(entry)) ?? (type === 'DELETED' ? entry : undefined)
      last.set(keyOf(entry), entry)
      const unseen = type === 'MODIFIED' && !previous
      return { type, entry, previous, unseen, version, position: version }
    })
    this.#ring.unshift(...past)
    for (const { entry } of past) this.#characters += weightOf(entry)
    this.#floor = after
  }

  #everyone(): Set<FeedListener> {
    return new Set([...this.#listeners.values()].flatMap((some) => [...some]))
  }

  #take({ type, entry, previous, version, listed }: Change): void {
    // What a list shows is known whole only once the store has reached its version.
    const position = listed ? this.store.resourceVersion : version
    if (type === 'MODIFIED' && previous && previous.uid !== entry.uid) {
      // Another object under the same name.
      this.#say({ type: 'DELETED', entry: previous, previous, version, position: this.position })
      this.#say({ type: 'ADDED', entry, previous: undefined, version, position })
    } else {
      this.#say({ type, entry, previous, version, position })
    }
  }

  #say(change: Remembered): void {
    this.#remember(change)
    for (const key of [undefined, change.entry.namespace]) {
      for (const listener of this.#listeners.get(key) ?? []) listener.hear(change)
    }
  }

  #remember(change: Remembered): void {
    this.#ring.push(change)
    this.#characters += weightOf(change.entry)
    if (this.#ring.length <= RING_CHANGES && this.#characters <= RING_CHARACTERS) return
    // Half of it at once: to take one off the front of a long array costs as much.
    const drop = this.#ring.splice(0, Math.ceil(this.#ring.length / 2))
    for (const { entry, version } of drop) {
      this.#characters -= weightOf(entry)
      this.#floor = version
    }
  }

  [Symbol.dispose](): void {
    this.#stop()
    this.#ring.length = 0
  }
}

/** What tells an object from all others. */
export function keyOf({ uid, namespace, name }: Entry): string {
  return uid || `${namespace}/${name}`
}

/** Characters that an object takes in a queue. */
export function weightOf({ json }: Entry): number {
  return json.length
}
