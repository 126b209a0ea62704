import type { ClusterAccess, KubeClient } from '../../kube/api.ts'
import type { Effects } from '../effects.ts'
import type { Page } from '../iam/index.ts'
import type { Operation } from '../operation.ts'
import { pageB, type ListQuery } from '../resources/index.ts'
import { CLUSTERS } from '../names.ts'
import { clusterAttributes, storedCluster } from './clusters.ts'
import { grantCluster } from './grants.ts'
import { joinCluster, removeCluster } from './join.ts'
import { labelOperations } from './labels.ts'
import { publicCluster } from './shapes.ts'
import { updateKubeconfig, validateCluster } from './validation.ts'
import type { Cluster, ClusterDraft, ClusterLabel, GrantRequest, LabelDraft } from './types.ts'

export { publicCluster } from './shapes.ts'
export type * from './types.ts'

export interface ClusterLabelOperations {
  list: Operation<object, ClusterLabel[]>
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
  /** Validates a cluster and takes it in; ApiError 409 for a name that is taken. */
  readonly join: Operation<{ cluster: ClusterDraft }, Cluster>
  /** Lets a member go. Throws ApiError 400 for the host, 404. */
  readonly remove: Operation<{ name: string }, void>
  readonly updateKubeconfig: Operation<{ name: string; kubeconfig: string }, void>
  /** Adds this cluster to workspaces' placements or removes it. */
  readonly grant: Operation<{ name: string; requests: readonly GrantRequest[] }, void>
  readonly labels: ClusterLabelOperations
}

export interface ClusterDeps {
  readonly host: ClusterAccess
  readonly effects: Effects
  /** What this platform signs tokens with; members must have the same. */
  readonly jwtSecret: string
  /** A client for the cluster of a kubeconfig (its text); throws where the text cannot be used. Default: a new pool. */
  connect?(kubeconfig: string): Promise<KubeClient>
}

export function createClusterService(deps: ClusterDeps): ClusterService {
  return {
    list: {
      name: 'cluster.list',
      needs: () => clusterAttributes('list'),
      run: async (scope, { query }) => {
        const store = await deps.host.caches.store(CLUSTERS, scope.signal)
        return pageB(store, query, publicCluster, scope)
      },
    },
    get: {
      name: 'cluster.get',
      needs: ({ name }) => clusterAttributes('get', name),
      run: async (scope, { name }) => publicCluster(await storedCluster(deps, scope, name)),
    },
    validate: {
      name: 'cluster.validate',
      needs: () => clusterAttributes('create', 'validation'),
      run: (scope, { cluster }) => validateCluster(deps, scope, cluster),
    },
    join: {
      name: 'cluster.join',
      needs: () => clusterAttributes('create'),
      run: (scope, { cluster }) => joinCluster(deps, scope, cluster),
    },
    remove: {
      name: 'cluster.remove',
      needs: ({ name }) => clusterAttributes('delete', name),
      run: (scope, { name }) => removeCluster(deps, scope, name),
    },
    updateKubeconfig: {
      name: 'cluster.updateKubeconfig',
      needs: ({ name }) => clusterAttributes('update', name, 'kubeconfig'),
      run: (scope, { name, kubeconfig }) => updateKubeconfig(deps, scope, name, kubeconfig),
    },
    grant: {
      name: 'cluster.grant',
      needs: ({ name }) => clusterAttributes('create', name, 'grantrequests'),
      run: (scope, { name, requests }) => grantCluster(deps, scope, name, requests),
    },
    labels: labelOperations(deps),
  }
}
