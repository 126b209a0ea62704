import { setImmediate } from 'node:timers/promises'

/** Milliseconds of work on many items after which whoever else waits gets a turn. */
const TURN_MS = 8
/** Items between two looks at the clock. */
const ITEMS = 32

/**
 * Visits items in their order, however many there are, without keeping others waiting for the whole of it. `items` must not
 * change meanwhile. Throws the reason of `signal` when that is aborted.
 */
export async function inTurns<T>(
  items: Iterable<T>,
  visit: (item: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  let began = performance.now()
  let visited = 0
  for (const item of items) {
    visit(item)
    if (++visited % ITEMS > 0 || performance.now() - began < TURN_MS) continue
    await setImmediate()
    signal?.throwIfAborted()
    began = performance.now()
  }
}

/** The items that pass a test, in their order. Otherwise as `inTurns`. */
export async function filterInTurns<T>(
  items: Iterable<T>,
  test: (item: T) => boolean,
  signal?: AbortSignal,
): Promise<T[]> {
  const passed: T[] = []
  await inTurns(items, (item) => void (test(item) && passed.push(item)), signal)
  return passed
}

/** What `of` makes of each item. Otherwise as `inTurns`. */
export async function mapInTurns<T, R>(
  items: Iterable<T>,
  of: (item: T) => R,
  signal?: AbortSignal,
): Promise<R[]> {
  const made: R[] = []
  await inTurns(items, (item) => void made.push(of(item)), signal)
  return made
}
