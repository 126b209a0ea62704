import type { ClusterAccess, Entry, GVR } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { despiteConflicts } from '../../lib/conflicts.ts'
import { badRequest, notFound } from '../../lib/errors.ts'
import { parseLabelSelector } from '../../lib/labels.ts'
import type { YamlReader } from '../../lib/yaml/index.ts'
import { WORKSPACE_LABEL } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { pageB, slicePositions, type ListQuery, type Paged } from '../resources/index.ts'
import { removed, written } from '../settle.ts'
import type { PackageStore } from './packages.ts'
import { GROUP, NAMESPACE_LABEL, SYSTEM_WORKSPACE, type Place } from './names.ts'
import { compareVersions } from './semver.ts'

export interface StoreDeps {
  readonly host: ClusterAccess
  readonly packages: PackageStore
  readonly yaml: YamlReader
}

export interface StoreListArgs extends Place {
  readonly query: ListQuery
  /** Only objects in one of these states. */
  readonly states?: readonly string[] | undefined
}

type Holds = (entry: Entry) => boolean

export function stateOf(object: KubeObject): string {
  const status = object['status'] as { state?: string } | undefined
  return status?.state ?? ''
}

/** The workspace of an object or a namespace, system-workspace where its labels name none. */
export function workspaceOf(labels: Readonly<Record<string, string>> = {}): string {
  return labels[WORKSPACE_LABEL] || SYSTEM_WORKSPACE
}

/** Whether an object may be seen from a place: system-workspace's from every workspace. */
export function isVisible({ labels }: Pick<Entry, 'labels'>, place: Place): boolean {
  if (place.namespace) return labels[NAMESPACE_LABEL] === place.namespace
  if (!place.workspace) return true
  const owner = labels[WORKSPACE_LABEL] ?? ''
  return owner === place.workspace || owner === SYSTEM_WORKSPACE
}

/** Whether an object may be changed from a place. */
export function isOwned({ labels }: Pick<Entry, 'labels'>, place: Place): boolean {
  if (place.namespace) return labels[NAMESPACE_LABEL] === place.namespace
  return !place.workspace || labels[WORKSPACE_LABEL] === place.workspace
}

/** Throws ApiError 400 when what a body names lies elsewhere than where the caller asked. */
export function demandSamePlace(what: string, asked: string | undefined, named: string): void {
  if (asked && named !== '' && named !== asked) {
    throw badRequest(`the ${what} of the body is not the ${what} of the path`)
  }
}

/** One page of the objects that hold. Throws ApiError 400 for a label selector that cannot be read. */
export async function listStored<T extends object>(
  { host }: StoreDeps,
  scope: OperationScope,
  gvr: GVR,
  { query, states }: StoreListArgs,
  show: (object: KubeObject) => T,
  holds: Holds,
): Promise<Paged<T>> {
  const { labelSelector = '' } = query
  if (labelSelector !== '' && !parseLabelSelector(labelSelector)) {
    throw badRequest(`unable to parse requirement: ${labelSelector}`)
  }
  const store = await host.caches.store(gvr, scope.signal)
  const among: Entry[] = []
  for (const entry of store.entries()) {
    if (!holds(entry)) continue
    if (states && !states.includes(stateOf(entry.object))) continue
    among.push(entry)
  }
  if (query.sortBy !== 'versionName') return pageB(among, query, show, scope)
  return byVersion(await pageB(among, { ...query, limit: -1, page: 1 }, show, scope), query)
}

function byVersion<T extends object>({ items, totalItems }: Paged<T>, query: ListQuery): Paged<T> {
  const nameOf = (item: T): string =>
    (item as { spec?: { versionName?: string } }).spec?.versionName ?? ''
  const sign = query.ascending ? 1 : -1
  const sorted = items.toSorted((a, b) => sign * compareVersions(nameOf(a), nameOf(b)))
  const { start, end } = slicePositions(totalItems, query)
  return { items: sorted.slice(start, end), totalItems }
}

/** The object out of the cache. Throws ApiError 404 for one that is missing or out of sight. */
export async function storedEntry(
  { host }: StoreDeps,
  scope: OperationScope,
  of: { gvr: GVR; kind: string; name: string },
  holds: Holds = () => true,
): Promise<Entry> {
  const store = await host.caches.store(of.gvr, scope.signal)
  const entry = store.get('', of.name)
  if (!entry || !holds(entry)) throw notFound(GROUP, of.kind, of.name)
  return entry
}

export async function createStored<T extends KubeObject>(
  { host }: StoreDeps,
  { signal }: Pick<OperationScope, 'signal'>,
  gvr: GVR,
  object: KubeObject,
): Promise<T> {
  const created = await host.client.create<T>(gvr, object, { signal })
  await written(host, gvr, created)
  return created
}

const REPLACE_ATTEMPTS = 5

/**
 * Stores what `change` makes of an object: first of the one out of the cache, then, where somebody was faster, of the one
 * that is there now. Throws ApiError 404, 409 when somebody is faster every time.
 */
export async function replaceStored<T extends KubeObject>(
  { host }: Pick<StoreDeps, 'host'>,
  { signal }: Pick<OperationScope, 'signal'>,
  gvr: GVR,
  cached: KubeObject,
  change: (current: KubeObject) => KubeObject,
): Promise<T> {
  return despiteConflicts(
    cached,
    async (current) => {
      const { resourceVersion } = current.metadata
      const next = change(current)
      const object = { ...next, metadata: { ...next.metadata, resourceVersion } }
      const updated = await host.client.update<T>(gvr, object, { signal })
      await written(host, gvr, updated)
      return updated
    },
    () => host.client.get(gvr, cached.metadata.name ?? '', { signal }),
    { attempts: REPLACE_ATTEMPTS },
  )
}

/** Merge-patches an object, or its status. */
export async function patchStored<T extends KubeObject>(
  { host }: StoreDeps,
  { signal }: Pick<OperationScope, 'signal'>,
  gvr: GVR,
  name: string,
  patch: object,
): Promise<T> {
  const subresource = 'status' in patch ? 'status' : undefined
  const patched = await host.client.patch<T>(gvr, name, patch, {
    type: 'merge',
    subresource,
    signal,
  })
  await written(host, gvr, patched)
  return patched
}

export async function deleteStored(
  { host }: StoreDeps,
  { signal }: Pick<OperationScope, 'signal'>,
  gvr: GVR,
  entry: Entry,
): Promise<void> {
  await host.client.delete(gvr, entry.name, { signal, preconditions: { uid: entry.uid } })
  await removed(host, gvr, entry)
}
