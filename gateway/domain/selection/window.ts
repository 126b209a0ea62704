import type { TotalOrder } from './order.ts'
import type { Position, Row } from './types.ts'

/** Which part of a list is wanted. `size` is from 1; `page` counts from 1. */
export type Window =
  | {
      readonly kind: 'cursor'
      readonly size: number
      readonly backward: boolean
      readonly after: Position | undefined
      readonly before: Position | undefined
    }
  | { readonly kind: 'page'; readonly page: number; readonly size: number }

/** A part of an ordered list: `rows[start..end)`. */
export interface Slice<T extends Row> {
  readonly rows: readonly T[]
  readonly start: number
  readonly end: number
  readonly total: number
}

/** Rows in an order, of which only those that are asked for need be there. */
export interface Sorted<T extends Row> {
  readonly length: number
  at(index: number): T | undefined
  slice(from: number, to: number): readonly T[]
}

/** Index of the first row for which `beyond` holds; rows are ordered so that it holds for a tail of them. */
function firstIndex<T extends Row>(rows: Sorted<T>, beyond: (row: T) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (beyond(rows.at(middle) as T)) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * The part of `sorted` that a window shows. Cursors are places, not counts: rows that came or went elsewhere do not
 * shift a page. A page beyond the end is empty.
 */
export function slice<T extends Row>(
  sorted: Sorted<T>,
  order: TotalOrder,
  window: Window,
): Slice<T> {
  const total = sorted.length
  if (window.kind === 'page') {
    const start = Math.min((window.page - 1) * window.size, total)
    const end = Math.min(start + window.size, total)
    return { rows: sorted.slice(start, end), start, end, total }
  }
  const { after, before } = window
  const from = after ? firstIndex(sorted, (row) => order.place(row, after) > 0) : 0
  const to = before ? firstIndex(sorted, (row) => order.place(row, before) >= 0) : total
  const bounded = Math.max(from, to)
  const start = window.backward ? Math.max(from, bounded - window.size) : from
  const end = window.backward ? bounded : Math.min(bounded, from + window.size)
  return { rows: sorted.slice(start, end), start, end, total }
}
