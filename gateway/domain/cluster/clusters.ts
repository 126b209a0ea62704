import { badRequest, notFound } from '../../lib/errors.ts'
import { CLUSTERS } from '../names.ts'
import { attributes, type Attributes, type OperationScope } from '../operation.ts'
import type { ClusterDeps } from './index.ts'
import type { Cluster } from './types.ts'

/** Its presence marks the host, whatever the value. */
export const HOST_LABEL = 'cluster-role.kubesphere.io/host'

/** What a call on clusters needs. */
export function clusterAttributes(verb: string, name = '', subresource = ''): Attributes {
  return attributes({
    verb,
    apiGroup: 'cluster.kubesphere.io',
    apiVersion: 'v1alpha1',
    resource: 'clusters',
    name,
    subresource,
    scope: 'Global',
  })
}

/** The Cluster as cached, credentials included. Throws ApiError 404. */
export async function storedCluster(
  deps: ClusterDeps,
  scope: OperationScope,
  name: string,
): Promise<Cluster> {
  const store = await deps.host.caches.store(CLUSTERS, scope.signal)
  const entry = store.get('', name)
  if (!entry) throw notFound('cluster.kubesphere.io', 'Cluster', name)
  return entry.object as Cluster
}

/** Base64 to text. Throws ApiError 400 for an empty kubeconfig. */
export function kubeconfigText(base64: string | undefined): string {
  if (!base64) throw badRequest('cluster kubeconfig MUST NOT be empty')
  return Buffer.from(base64, 'base64').toString('utf8')
}
