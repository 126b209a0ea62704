import type { ClusterAccess, Column, Entry, GVR, Store } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { parseLabelSelector } from '../../lib/labels.ts'
import type { OperationScope } from '../operation.ts'
import { customCondition, typeOf } from './custom-filters.ts'
import { select, type Semantics } from './engine.ts'
import type { FilterContext } from './condition.ts'
import { filtersA, filtersB } from './filters.ts'
import { filterContext } from './reads.ts'
import { kindOf } from './kinds/index.ts'
import type { ListQuery } from './types.ts'

/** A list after filtering (`totalItems`) and slicing (`items`). */
export interface Paged<T> {
  readonly items: readonly T[]
  readonly totalItems: number
}

type View<T> = (object: KubeObject) => T

/** Every object of a resource that the query wants, with the filters of its kind (engine A). */
export async function listAll<T>(
  cluster: ClusterAccess,
  gvr: GVR,
  query: ListQuery,
  signal: AbortSignal,
  view: View<T>,
): Promise<Paged<T>> {
  const store = await cluster.caches.store(gvr, signal)
  const context = filterContext(cluster, store, signal)
  const semantics = kindOf(gvr) ?? { filters: filtersA }
  const { entries, totalItems } = await select({ context, semantics, query })
  return { items: entries.map(({ object }) => view(object)), totalItems }
}

/** What the query wants of these entries, with the filters that every kind has (engine A). */
export async function selectAmong<T>(
  entries: Iterable<Entry>,
  query: ListQuery,
  view: View<T>,
): Promise<Paged<T>> {
  return among(entries, query, { filters: filtersA }, view)
}

/**
 * What the query wants of a store or of some entries of one kind (engine B). Objects are filtered as `view` shows them,
 * by the custom filters of `scope` too.
 */
export async function pageB<T extends object>(
  of: Store | Iterable<Entry>,
  query: ListQuery,
  view: View<T>,
  scope?: Pick<OperationScope, 'customFilters' | 'signal'>,
): Promise<Paged<T>> {
  if (!isStore(of)) {
    const entries = [...of]
    const { apiVersion = '', kind = '' } = entries[0]?.object ?? {}
    const custom = await customCondition(scope, query, { apiVersion, kind })
    return among(entries, query, { filters: filtersB }, view, custom)
  }
  const context: FilterContext = {
    ...unrelated(of),
    custom: await customCondition(scope, query, typeOf(of)),
    object: ({ object }) => view(object) as KubeObject,
  }
  const { entries, totalItems } = await select({ context, semantics: { filters: filtersB }, query })
  return { items: entries.map(({ object }) => view(object)), totalItems }
}

/** What the query wants of objects that no cache holds (engine B). */
export async function selectB<T extends KubeObject>(
  objects: readonly T[],
  query: ListQuery,
): Promise<Paged<T>> {
  return among(
    objects.map((object) => new LooseEntry(object)),
    query,
    { filters: filtersB },
    (object) => object as T,
  )
}

/** The query with one more condition on labels; a selector that cannot be read stands for none. */
export function withLabelSelector(query: ListQuery, term: string): ListQuery {
  const { labelSelector = '' } = query
  const usable = labelSelector.trim() !== '' && parseLabelSelector(labelSelector) !== undefined
  return { ...query, labelSelector: usable ? `${labelSelector},${term}` : term }
}

/** The query with its filter `label` replaced. */
export function withLabelFilter(query: ListQuery, label: string): ListQuery {
  return { ...query, filters: { ...query.filters, label } }
}

async function among<T>(
  entries: Iterable<Entry>,
  query: ListQuery,
  semantics: Semantics,
  view: View<T>,
  custom?: FilterContext['custom'],
): Promise<Paged<T>> {
  const context: FilterContext = {
    ...unrelated(loose),
    custom,
    object: ({ object }) => view(object) as KubeObject,
  }
  const rows = await select({ context, semantics, query, among: [...entries] })
  return { items: rows.entries.map(({ object }) => view(object)), totalItems: rows.totalItems }
}

function isStore(of: Store | Iterable<Entry>): of is Store {
  return 'gvr' in of
}

function unrelated(store: Store): Pick<FilterContext, 'store' | 'related'> {
  return {
    store,
    related: () => Promise.reject(new Error('these filters read one resource only')),
  }
}

const computed = (name: string, compute: (object: KubeObject) => string): Column => ({
  name,
  of: ({ object }) => compute(object),
  filled: () => Promise.resolve(),
})

/** Stands in where entries come from anywhere: its columns are computed anew. */
const loose: Store = {
  gvr: { group: '', version: '', resource: '' },
  kind: '',
  synced: true,
  size: 0,
  resourceVersion: '',
  revision: 0,
  get: () => undefined,
  entries: () => [],
  byName: () => [],
  count: () => 0,
  withLabel: () => [],
  view: () => ({ size: 0, slice: () => [], scan: () => [] }),
  column: computed,
  subscribe: () => () => {},
  waitFor: () => Promise.resolve(),
}

/** An object that is in no store. */
class LooseEntry implements Entry {
  readonly object: KubeObject
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly created: number
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>

  constructor(object: KubeObject) {
    const { metadata } = object
    this.object = object
    this.namespace = metadata.namespace ?? ''
    this.name = metadata.name ?? ''
    this.uid = metadata.uid ?? ''
    this.resourceVersion = metadata.resourceVersion ?? ''
    this.created = Date.parse(metadata.creationTimestamp ?? '') || 0
    this.labels = metadata.labels ?? {}
    this.annotations = metadata.annotations ?? {}
  }

  get json(): string {
    return JSON.stringify(this.object)
  }
}
