import type { Entry, Order, View } from './api.ts'
import { SortedList } from './sorted-list.ts'

/** The place of one object in a store: its entry is replaced at every update, so that orders need not move. */
export interface Slot<E extends Entry = Entry> {
  entry: E
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const comparers: Record<Order, (a: Slot, b: Slot) => number> = {
  name: ({ entry: a }, { entry: b }) => byText(a.name, b.name) || byText(a.namespace, b.namespace),
  created: ({ entry: a }, { entry: b }) =>
    a.created - b.created || byText(a.name, b.name) || byText(a.namespace, b.namespace),
}

/** Slots in both orders. An order is made when it is first asked for and kept up from then on. */
export class Group<E extends Entry = Entry> implements View {
  readonly #slots = new Set<Slot<E>>()
  readonly #orders = new Map<Order, SortedList<Slot<E>>>()

  get size(): number {
    return this.#slots.size
  }

  add(slot: Slot<E>): void {
    this.#slots.add(slot)
    for (const order of this.#orders.values()) order.add(slot)
  }

  /** `slot` must still hold the entry that it was added with, or one with the same name and creation time. */
  remove(slot: Slot<E>): void {
    if (!this.#slots.delete(slot)) return
    for (const order of this.#orders.values()) order.remove(slot)
  }

  slice(order: Order, descending: boolean, from: number, to: number): E[] {
    return this.#order(order)
      .slice(from, to, descending)
      .map(({ entry }) => entry)
  }

  *scan(order: Order, descending = false): IterableIterator<E> {
    for (const { entry } of this.#order(order).items(descending)) yield entry
  }

  /** In no order. */
  slots(): Iterable<Slot<E>> {
    return this.#slots
  }

  #order(order: Order): SortedList<Slot<E>> {
    let list = this.#orders.get(order)
    if (!list) {
      list = new SortedList<Slot<E>>(comparers[order], this.#slots)
      this.#orders.set(order, list)
    }
    return list
  }
}

/** A view without entries. */
export const nothing: View = {
  size: 0,
  slice: () => [],
  scan: () => [],
}
