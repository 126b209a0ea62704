/**
 * Waiting items of several owners. The owners take turns, so that one with many items does not keep the others waiting;
 * each owner's own come in order.
 */
export class FairQueue<Owner, Item> {
  readonly #items = new Map<Owner, Item[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(owner: Owner, item: Item): void {
    const own = this.#items.get(owner)
    if (own) own.push(item)
    else this.#items.set(owner, [item])
    this.#size++
  }

  /** The next item, undefined where none waits. */
  take(): Item | undefined {
    for (const [owner, own] of this.#items) {
      const item = own.shift()
      this.#items.delete(owner)
      if (own.length > 0) this.#items.set(owner, own)
      this.#size--
      return item
    }
    return undefined
  }
}
