import type { Entry } from '../../kube/api.ts'
import { keyOf, weightOf, type FeedChange } from './feed.ts'

export interface QueueLimits {
  readonly events: number
  /** Characters of the JSON of their objects. */
  readonly characters: number
}

/** A change on its way to one subscriber. */
export interface Queued<Part> {
  readonly part: Part
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  entry: Entry
  readonly previous: Entry | undefined
  /** Where the subscriber stands once it was told. */
  readonly position: string
  /** Only which object it is may be told. */
  readonly hidden: boolean
}

/**
 * Changes that one subscriber has not taken yet. Further changes of an object that is waiting to be told go into what
 * waits, so that a slow subscriber skips states, but no object.
 */
export class ChangeQueue<Part> {
  readonly #limits: QueueLimits
  readonly #items: Queued<Part>[] = []
  #head = 0
  #characters = 0
  /** What waits of each object, the latest, by key. */
  readonly #waiting = new Map<string, Queued<Part>>()
  #coalesced = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get length(): number {
    return this.#items.length - this.#head
  }

  /** Changes that went into one that was waiting. */
  get coalesced(): number {
    return this.#coalesced
  }

  /** False when there is no room. */
  push(item: Queued<Part>): boolean {
    const key = keyOf(item.entry)
    const waiting = this.#waiting.get(key)
    if (item.type === 'MODIFIED' && waiting) {
      this.#characters += weightOf(item.entry) - weightOf(waiting.entry)
      waiting.entry = item.entry
      this.#coalesced++
      return this.#characters <= this.#limits.characters
    }
    if (this.length >= this.#limits.events) return false
    this.#characters += weightOf(item.entry)
    if (this.#characters > this.#limits.characters) return false
    this.#items.push(item)
    if (item.type === 'DELETED') this.#waiting.delete(key)
    else this.#waiting.set(key, item)
    return true
  }

  shift(): Queued<Part> | undefined {
    const item = this.#items[this.#head]
    if (!item) return undefined
    this.#head++
    if (this.#head === this.#items.length || this.#head > 256) {
      this.#items.splice(0, this.#head)
      this.#head = 0
    }
    this.#characters -= weightOf(item.entry)
    const key = keyOf(item.entry)
    if (this.#waiting.get(key) === item) this.#waiting.delete(key)
    return item
  }

  clear(): void {
    this.#items.length = 0
    this.#head = 0
    this.#characters = 0
    this.#waiting.clear()
  }
}

/** Whether changes fit into a queue as they are. */
export function fits(
  changes: readonly Pick<FeedChange, 'entry'>[],
  { events, characters }: QueueLimits,
): boolean {
  if (changes.length > events) return false
  return changes.reduce((sum, { entry }) => sum + weightOf(entry), 0) <= characters
}
