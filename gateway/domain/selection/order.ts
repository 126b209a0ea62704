import type { KubeObject } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'
import { comparable, compareValues, pathOf, valueAt } from './fields.ts'
import type { KindWords, Order, Position, Row, SortKey } from './types.ts'

type Value = string | number

interface Key {
  readonly value: (row: Row) => Value
  readonly sign: 1 | -1
}

/** A total order over rows, in a form that can also place a row that is gone. */
export interface TotalOrder {
  compare(a: Row, b: Row): number
  position(row: Row): Position
  /** Negative when the row comes before the position. */
  place(row: Row, position: Position): number
}

function phaseOf(object: KubeObject): string {
  const { status } = object
  const phase = status && typeof status === 'object' && 'phase' in status ? status.phase : ''
  return typeof phase === 'string' ? phase : ''
}

function valuesOf(
  words: KindWords,
): Readonly<Record<Exclude<SortKey, 'FIELD'>, (row: Row) => Value>> {
  const { updatedAt, statusOf = phaseOf } = words
  return {
    NAME: (row) => row.name,
    NAMESPACE: (row) => row.namespace,
    CREATED_AT: (row) => row.created,
    UPDATED_AT: (row) => updatedAt?.(row.object) ?? row.created,
    STATUS: (row) => statusOf(row.object),
  }
}

/** Throws ApiError 400 unless a path is given with FIELD, and only with it. */
function fieldValue({ by, path }: Order): ((row: Row) => Value) | undefined {
  if ((by === 'FIELD') !== Boolean(path)) throw badRequest('"path" goes with FIELD')
  if (!path) return undefined
  const keys = pathOf(path)
  return ({ object }) => comparable(valueAt(object, keys))
}

/**
 * The order that `orders` ask for, newest first when they ask for nothing. Ties end by name, namespace and uid in
 * the way of the last key, as the REST lists have it. Text compares by code units. Throws ApiError 400.
 */
export function totalOrder(orders: readonly Order[], words: KindWords = {}): TotalOrder {
  const wanted: readonly Order[] =
    orders.length > 0 ? orders : [{ by: 'CREATED_AT', direction: 'DESC' }]
  const values = valuesOf(words)
  const keys: Key[] = wanted.map((one) => ({
    value: fieldValue(one) ?? values[one.by as Exclude<SortKey, 'FIELD'>],
    sign: one.direction === 'ASC' ? 1 : -1,
  }))
  const last = keys.at(-1)?.sign ?? 1
  keys.push(
    { value: (row) => row.name, sign: last },
    { value: (row) => row.namespace, sign: last },
    { value: (row) => row.uid, sign: last },
  )
  return {
    compare(a, b) {
      for (const { value, sign } of keys) {
        const order = compareValues(value(a), value(b))
        if (order !== 0) return order * sign
      }
      return 0
    },
    position: (row) => keys.map(({ value }) => value(row)),
    place(row, position) {
      for (const [index, { value, sign }] of keys.entries()) {
        const order = compareValues(value(row), position[index] ?? '')
        if (order !== 0) return order * sign
      }
      return 0
    },
  }
}
