import type { ClusterAccess } from '../../kube/api.ts'
import type { Page } from '../iam/index.ts'
import type { Operation } from '../operation.ts'
import type { ListQuery, ResourceService } from '../resources/index.ts'
import type { Cluster, ClusterLabel, GrantRequest, LabelDraft } from './types.ts'

export type * from './types.ts'

export interface ClusterLabelOperations {
  list: Operation<Record<never, never>, ClusterLabel[]>
  create: Operation<{ labels: readonly LabelDraft[] }, ClusterLabel[]>
  update: Operation<{ label: string; key: string; value: string }, ClusterLabel>
  delete: Operation<{ labels: readonly string[] }, void>
  bind: Operation<{ labels: readonly string[]; clusters: readonly string[] }, void>
  unbind: Operation<{ label: string; clusters: readonly string[] }, ClusterLabel>
}

/** Clusters as this platform knows them; kubeconfig and token are blank in every answer. */
export interface ClusterService {
  readonly list: Operation<{ query: ListQuery }, Page<Cluster>>
  readonly get: Operation<{ name: string }, Cluster>
  /** Checks a cluster to be imported; throws ApiError 400 with what is wrong. */
  readonly validate: Operation<{ cluster: Partial<Cluster> }, void>
  readonly updateKubeconfig: Operation<{ name: string; kubeconfig: string }, void>
  /** Adds this cluster to workspaces' placements or removes it. */
  readonly grant: Operation<{ name: string; requests: readonly GrantRequest[] }, void>
  readonly labels: ClusterLabelOperations
}

export interface ClusterDeps {
  readonly host: ClusterAccess
  readonly resources: ResourceService
}
