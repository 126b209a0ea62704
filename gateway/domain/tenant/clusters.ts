import type { Entry } from '../../kube/api.ts'
import { ApiError, notFound } from '../../lib/errors.ts'
import { listAll, selectAmong, withLabelFilter, type ListQuery } from '../resources/index.ts'
import { publicCluster, type Cluster } from '../cluster/index.ts'
import type { Page } from '../iam/index.ts'
import { CLUSTERS, GRANTED_CLUSTERS, ROLE_BINDINGS, USERS, WORKSPACE_TEMPLATES } from '../names.ts'
import { attributes, type OperationScope } from '../operation.ts'
import { hasBinding } from './cluster-roles.ts'
import type { TenantClusterOperations, TenantDeps } from './index.ts'
import { selectedClusters } from './placement.ts'
import { workspaceTemplate } from './shapes.ts'

/** Clusters as tenants see them: resources-tenant.md §10.6. */
export function tenantClusterOperations(deps: TenantDeps): TenantClusterOperations {
  return {
    list: {
      name: 'tenant.clusters.list',
      needs: () =>
        attributes({
          verb: 'list',
          apiGroup: 'tenant.kubesphere.io',
          apiVersion: 'v1beta1',
          resource: 'clusters',
          scope: 'Global',
        }),
      run: (scope, args) => list(deps, scope, args),
    },
    ofWorkspace: {
      name: 'tenant.clusters.ofWorkspace',
      needs: ({ workspace }) =>
        attributes({
          verb: 'list',
          apiGroup: 'tenant.kubesphere.io',
          apiVersion: 'v1beta1',
          resource: 'clusters',
          workspace,
        }),
      run: (scope, { workspace }) => ofWorkspace(deps, scope, workspace),
    },
  }
}

async function list(
  deps: TenantDeps,
  scope: OperationScope,
  args: { query: ListQuery; roleBindingExists?: boolean | undefined },
): Promise<Page<Cluster>> {
  const all = await scope.may(
    attributes({
      verb: 'list',
      apiGroup: 'cluster.kubesphere.io',
      resource: 'clusters',
      scope: 'Global',
    }),
  )
  if (all) return listAll(deps.host, CLUSTERS, args.query, scope.signal, publicCluster)
  const found = await grantedClusters(deps, scope)
  if (args.roleBindingExists) await addClustersWithRole(deps, scope, found)
  const { labelSelector } = args.query
  const query = labelSelector ? withLabelFilter(args.query, labelSelector) : args.query
  return selectAmong([...found], query, publicCluster)
}

/** Clusters that the account's annotation grants. Throws ApiError 500 for a caller without an account. */
async function grantedClusters(deps: TenantDeps, scope: OperationScope): Promise<Set<Entry>> {
  const [users, clusters] = await Promise.all([
    deps.host.caches.store(USERS, scope.signal),
    deps.host.caches.store(CLUSTERS, scope.signal),
  ])
  const user = users.get('', scope.user.name)
  if (!user) {
    const { message } = notFound('iam.kubesphere.io', 'User', scope.user.name)
    throw new ApiError(500, 'InternalError', `failed to describe user: ${message}`)
  }
  const found = new Set<Entry>()
  for (const name of (user.annotations[GRANTED_CLUSTERS] ?? '').split(',')) {
    const entry = clusters.get('', name)
    if (entry) found.add(entry)
  }
  return found
}

/** Adds the ready clusters in which some project has a role for the caller. */
async function addClustersWithRole(
  deps: TenantDeps,
  scope: OperationScope,
  found: Set<Entry>,
): Promise<void> {
  const clusters = await deps.host.caches.store(CLUSTERS, scope.signal)
  const others = [...clusters.entries()].filter(
    (entry) => !found.has(entry) && isReady(entry.object as Cluster),
  )
  const asked = await Promise.all(
    others.map(async ({ name }) =>
      hasBinding(scope, await deps.clusters.access(name), ROLE_BINDINGS),
    ),
  )
  others.forEach((entry, at) => asked[at] && found.add(entry))
}

function isReady(cluster: Cluster): boolean {
  return (cluster.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True')
}

/** In the placement's own order; by selector newest first. Throws ApiError 404 for a missing template. */
async function ofWorkspace(
  deps: TenantDeps,
  scope: OperationScope,
  name: string,
): Promise<Page<Cluster>> {
  const [templates, clusters] = await Promise.all([
    deps.host.caches.store(WORKSPACE_TEMPLATES, scope.signal),
    deps.host.caches.store(CLUSTERS, scope.signal),
  ])
  const template = templates.get('', name)
  if (!template) throw notFound('tenant.kubesphere.io', 'WorkspaceTemplate', name)
  const { placement } = workspaceTemplate(template.object).spec
  const found = placement.clusters
    ? placement.clusters.map((cluster) => clusters.get('', cluster.name))
    : (await selectedClusters(deps, scope, placement)).toReversed()
  const items = found.flatMap((entry) => (entry ? [publicCluster(entry.object)] : []))
  return { items, totalItems: items.length }
}
