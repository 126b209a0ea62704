import { parseDuration } from '../lib/go-duration.ts'
import type { Kind } from './schema.ts'
import { ConfigError } from './types.ts'

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

/**
 * The value of a key out of a file, a flag or the environment; text is read as the kind it stands for. Durations come
 * out as milliseconds, a bare number of them counts nanoseconds. Throws ConfigError that names `where`.
 */
export function readValue(kind: Kind, value: unknown, where: string): unknown {
  const read = readers[kind](value)
  if (read === undefined) throw new ConfigError(`${where}: ${show(value)} is not ${NOUN[kind]}`)
  return read
}

const NOUN: Readonly<Record<Kind, string>> = {
  string: 'a text',
  bool: 'true or false',
  int: 'a whole number',
  number: 'a number',
  duration: 'a duration such as 2h or 10m0s',
  map: 'a mapping',
  list: 'a list',
}

const readers: Readonly<Record<Kind, (value: unknown) => unknown>> = {
  string: (value) =>
    typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : undefined,
  bool: (value) => {
    if (typeof value === 'boolean') return value
    if (typeof value === 'number') return value !== 0
    return TRUE.has(value as string) ? true : FALSE.has(value as string) ? false : undefined
  },
  int: (value) => {
    const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value
    return Number.isSafeInteger(number) ? number : undefined
  },
  number: (value) => {
    const number =
      typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
    return Number.isFinite(number) ? number : undefined
  },
  duration: (value) => {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value / 1e6 : undefined
    return typeof value === 'string' ? parseDuration(value) : undefined
  },
  map: (value) => (isMap(value) ? lowerKeys(value) : undefined),
  list: (value) => {
    if (typeof value === 'string')
      return value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? value
      : undefined
  },
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Keys of free-form maps are read in lower case, at every depth. */
function lowerKeys(map: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [
      key.toLowerCase(),
      isMap(value) ? lowerKeys(value) : value,
    ]),
  )
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
