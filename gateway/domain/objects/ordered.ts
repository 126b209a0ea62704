import type { Entry, GVR, Order as StoreOrder, Store, View } from '../../kube/api.ts'
import type { KindInfo } from '../../kube/types.ts'
import { parseLabelSelector } from '../../lib/labels.ts'
import { filterInTurns } from '../../lib/turns.ts'
import { redactorOf } from '../redact.ts'
import {
  predicate,
  textsOfObjects,
  type KindWords,
  type Order,
  type Row,
  type Selection,
  type Sorted,
  type Texts,
} from '../selection/index.ts'
import { visibleRows } from './visible.ts'

/** What a list is narrowed and sorted by. */
export interface Arrangement {
  readonly filter: Selection | null | undefined
  readonly orderBy: readonly Order[] | null | undefined
  readonly words?: KindWords | undefined
  readonly signal?: AbortSignal | undefined
}

const kept: Partial<Record<Order['by'], StoreOrder>> = { CREATED_AT: 'created', NAME: 'name' }

/** The order that a watch cache keeps by itself; undefined for any other. */
function keptOrder(orderBy: Arrangement['orderBy']) {
  const [first = { by: 'CREATED_AT' }, ...more] = orderBy ?? []
  const order = kept[first.by]
  return order && more.length === 0 ? { order, descending: first.direction !== 'ASC' } : undefined
}

/** A label that every object of the list must carry, where the filter begins with one that an index knows. */
function labelOf({ labelSelector, label }: Selection): { key: string; value: string } | undefined {
  const required = labelSelector ? parseLabelSelector(labelSelector)?.requirements : undefined
  for (const { key, operator, values } of required ?? []) {
    const [value] = values
    if (operator === 'in' && values.length === 1 && value !== undefined) return { key, value }
  }
  const [, key, value] = /^([^=!]+)=([^=*]+)$/.exec(label ?? '') ?? []
  return key && value ? { key, value } : undefined
}

/**
 * The rows of a watch cache in the order that is asked for, out of the orders and indexes that it keeps: nothing is sorted,
 * and without a filter nothing is read but what is taken. Undefined where the cache keeps no such order. Throws ApiError
 * 400 for a filter that cannot be used.
 */
export async function orderedRows(
  store: Store,
  { info, namespace }: { readonly info: KindInfo; readonly namespace: string },
  { filter, orderBy, words, signal }: Arrangement,
): Promise<Sorted<Row> | undefined> {
  const way = keptOrder(orderBy)
  if (!way) return undefined
  const { order, descending } = way
  const holds = filter ? predicate(filter, words, textsOf(store, info)) : undefined
  const label = filter ? labelOf(filter) : undefined
  const view = store.view(label ? { label } : { namespace: namespace || undefined })
  if (!holds) return rowsOf(view, info, order, descending)
  // As they are now, whatever changes meanwhile. A view by label is not narrowed by namespace.
  const rows = visibleRows(info, view.scan(order, descending))
  const here = label && namespace ? rows.filter((row) => row.namespace === namespace) : rows
  return filterInTurns(here, holds, signal)
}

/** Columns of a cache for rows of it. Rows that show less than the cache has are read themselves. */
export function textsOf(store: Store, info: GVR): Texts {
  if (redactorOf(info)) return textsOfObjects
  return ({ name, compute }) => {
    const column = store.column(name, compute)
    return (row) => column.of(row as Entry)
  }
}

function rowsOf(view: View, info: KindInfo, order: StoreOrder, descending: boolean): Sorted<Row> {
  const slice = (from: number, to: number) =>
    visibleRows(info, view.slice(order, descending, from, to))
  return { length: view.size, at: (index) => slice(index, index + 1)[0], slice }
}
