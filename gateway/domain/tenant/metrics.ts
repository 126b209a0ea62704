import type { ClusterAccess, GVR } from '../../kube/api.ts'
import { withLabelSelector, type ListQuery } from '../resources/index.ts'
import {
  INSTALL_PLANS,
  USERS,
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
} from '../names.ts'
import { attributes, type OperationScope } from '../operation.ts'
import type {
  NamespaceOperations,
  TemplateOperations,
  TenantClusterOperations,
  TenantDeps,
  TenantMetricOperations,
} from './index.ts'
import type { Count } from './types.ts'

export interface CountedOperations {
  readonly templates: TemplateOperations
  readonly namespaces: NamespaceOperations
  readonly clusters: TenantClusterOperations
}

/** Numbers of the overview pages, as the caller may see them: resources-tenant.md §6, §10.9. */
export function metricOperations(deps: TenantDeps, of: CountedOperations): TenantMetricOperations {
  return {
    platform: {
      name: 'tenant.metrics.platform',
      needs: () =>
        attributes({
          verb: 'list',
          apiGroup: 'tenant.kubesphere.io',
          apiVersion: 'v1beta1',
          resource: 'metrics',
        }),
      run: (scope, { query }) => platform(deps, of, scope, query),
    },
    workspace: {
      name: 'tenant.metrics.workspace',
      needs: ({ workspace }) =>
        attributes({
          verb: 'list',
          apiGroup: 'tenant.kubesphere.io',
          apiVersion: 'v1beta1',
          resource: 'metrics',
          workspace,
        }),
      run: async (scope, { workspace, query }) => {
        const inWorkspace = (gvr: GVR): Promise<number> =>
          labelled(deps.host, gvr, workspace, scope.signal)
        const [bindings, roles, namespaces] = await Promise.all([
          inWorkspace(WORKSPACE_ROLE_BINDINGS),
          inWorkspace(WORKSPACE_ROLES),
          of.namespaces.list.run(scope, { workspace, query }),
        ])
        return [
          { name: 'workspace_workspacerolebinding_count', value: bindings },
          { name: 'workspace_workspacerole_count', value: roles },
          { name: 'workspace_namespace_count', value: namespaces.totalItems },
        ]
      },
    },
  }
}

async function platform(
  deps: TenantDeps,
  of: CountedOperations,
  scope: OperationScope,
  query: ListQuery,
): Promise<Count[]> {
  const users = await deps.host.caches.store(USERS, scope.signal)
  const counts: Count[] = [{ name: 'platform_user_count', value: users.count() }]
  const mayListPlans = await scope.may(
    attributes({
      verb: 'list',
      apiGroup: 'kubesphere.io',
      apiVersion: 'v1alpha1',
      resource: 'installplans',
      scope: 'Global',
    }),
  )
  if (mayListPlans) {
    const plans = await deps.host.caches.store(INSTALL_PLANS, scope.signal)
    counts.push({ name: 'platform_installplan_count', value: plans.count() })
  }
  const templates = await of.templates.list.run(scope, { query })
  if (templates.totalItems) {
    counts.push({ name: 'platform_workspace_count', value: templates.totalItems })
  }
  const clusters = await of.clusters.list.run(scope, {
    query: withLabelSelector(query, 'kubesphere.io/managed=true'),
  })
  if (clusters.totalItems) {
    counts.push({ name: 'platform_cluster_count', value: clusters.totalItems })
  }
  return counts
}

async function labelled(
  cluster: ClusterAccess,
  gvr: GVR,
  workspace: string,
  signal: AbortSignal,
): Promise<number> {
  const store = await cluster.caches.store(gvr, signal)
  let count = 0
  for (const _entry of store.withLabel(WORKSPACE_LABEL, workspace)) count++
  return count
}
