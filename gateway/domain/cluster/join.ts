import { badRequest } from '../../lib/errors.ts'
import { CLUSTERS } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import { HOST_LABEL, storedCluster } from './clusters.ts'
import type { ClusterDeps } from './index.ts'
import { publicCluster } from './shapes.ts'
import type { Cluster, ClusterDraft } from './types.ts'
import { validateCluster } from './validation.ts'

const CREATOR = 'kubesphere.io/creator'
const ALIAS = 'kubesphere.io/alias-name'
const DESCRIPTION = 'kubesphere.io/description'
/** Read once by the controller of labels. */
const LABEL_IDS = 'cluster.kubesphere.io/label-ids'

/**
 * Takes a cluster in as a direct member after the checks of `validateCluster`; it becomes Ready when the controller has
 * seen it (platform-apis.md §6.7). Throws ApiError 400, 409.
 */
export async function joinCluster(
  deps: ClusterDeps,
  scope: OperationScope,
  draft: ClusterDraft,
): Promise<Cluster> {
  const { name, kubeconfig, kubesphereAPIEndpoint, provider, alias, description } = draft
  const labels = { ...draft.labels }
  if (labels[HOST_LABEL] !== undefined) throw badRequest(`the label ${HOST_LABEL} is the host's`)
  const ids = draft.labelIds?.join(',')
  const cluster = {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: {
      name,
      labels,
      annotations: {
        [CREATOR]: scope.user.name,
        ...(alias ? { [ALIAS]: alias } : {}),
        ...(description ? { [DESCRIPTION]: description } : {}),
        ...(ids ? { [LABEL_IDS]: ids } : {}),
      },
    },
    spec: {
      ...(provider ? { provider } : {}),
      connection: {
        type: 'direct',
        kubeconfig,
        ...(kubesphereAPIEndpoint ? { kubesphereAPIEndpoint } : {}),
      },
    },
  }
  await validateCluster(deps, scope, cluster)
  const created = await deps.host.client.create(CLUSTERS, cluster, { signal: scope.signal })
  await written(deps.host, CLUSTERS, created)
  return publicCluster(created)
}

/** Deletes a member's Cluster; the cluster itself stays as it is. Throws ApiError 400 for the host, 404. */
export async function removeCluster(
  deps: ClusterDeps,
  scope: OperationScope,
  name: string,
): Promise<void> {
  const { metadata } = await storedCluster(deps, scope, name)
  if (metadata.labels?.[HOST_LABEL] !== undefined) {
    throw badRequest('the host cluster cannot be removed')
  }
  const uid = metadata.uid ?? ''
  await deps.host.client.delete(CLUSTERS, name, { signal: scope.signal, preconditions: { uid } })
  await removed(deps.host, CLUSTERS, { namespace: '', name, uid })
}
