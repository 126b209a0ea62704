/**
 * Events as the root field `name` of a subscription gives them: of each value of `source` none, one or several. Nothing
 * is asked of `source` before it is wanted, and to return early returns there, whatever is waited for.
 */
export function fieldStream<K extends string, V, T>(
  name: K,
  source: AsyncIterator<V, undefined, undefined>,
  eventsOf: (value: V) => readonly T[],
): AsyncIterableIterator<Readonly<Record<K, T>>, undefined, undefined> {
  const ready: T[] = []
  return {
    async next() {
      while (ready.length === 0) {
        const { value, done } = await source.next()
        if (done) return { value: undefined, done }
        ready.push(...eventsOf(value))
      }
      return { value: { [name]: ready.shift() } as Record<K, T>, done: false }
    },
    async return() {
      await source.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
