import type { View } from './api.ts'
import type { StoredEntry } from './store-entry.ts'
import { Group, nothing, type Slot } from './store-view.ts'

/** Most indexes of one store: keys of labels come from callers. */
const LIMIT = 16

interface Index {
  readonly groups: Map<string, Group<StoredEntry>>
  keysOf(entry: StoredEntry): readonly string[]
}

/** Groups of slots by a text key, made at first use; the least recently used go when there are too many. */
export class Indexes {
  readonly #indexes = new Map<string, Index>()

  view(
    id: string,
    key: string,
    keysOf: Index['keysOf'],
    slots: () => Iterable<Slot<StoredEntry>>,
  ): View {
    let index = this.#indexes.get(id)
    if (index) this.#indexes.delete(id)
    else {
      index = { groups: new Map(), keysOf }
      for (const slot of slots()) add(index, slot, keysOf(slot.entry))
    }
    this.#indexes.set(id, index)
    for (const oldest of this.#indexes.keys()) {
      if (this.#indexes.size <= LIMIT) break
      this.#indexes.delete(oldest)
    }
    return index.groups.get(key) ?? nothing
  }

  add(slot: Slot<StoredEntry>): void {
    for (const index of this.#indexes.values()) add(index, slot, index.keysOf(slot.entry))
  }

  remove(slot: Slot<StoredEntry>): void {
    for (const index of this.#indexes.values()) remove(index, slot, index.keysOf(slot.entry))
  }

  /** Puts `next` into the slot; only keys that differ move. */
  replace(slot: Slot<StoredEntry>, next: StoredEntry): void {
    const previous = slot.entry
    const moves: (readonly [Index, readonly string[]])[] = []
    for (const index of this.#indexes.values()) {
      const before = index.keysOf(previous)
      const after = index.keysOf(next)
      if (before.length === after.length && before.every((key, at) => key === after[at])) continue
      remove(index, slot, before)
      moves.push([index, after])
    }
    slot.entry = next
    for (const [index, after] of moves) add(index, slot, after)
  }
}

function add({ groups }: Index, slot: Slot<StoredEntry>, keys: readonly string[]): void {
  for (const key of keys) {
    let group = groups.get(key)
    if (!group) groups.set(key, (group = new Group<StoredEntry>()))
    group.add(slot)
  }
}

function remove({ groups }: Index, slot: Slot<StoredEntry>, keys: readonly string[]): void {
  for (const key of keys) {
    const group = groups.get(key)
    group?.remove(slot)
    if (group?.size === 0) groups.delete(key)
  }
}
