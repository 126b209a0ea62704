import {
  predicate,
  slice,
  sortInTurns,
  totalOrder,
  type KindWords,
  type Order,
  type Row,
  type Selection,
  type Sorted,
  type Texts,
} from '../gateway/domain/selection/index.ts'
import { filterInTurns } from '../gateway/lib/turns.ts'
import { bindingOf, type Cursors } from './cursor.ts'
import { CursorEdge, EdgesInfo, type Edge, type PageInfo } from './page-edges.ts'
import { windowOf, type PagingArgs } from './paging.ts'

export interface ListArgs extends PagingArgs {
  readonly filter?: Selection | null | undefined
  readonly orderBy?: readonly Order[] | null | undefined
}

export interface Connection<N> {
  readonly edges: readonly Edge<N>[]
  readonly nodes: readonly N[]
  readonly pageInfo: PageInfo
  readonly totalCount: number
  readonly pageCount: number
}

export interface ConnectionOptions<T extends Row, N> {
  readonly cursors: Cursors
  /** Names the list: field, parent and every argument that is not paging, filter or order. */
  readonly list: readonly unknown[]
  readonly args: ListArgs
  /** What rows must meet where that is not the filter of `args` as it stands: its cursors are bound to that one. */
  readonly wanted?: Selection | null | undefined
  readonly toNode: (row: T) => N
  readonly words?: KindWords | undefined
  /** Where the rows have their texts. Default: out of their objects. */
  readonly texts?: Texts | undefined
  /** Whoever asks may go before many rows are looked at. */
  readonly signal?: AbortSignal | undefined
  readonly defaultOrder?: readonly Order[]
}

/**
 * A page of `rows` by the arguments of a connection: filtered and sorted as a whole, so that totals and both page flags
 * are exact; nodes and cursors are made for the page only. Throws BAD_USER_INPUT and CURSOR_MISMATCH.
 */
export async function connect<T extends Row, N>(
  rows: Iterable<T>,
  options: ConnectionOptions<T, N>,
): Promise<Connection<N>> {
  const { args, words, texts, signal } = options
  const order = totalOrder(args.orderBy ?? options.defaultOrder ?? [], words, texts)
  const filter = options.wanted ?? args.filter
  const wanted = filter ? await filterInTurns(rows, predicate(filter, words, texts), signal) : rows
  return connectSorted(await sortInTurns(wanted, order, signal), options)
}

/** The same of rows that are filtered and sorted as the arguments say. */
export function connectSorted<T extends Row, N>(
  sorted: Sorted<T>,
  options: ConnectionOptions<T, N>,
): Connection<N> {
  const { args, cursors, toNode, words, texts } = options
  const order = totalOrder(args.orderBy ?? options.defaultOrder ?? [], words, texts)
  const binding = bindingOf(options.list, args.filter ?? null, args.orderBy ?? null)
  const window = windowOf(args, (cursor) => cursors.decode(binding, cursor))
  const page = slice(sorted, order, window)
  const edges = page.rows.map((row) => {
    const cursor = (): string => cursors.encode(binding, order.position(row))
    return new CursorEdge(toNode(row), cursor)
  })
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: new EdgesInfo(edges, {
      hasNextPage: page.end < page.total,
      hasPreviousPage: page.start > 0,
    }),
    totalCount: page.total,
    pageCount: Math.ceil(page.total / window.size),
  }
}
