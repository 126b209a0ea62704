import type { Entry, Order, Store, View } from '../../kube/api.ts'
import { parseLabelSelector, selector as selectorOf } from '../../lib/labels.ts'
import { filterInTurns } from '../../lib/turns.ts'
import { columnOf, type Condition, type Field, type FilterContext } from './condition.ts'
import { labelCondition, type FilterTable } from './filters.ts'
import { slicePositions } from './slice.ts'
import type { ListQuery, Rows } from './types.ts'

/** Up to this many entries are looked at one by one rather than found by an index that would have to be made. */
const SCANNED = 500

/** How one kind's lists behave in one engine. */
export interface Semantics {
  readonly filters: FilterTable
  /** What a parameter without a filter means; default: it holds for all. */
  readonly otherwise?: Condition | undefined
  /** Sort keys beyond `name` and the time of creation. */
  readonly sorts?: Readonly<Record<string, Field>> | undefined
}

export interface SelectArgs {
  readonly context: FilterContext
  readonly semantics: Semantics
  readonly query: ListQuery
  readonly namespace?: string | undefined
  /** Only these, in any order, instead of the whole store. */
  readonly among?: readonly Entry[] | undefined
  /** Conditions that no query takes away. */
  readonly also?: readonly Condition[] | undefined
}

/**
 * The rows of a list: filtered, in order, one page of them. A custom condition is asked about what all others leave.
 */
export async function select(args: SelectArgs): Promise<Rows> {
  const { context, query } = args
  const { filters = {} } = query
  if (!context.custom || Object.keys(filters).length === 0) return selectKnown(args)
  const { entries } = await selectKnown({ ...args, query: { ...query, limit: -1 } })
  const held = await context.custom(entries.map(context.object), filters)
  return cut(
    entries.filter((_, at) => held[at]),
    query,
  )
}

/**
 * What an index or a kept order already answers costs the rows of the page; conditions beyond that look at the
 * narrowest view. Ties end by name, then namespace.
 */
async function selectKnown(args: SelectArgs): Promise<Rows> {
  const { context, query, namespace, among, also = [] } = args
  const conditions = [...also, ...(await conditionsOf(args))]
  const { sortBy = '' } = query
  const descending = !query.ascending
  const sort = Object.hasOwn(args.semantics.sorts ?? {}, sortBy)
    ? args.semantics.sorts?.[sortBy]
    : undefined
  const order: Order = sortBy === 'name' ? 'name' : 'created'
  if (among) {
    const inPlace = namespace === undefined ? [] : [inNamespace(namespace)]
    const wanted = [...conditions, ...inPlace]
    const found = await filterInTurns(among, (entry) => all(wanted, entry))
    return cut(sorted(found, order, sort && [context.store, sort], descending), query)
  }
  await columnsFilled(context.store, conditions, sort)
  const source = narrowest(context.store, namespace, conditions)
  if (sort) {
    const found = await filterInTurns([...source.view.scan(order)], (one) => all(source.rest, one))
    return cut(sorted(found, order, [context.store, sort], descending), query)
  }
  if (source.rest.length === 0) {
    const totalItems = source.view.size
    const { start, end } = slicePositions(totalItems, query)
    return { entries: source.view.slice(order, descending, start, end), totalItems, end }
  }
  return scan(source, order, descending, query)
}

async function conditionsOf({ context, semantics, query }: SelectArgs): Promise<Condition[]> {
  const conditions: Condition[] = []
  // A selector that cannot be read selects everything, as in the lists that clients know (resources-tenant.md §2).
  const selector = parseLabelSelector(query.labelSelector ?? '')
  if (selector) {
    for (const requirement of selector.requirements) {
      conditions.push(labelCondition(selectorOf([requirement])))
    }
  }
  for (const [key, value] of Object.entries(query.filters ?? {})) {
    const filter = Object.hasOwn(semantics.filters, key) ? semantics.filters[key] : undefined
    if (filter) conditions.push(await filter(value, context))
    else if (semantics.otherwise) conditions.push(semantics.otherwise)
  }
  return conditions
}

/** What indexes and orders are made of is there before they are made, which takes them one turn. */
async function columnsFilled(
  store: Store,
  conditions: readonly Condition[],
  sort: Field | undefined,
): Promise<void> {
  if (store.size <= SCANNED) return
  const columns = conditions.flatMap(({ view }) => (view?.column ? [view.column.column] : []))
  if (sort) columns.push(columnOf(store, sort))
  for (const column of columns) await column.filled()
}

interface Source {
  readonly view: View
  readonly rest: readonly Condition[]
}

/** The smallest view that some condition answers, and the conditions left to check. */
function narrowest(
  store: Store,
  namespace: string | undefined,
  conditions: readonly Condition[],
): Source {
  let best: Source = {
    view: store.view(namespace === undefined ? {} : { namespace }),
    rest: conditions,
  }
  const inPlace = namespace === undefined ? [] : [inNamespace(namespace)]
  for (const condition of conditions) {
    if (!condition.view || best.view.size <= SCANNED) continue
    const view = store.view(condition.view)
    if (view.size >= best.view.size) continue
    best = { view, rest: [...conditions.filter((other) => other !== condition), ...inPlace] }
  }
  return best
}

function inNamespace(namespace: string): Condition {
  return { holds: (entry) => entry.namespace === namespace }
}

function all(conditions: readonly Condition[], entry: Entry): boolean {
  for (const condition of conditions) if (!condition.holds(entry)) return false
  return true
}

/** Counts what matches, of the entries as they are now, and keeps the rows of the page. */
async function scan(
  { view, rest }: Source,
  order: Order,
  descending: boolean,
  query: ListQuery,
): Promise<Rows> {
  const now = [...view.scan(order, descending)]
  const found = await filterInTurns(now, (entry) => all(rest, entry))
  return cut(found, query)
}

function cut(rows: readonly Entry[], query: ListQuery): Rows {
  const { start, end } = slicePositions(rows.length, query)
  return { entries: rows.slice(start, end), totalItems: rows.length, end }
}

type Comparer = (a: Entry, b: Entry) => number

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function sorted(
  rows: readonly Entry[],
  order: Order,
  by: readonly [Store, Field] | undefined,
  descending: boolean,
): Entry[] {
  let first: Comparer = order === 'created' ? (a, b) => a.created - b.created : () => 0
  if (by) {
    const column = columnOf(...by)
    first = (a, b) => byText(column.of(a), column.of(b))
  }
  const ascending = rows.toSorted(
    (a, b) => first(a, b) || byText(a.name, b.name) || byText(a.namespace, b.namespace),
  )
  return descending ? ascending.toReversed() : ascending
}
