import type { Entry } from '../../kube/api.ts'
import { badRequest, forbidden, notFound } from '../../lib/errors.ts'
import { sameJson } from '../../lib/json-patch.ts'
import { CLUSTERS, CLUSTER_ROLE_BINDINGS } from '../names.ts'
import { attributes, type OperationScope } from '../operation.ts'
import { hasBinding } from './cluster-roles.ts'
import type { TenantDeps } from './index.ts'
import type { Placement, WorkspaceTemplate } from './types.ts'

/** Names that a placement lists, whether they exist or not. Throws ApiError 400 where it is no list of clusters. */
function namedClusters(placement: Placement): string[] {
  const clusters: unknown = placement.clusters ?? []
  const names = Array.isArray(clusters)
    ? clusters.map((cluster: unknown) => (cluster as { name?: unknown } | null)?.name)
    : [undefined]
  if (names.every((name) => typeof name === 'string')) return names
  throw badRequest('placement.clusters must be a list of clusters by name')
}

/** Clusters that a selector takes in: all of them for `{}` (matchExpressions are not looked at, §10.6). */
export async function selectedClusters(
  deps: TenantDeps,
  scope: OperationScope,
  placement: Placement,
): Promise<Entry[]> {
  const { clusterSelector } = placement
  if (placement.clusters || !clusterSelector) return []
  const store = await deps.host.caches.store(CLUSTERS, scope.signal)
  const wanted = Object.entries(clusterSelector.matchLabels ?? {})
  return [...store.entries()].filter((entry) =>
    wanted.every(([key, value]) => entry.labels[key] === value),
  )
}

/** Every cluster that a placement names or selects. */
export async function placedClusters(
  deps: TenantDeps,
  scope: OperationScope,
  placement: Placement,
): Promise<string[]> {
  const selected = await selectedClusters(deps, scope, placement)
  return [...namedClusters(placement), ...selected.map((entry) => entry.name)]
}

/**
 * Throws ApiError 404 for a cluster that is not there and 403 for one that the caller may not use: not public, not
 * theirs to delete, no cluster-admin of it (§10.7).
 */
export async function demandClusters(
  deps: TenantDeps,
  scope: OperationScope,
  names: Iterable<string>,
): Promise<void> {
  const store = await deps.host.caches.store(CLUSTERS, scope.signal)
  for (const name of new Set(names)) {
    const entry = store.get('', name)
    if (!entry) throw notFound('cluster.kubesphere.io', 'Cluster', name)
    if (await mayUse(deps, scope, entry)) continue
    throw forbidden(
      `clusters.cluster.kubesphere.io "${name}" is forbidden: user is not allowed to use the cluster ${name}`,
      { group: 'cluster.kubesphere.io', kind: 'clusters', name },
    )
  }
}

async function mayUse(deps: TenantDeps, scope: OperationScope, cluster: Entry): Promise<boolean> {
  if (cluster.labels['cluster.kubesphere.io/visibility'] === 'public') return true
  const owner = await scope.may(
    attributes({
      verb: 'delete',
      apiGroup: 'cluster.kubesphere.io',
      apiVersion: 'v1alpha1',
      resource: 'clusters',
      cluster: cluster.name,
      scope: 'Global',
    }),
  )
  if (owner) return true
  const access = await deps.clusters.access(cluster.name)
  return hasBinding(
    scope,
    access,
    CLUSTER_ROLE_BINDINGS,
    ({ roleRef }) => roleRef.name === 'cluster-admin',
  )
}

/** Whether the caller manages all workspace templates. */
export function managesTemplates(scope: OperationScope): Promise<boolean> {
  return scope.may(
    attributes({
      verb: 'delete',
      apiGroup: 'tenant.kubesphere.io',
      apiVersion: 'v1beta1',
      resource: 'workspacetemplates',
      scope: 'Global',
    }),
  )
}

/** Throws ApiError 403 unless the caller manages all workspace templates. */
export async function demandTemplates(scope: OperationScope, name: string): Promise<void> {
  if (await managesTemplates(scope)) return
  throw forbidden(`workspacetemplates.tenant.kubesphere.io "${name}" is forbidden: reason: `, {
    group: 'tenant.kubesphere.io',
    kind: 'workspacetemplates',
    name,
  })
}

/**
 * Throws unless the caller may turn `before` into `after`: clusters that come or go must be theirs to use, and whatever
 * else changes is for those who manage templates. Compares results, so no spelling of a patch gets round it.
 */
export async function demandPlacementChange(
  deps: TenantDeps,
  scope: OperationScope,
  before: WorkspaceTemplate,
  after: WorkspaceTemplate,
): Promise<void> {
  const name = before.metadata.name ?? ''
  const { placement: old, ...restBefore } = before.spec
  const { placement: next, ...restAfter } = after.spec
  if (!sameJson(restBefore, restAfter) || !sameJson(before.metadata, after.metadata)) {
    await demandTemplates(scope, name)
  }
  if (sameJson(old, next)) return
  const [was, is] = await Promise.all([
    placedClusters(deps, scope, old),
    placedClusters(deps, scope, next),
  ])
  const selector = !sameJson(old.clusterSelector ?? null, next.clusterSelector ?? null)
  const touched = selector
    ? [...was, ...is]
    : [...was.filter((c) => !is.includes(c)), ...is.filter((c) => !was.includes(c))]
  if (touched.length === 0) return demandTemplates(scope, name)
  // A cluster that is gone may be taken out of a placement by whoever manages the others.
  const store = await deps.host.caches.store(CLUSTERS, scope.signal)
  const known = touched.filter((cluster) => is.includes(cluster) || store.get('', cluster))
  if (known.length === 0) return demandTemplates(scope, name)
  await demandClusters(deps, scope, known)
}
