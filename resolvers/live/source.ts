/**
 * The values that `toValue` makes of events, without those of which it makes none; an error is what `told` makes of it.
 * Unlike a generator it ends at once when it is returned, though it waits for the next event.
 */
export function mapEvents<T, R>(
  events: AsyncIterableIterator<T, undefined>,
  toValue: (event: T) => Promise<R | undefined> | R,
  told: (error: unknown) => unknown = (error) => error,
): AsyncIterableIterator<R, undefined> {
  const mapped: AsyncIterableIterator<R, undefined> = {
    async next() {
      for (;;) {
        const { done, value } = await events.next().catch((error: unknown) => {
          throw told(error)
        })
        if (done) return { done, value }
        const made = await toValue(value)
        if (made !== undefined) return { done: false, value: made }
      }
    },
    async return() {
      await events.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => mapped,
  }
  return mapped
}
