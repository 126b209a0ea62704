import type { ClusterAccess, Entry, GVR, Store } from '../../kube/api.ts'
import { ApiError, notFound } from '../../lib/errors.ts'
import { objectAttributes } from '../objects/index.ts'
import type { Operation } from '../operation.ts'
import type { FilterContext } from './condition.ts'
import { select } from './engine.ts'
import type { Kind } from './kind.ts'
import { kinds } from './kinds/index.ts'
import { redactorOf } from '../redact.ts'
import { ShapedEntry, shapeOf } from './shown.ts'
import type { ListQuery, ResourcePage, Shown } from './types.ts'

export interface ListArgs {
  /** Lower-case plural. */
  readonly resource: string
  readonly namespace?: string | undefined
  readonly query: ListQuery
}

export interface GetArgs {
  readonly resource: string
  readonly namespace?: string | undefined
  readonly name: string
}

/** The registered kind. Throws ApiError 404 for none, or one that has no namespaces where one is named. */
export function demandKind(resource: string, namespace: string | undefined): Kind {
  const kind = kinds.get(resource)
  if (kind && (kind.namespaced || namespace === undefined)) return kind
  throw new ApiError(404, 'NotFound', 'resource is not supported')
}

/** What filters of one store may look at. */
export function filterContext(
  { caches }: ClusterAccess,
  store: Store,
  signal: AbortSignal,
): FilterContext {
  const redactor = redactorOf(store.gvr)
  return {
    store,
    object: redactor ? ({ object }) => redactor(object) : ({ object }) => object,
    related: (gvr: GVR) => caches.store(gvr, signal),
  }
}

function needs(verb: string, resource: string, namespace = '', name = '') {
  const kind = kinds.get(resource) ?? {
    group: 'resources.kubesphere.io',
    version: 'v1alpha3',
    resource,
    kind: '',
    namespaced: namespace !== '',
  }
  const info = { ...kind, singular: '', verbs: [], shortNames: [], categories: [], preferred: true }
  return objectAttributes(verb, { info, namespace }, name)
}

/** Objects of a registered kind: the first engine of resources-tenant.md §3. */
export const list: Operation<ListArgs, ResourcePage> = {
  name: 'resources.list',
  needs: ({ resource, namespace }) => needs('list', resource, namespace),
  async run(scope, { resource, namespace, query }) {
    const kind = demandKind(resource, namespace)
    return listKind(scope.cluster, kind, { namespace, query, signal: scope.signal })
  },
}

/** One object of a registered kind. Throws ApiError 404 with the kind's name. */
export const get: Operation<GetArgs, Shown> = {
  name: 'resources.get',
  needs: ({ resource, namespace, name }) => needs('get', resource, namespace, name),
  async run(scope, { resource, namespace, name }) {
    const kind = demandKind(resource, namespace)
    const store = await scope.cluster.caches.store(kind, scope.signal)
    const entry = store.get(namespace ?? '', name)
    if (!entry) throw notFound(kind.group, kind.kind, name)
    return new ShapedEntry(entry, { shape: shapeOf(kind.redact, kind.shape), variant: 'one' })
  },
}

export interface ListKindArgs {
  readonly namespace?: string | undefined
  readonly query: ListQuery
  readonly signal: AbortSignal
  /** Only these entries. */
  readonly among?: readonly Entry[] | undefined
}

/** A page of one kind by the first engine. */
export async function listKind(
  cluster: ClusterAccess,
  kind: Kind,
  { namespace, query, signal, among }: ListKindArgs,
): Promise<ResourcePage> {
  const store = await cluster.caches.store(kind, signal)
  const context = filterContext(cluster, store, signal)
  const fetched = among ? undefined : await kind.fetch?.(context, query, namespace)
  const rows = await select({
    context,
    semantics: kind,
    namespace,
    query: fetched ? without(query, fetched.consumed) : query,
    among: among ?? fetched?.entries,
  })
  const shape = shapeOf(kind.redact, kind.listShape ?? kind.shape)
  return {
    items: rows.entries.map(
      (entry) =>
        new ShapedEntry(entry, {
          shape,
          variant: 'list',
          annotations: fetched?.annotations?.get(entry.name),
        }),
    ),
    totalItems: rows.totalItems,
    remainingItems: rows.totalItems - rows.end,
  }
}

/** Label selector and parameters that went into the choice of objects do not filter it again. */
function without(query: ListQuery, consumed: readonly string[]): ListQuery {
  const filters = { ...query.filters }
  for (const key of consumed) delete filters[key]
  return { ...query, filters, labelSelector: '' }
}
