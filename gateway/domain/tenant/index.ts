import type { ClusterAccess } from '../../kube/api.ts'
import type { Clusters } from '../../kube/clusters.ts'
import type { Cluster } from '../cluster/index.ts'
import type { Effects } from '../effects.ts'
import type { Page } from '../iam/index.ts'
import type { Authorizer, Operation } from '../operation.ts'
import type { ListQuery } from '../resources/index.ts'
import { tenantClusterOperations } from './clusters.ts'
import { metricOperations } from './metrics.ts'
import { namespaceOperations } from './namespaces.ts'
import { quotaOperations } from './quotas.ts'
import { templateOperations } from './templates.ts'
import type {
  Count,
  Draft,
  JsonPatchOperation,
  Namespace,
  Workspace,
  WorkspaceQuota,
  WorkspaceTemplate,
} from './types.ts'
import { createVisibility } from './visibility.ts'
import { workspaceOperations } from './workspaces.ts'

export {
  demandClusters,
  demandPlacementChange,
  demandTemplates,
  managesTemplates,
  placedClusters,
} from './placement.ts'
export { workspaceTemplate } from './shapes.ts'
export type * from './types.ts'

export interface WorkspaceOperations {
  /** Workspaces that the caller may see: all, or those with a role bound to the user or to one of the groups. */
  list: Operation<{ query: ListQuery }, Page<Workspace>>
  get: Operation<{ workspace: string }, Workspace>
}

export interface TemplateOperations {
  list: Operation<{ query: ListQuery }, Page<WorkspaceTemplate>>
  get: Operation<{ workspace: string }, WorkspaceTemplate>
  create: Operation<{ template: Draft }, WorkspaceTemplate>
  update: Operation<{ workspace: string; template: Draft }, WorkspaceTemplate>
  patch: Operation<{ workspace: string; patch: JsonPatchOperation[] }, WorkspaceTemplate>
  delete: Operation<{ workspace: string; propagationPolicy?: string | undefined }, void>
}

export interface NamespaceOperations {
  /** With `workspace`: the projects of that workspace that the caller may see. */
  list: Operation<{ workspace?: string | undefined; query: ListQuery }, Page<Namespace>>
  /** What `member` would see. */
  ofMember: Operation<{ workspace: string; member: string; query: ListQuery }, Page<Namespace>>
  get: Operation<{ workspace: string; namespace: string }, Namespace>
  create: Operation<{ workspace: string; namespace: Draft }, Namespace>
  update: Operation<{ workspace: string; name: string; namespace: Draft }, Namespace>
  /** A JSON merge patch; null removes. */
  patch: Operation<{ workspace: string; name: string; patch: Draft }, Namespace>
  delete: Operation<{ workspace: string; namespace: string }, void>
}

export interface TenantClusterOperations {
  /** Clusters that the caller may use, credentials blank. */
  list: Operation<{ query: ListQuery; roleBindingExists?: boolean | undefined }, Page<Cluster>>
  ofWorkspace: Operation<{ workspace: string }, Page<Cluster>>
}

export interface QuotaOperations {
  get: Operation<{ workspace: string; name: string }, WorkspaceQuota>
  create: Operation<{ workspace: string; quota: Draft }, WorkspaceQuota>
  update: Operation<{ workspace: string; name: string; quota: Draft }, WorkspaceQuota>
  delete: Operation<{ workspace: string; name: string }, void>
}

export interface TenantMetricOperations {
  platform: Operation<{ query: ListQuery }, Count[]>
  workspace: Operation<{ workspace: string; query: ListQuery }, Count[]>
}

export interface TenantService {
  readonly workspaces: WorkspaceOperations
  readonly templates: TemplateOperations
  readonly namespaces: NamespaceOperations
  readonly clusters: TenantClusterOperations
  readonly quotas: QuotaOperations
  readonly metrics: TenantMetricOperations
}

export interface TenantDeps {
  readonly host: ClusterAccess
  /** Asked about roles in other clusters. */
  readonly clusters: Pick<Clusters, 'access'>
  readonly authorizer: Authorizer
  readonly effects: Effects
}

export function createTenant(deps: TenantDeps): TenantService {
  const seen = createVisibility(deps)
  const workspaces = workspaceOperations(deps, seen)
  const namespaces = namespaceOperations(deps, seen)
  const templates = templateOperations(deps, seen)
  const clusters = tenantClusterOperations(deps)
  return {
    workspaces,
    templates,
    namespaces,
    clusters,
    quotas: quotaOperations(deps),
    metrics: metricOperations(deps, { templates, namespaces, clusters }),
  }
}
