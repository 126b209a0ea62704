/** A member of a JSON value by keys; undefined where the way ends. */
export function valueIn(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string, unknown>)[key]
  }
  return found
}

/** As `valueIn`; empty text for anything but text. */
export function textIn(value: unknown, ...path: readonly string[]): string {
  const found = valueIn(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** As `valueIn`; no items for anything but a list. */
export function itemsIn(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueIn(value, ...path)
  return Array.isArray(found) ? (found as unknown[]) : []
}
