import type { KubeObject } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'
import { parseQuantity } from '../../lib/quantity.ts'
import type { FieldCondition } from './types.ts'

/** Longest path that is followed, in keys. */
const maxKeys = 16

/** Keys of a dotted path; a dot inside a key is written `\.`. Throws ApiError 400 for one that is empty or too long. */
export function pathOf(text: string): string[] {
  const keys = text.split(/(?<!\\)\./).map((part) => part.replaceAll(String.raw`\.`, '.'))
  if (keys.includes('') || keys.length > maxKeys) {
    throw badRequest(`"${text}" is not the path of a field`)
  }
  return keys
}

/** Value at a path; a number as a key is an index of a list. Undefined where there is none. */
export function valueAt(object: KubeObject, path: readonly string[]): unknown {
  let value: unknown = object
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value ?? undefined
}

/** Scalars as text, the rest as JSON, nothing as "". */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
const address = /^(?:\d{1,3}\.){3}\d{1,3}$/

/**
 * What a value is compared by: numbers, quantities, moments and IPv4 addresses by what they stand for, anything else as
 * text.
 */
export function comparable(value: unknown): string | number {
  if (typeof value === 'number') return value
  const text = textOf(value)
  if (moment.test(text)) return Date.parse(text)
  if (address.test(text)) return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const quantity = parseQuantity(text)
  return quantity ? Number(quantity.nanos) / 1e9 : text
}

/** Numbers come before text. */
export function compareValues(a: string | number, b: string | number): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

/** A text that every object has which meets the condition; undefined where there is none, or where it may stand for a value. */
export function demandedText({ op = 'EQ', values }: FieldCondition): string | undefined {
  const [text] = values ?? []
  const asItStands = text !== undefined && comparable(text) === text
  return asItStands && (op === 'EQ' || op === 'CONTAINS') ? text : undefined
}

/** Whether objects meet a condition. Throws ApiError 400 for one that has the wrong number of values. */
export function fieldCondition(condition: FieldCondition): (object: KubeObject) => boolean {
  const { path, op = 'EQ', values } = condition
  const keys = pathOf(path)
  const texts = values ?? []
  const [first = ''] = texts
  if (op === 'EXISTS' || op === 'ABSENT') {
    if (texts.length > 0) throw badRequest(`"${path}": ${op} takes no values`)
    return (object) => (valueAt(object, keys) !== undefined) === (op === 'EXISTS')
  }
  if (op === 'IN' || op === 'NOT_IN') {
    const wanted = new Set(texts)
    return (object) => wanted.has(textOf(valueAt(object, keys))) === (op === 'IN')
  }
  if (texts.length !== 1) throw badRequest(`"${path}": ${op} takes one value`)
  const bound = comparable(first)
  const compare = (object: KubeObject): number | undefined => {
    const value = valueAt(object, keys)
    const own = comparable(value)
    return value === undefined || typeof own !== typeof bound
      ? undefined
      : compareValues(own, bound)
  }
  switch (op) {
    case 'GT':
      return (object) => (compare(object) ?? 0) > 0
    case 'LT':
      return (object) => (compare(object) ?? 0) < 0
    case 'CONTAINS':
      return (object) => textOf(valueAt(object, keys)).includes(first)
    default: {
      const equal = (object: KubeObject) =>
        textOf(valueAt(object, keys)) === first || compare(object) === 0
      return op === 'NE' ? (object) => !equal(object) : equal
    }
  }
}
