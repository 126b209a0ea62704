/**
 * The values that `toValues` makes of events, one by one; an error of their source is what `told` makes of it. Nothing is
 * asked of the source before it is wanted, and unlike a generator it ends at once when it is returned, though it waits
 * for the next event.
 */
function mapped<T, R>(
  events: AsyncIterator<T, undefined, undefined>,
  toValues: (event: T) => Promise<readonly R[]> | readonly R[],
  told: (error: unknown) => unknown = (error) => error,
): AsyncIterableIterator<R, undefined, undefined> {
  const ready: R[] = []
  return {
    async next() {
      for (;;) {
        if (ready.length > 0) return { done: false, value: ready.shift() as R }
        const event = await events.next().catch((error: unknown) => {
          throw told(error)
        })
        if (event.done) return { done: true, value: undefined }
        ready.push(...(await toValues(event.value)))
      }
    },
    async return() {
      await events.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** What `toValue` makes of each event, without those of which it makes nothing. Errors as `told` tells them. */
export function mapEvents<T, R>(
  events: AsyncIterator<T, undefined, undefined>,
  toValue: (event: T) => Promise<R | undefined> | R,
  told?: (error: unknown) => unknown,
): AsyncIterableIterator<R, undefined, undefined> {
  const toValues = async (event: T): Promise<readonly R[]> => {
    const value = await toValue(event)
    return value === undefined ? [] : [value]
  }
  return mapped(events, toValues, told)
}

/** Events as the root field `name` of a subscription gives them: of each value of `source` none, one or several. */
export function fieldStream<K extends string, V, T>(
  name: K,
  source: AsyncIterator<V, undefined, undefined>,
  eventsOf: (value: V) => readonly T[],
): AsyncIterableIterator<Readonly<Record<K, T>>, undefined, undefined> {
  return mapped(source, (value) =>
    eventsOf(value).map((event) => ({ [name]: event }) as Record<K, T>),
  )
}

/** Each value of `source` as the root field `name` gives it. */
export function asField<K extends string, T>(
  name: K,
  source: AsyncIterator<T, undefined, undefined>,
): AsyncIterableIterator<Readonly<Record<K, T>>, undefined, undefined> {
  return fieldStream(name, source, (value) => [value])
}
