import { badRequest } from '../../lib/errors.ts'
import { mapInTurns } from '../../lib/turns.ts'
import { comparable, compareValues, pathOf, valueAt } from './fields.ts'
import { PHASE, textsOfObjects, type Texts } from './texts.ts'
import type { KindWords, Order, Position, Row, SortKey } from './types.ts'

type Value = string | number

interface Key {
  readonly value: (row: Row) => Value
  readonly sign: 1 | -1
}

/** A total order over rows, in a form that can also place a row that is gone. */
export interface TotalOrder {
  compare(a: Row, b: Row): number
  comparePositions(a: Position, b: Position): number
  position(row: Row): Position
  /** Negative when the row comes before the position. */
  place(row: Row, position: Position): number
}

function valuesOf(
  { updated, status = PHASE }: KindWords,
  texts: Texts,
): Readonly<Record<Exclude<SortKey, 'FIELD'>, () => (row: Row) => Value>> {
  const created = (row: Row) => row.created
  return {
    NAME: () => (row) => row.name,
    NAMESPACE: () => (row) => row.namespace,
    CREATED_AT: () => created,
    UPDATED_AT() {
      const text = updated && texts(updated)
      return text ? (row) => Number(text(row)) : created
    },
    STATUS: () => texts(status),
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
 * the way of the last key, as the REST lists have it. Text compares by code units. `texts` must know the rows that it is
 * asked about. Throws ApiError 400.
 */
export function totalOrder(
  orders: readonly Order[],
  words: KindWords = {},
  texts: Texts = textsOfObjects,
): TotalOrder {
  const wanted: readonly Order[] =
    orders.length > 0 ? orders : [{ by: 'CREATED_AT', direction: 'DESC' }]
  const values = valuesOf(words, texts)
  const keys: Key[] = wanted.map((one) => ({
    value: fieldValue(one) ?? values[one.by as Exclude<SortKey, 'FIELD'>](),
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
    comparePositions(a, b) {
      for (const [index, { sign }] of keys.entries()) {
        const order = compareValues(a[index] ?? '', b[index] ?? '')
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

/** Rows in their order. What they are compared by is found once for each, as `inTurns`. */
export async function sortInTurns<T extends Row>(
  rows: Iterable<T>,
  order: TotalOrder,
  signal?: AbortSignal,
): Promise<T[]> {
  const placed = await mapInTurns(rows, (row) => ({ row, position: order.position(row) }), signal)
  placed.sort((a, b) => order.comparePositions(a.position, b.position))
  return placed.map(({ row }) => row)
}
