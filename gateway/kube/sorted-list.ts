/** Fullest chunk: small enough that an insertion moves little, large enough that there are few chunks to walk. */
const FULL = 512

/**
 * Items in the order of `compare`, which must be total. Insertion and removal move one chunk, a slice costs its length
 * and a walk over the chunks: at 100,000 items some 300 of them.
 */
export class SortedList<T> {
  #chunks: T[][] = []
  #length = 0
  readonly #compare: (a: T, b: T) => number

  /** `items` need not be sorted. */
  constructor(compare: (a: T, b: T) => number, items: Iterable<T> = []) {
    this.#compare = compare
    const sorted = [...items].sort(compare)
    this.#length = sorted.length
    const step = FULL / 2
    for (let at = 0; at < sorted.length; at += step) this.#chunks.push(sorted.slice(at, at + step))
  }

  get length(): number {
    return this.#length
  }

  add(item: T): void {
    const index = Math.min(this.#chunkOf(item), this.#chunks.length - 1)
    const chunk = this.#chunks[index]
    this.#length++
    if (!chunk) {
      this.#chunks.push([item])
      return
    }
    chunk.splice(this.#placeIn(chunk, item), 0, item)
    if (chunk.length > FULL) this.#chunks.splice(index + 1, 0, chunk.splice(FULL / 2))
  }

  /** Whether an item that compares equal was there. */
  remove(item: T): boolean {
    const index = this.#chunkOf(item)
    const chunk = this.#chunks[index]
    if (!chunk) return false
    const place = this.#placeIn(chunk, item)
    const found = chunk[place]
    if (found === undefined || this.#compare(found, item) !== 0) return false
    chunk.splice(place, 1)
    if (chunk.length === 0) this.#chunks.splice(index, 1)
    this.#length--
    return true
  }

  /** Items at positions `from` to `to` (exclusive), counted from the end and given backwards if `descending`. */
  slice(from: number, to: number, descending = false): T[] {
    const start = Math.max(0, from)
    const end = Math.min(to, this.#length)
    if (start >= end) return []
    if (!descending) return this.#forward(start, end)
    return this.#forward(this.#length - end, this.#length - start).toReversed()
  }

  /** All items; the list may not change meanwhile. */
  *items(descending = false): IterableIterator<T> {
    if (!descending) {
      for (const chunk of this.#chunks) yield* chunk
      return
    }
    for (let index = this.#chunks.length - 1; index >= 0; index--) {
      const chunk = this.#chunks[index] as T[]
      for (let place = chunk.length - 1; place >= 0; place--) yield chunk[place] as T
    }
  }

  #forward(start: number, end: number): T[] {
    const out: T[] = []
    let before = 0
    for (const chunk of this.#chunks) {
      const after = before + chunk.length
      if (after > start) {
        for (
          let at = Math.max(start - before, 0);
          at < Math.min(end - before, chunk.length);
          at++
        ) {
          out.push(chunk[at] as T)
        }
      }
      if (after >= end) break
      before = after
    }
    return out
  }

  /** Index of the first chunk whose last item is not before `item`. */
  #chunkOf(item: T): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const last = (this.#chunks[middle] as T[]).at(-1) as T
      if (this.#compare(last, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #placeIn(chunk: readonly T[], item: T): number {
    let low = 0
    let high = chunk.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(chunk[middle] as T, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
