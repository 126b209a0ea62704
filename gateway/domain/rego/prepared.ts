/** What the evaluator of one thread holds compiled: the least recently used go when there are too many. */
export class Prepared<Key extends object> {
  readonly #entries = new Map<Key, { readonly id: number; readonly size: number }>()
  readonly #most: number
  readonly #mostSize: number
  #size = 0
  #last = 0

  constructor(most: number, mostSize: number) {
    this.#most = most
    this.#mostSize = mostSize
  }

  /** The number under which it is compiled, undefined where it is not. */
  get(key: Key): number | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.id
  }

  /** A number for something new of a size, and the numbers that have to go for it. */
  add(key: Key, size: number): { id: number; gone: number[] } {
    const gone: number[] = []
    for (const [old, entry] of this.#entries) {
      if (this.#entries.size < this.#most && this.#size + size <= this.#mostSize) break
      this.#entries.delete(old)
      this.#size -= entry.size
      gone.push(entry.id)
    }
    const id = ++this.#last
    this.#entries.set(key, { id, size })
    this.#size += size
    return { id, gone }
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#size -= entry.size
  }
}
