/** An object as rows select it: what every kind has, and what its columns need. */
export interface Row {
  readonly id: string
  readonly metadata: {
    readonly name: string
    readonly namespace: string | null
    readonly uid: string
    readonly creationTimestamp: string | null
    readonly deletionTimestamp: string | null
  }
  readonly [field: string]: unknown
}

/** The value at a path of names and numbers, such as `status.phase`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    )
}

/** The text at a path; empty where there is nothing. */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path)
  if (Array.isArray(found)) return found.join(', ')
  if (typeof found === 'string') return found
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : ''
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}

/** The number at a path; 0 where there is none. */
export const countAt = (value: unknown, path: string): number => Number(at(value, path) ?? 0)

const units: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
]

/** How long ago a moment was, in its largest unit: `5d`. */
export function age(since: string | null, now: number): string {
  if (!since) return ''
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 's']
  return `${Math.floor(seconds / size)}${unit}`
}
