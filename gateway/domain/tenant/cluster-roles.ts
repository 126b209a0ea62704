import type { ClusterAccess, GVR } from '../../kube/api.ts'
import type { RoleBinding } from '../iam/index.ts'
import { USER_REF, isLabelValue } from '../names.ts'
import type { OperationScope } from '../operation.ts'

/**
 * Whether the caller has a binding of this kind in a cluster for which `wanted` holds. The cache answers for the cluster
 * of the request, the API server for any other. Throws ApiError 503 for a cluster that cannot be asked.
 */
export async function hasBinding(
  scope: OperationScope,
  cluster: ClusterAccess,
  gvr: GVR,
  wanted: (binding: RoleBinding) => boolean = () => true,
): Promise<boolean> {
  const { name } = scope.user
  if (!isLabelValue(name)) return false
  const bindings = await labelled(scope, cluster, gvr, name)
  return bindings.some(
    (binding) =>
      binding.subjects?.some((s) => s.kind === 'User' && s.name === name) && wanted(binding),
  )
}

async function labelled(
  scope: OperationScope,
  cluster: ClusterAccess,
  gvr: GVR,
  user: string,
): Promise<RoleBinding[]> {
  if (cluster.name !== scope.cluster.name) {
    const labelSelector = `${USER_REF}=${user}`
    const list = await cluster.client.list<RoleBinding>(gvr, {
      labelSelector,
      signal: scope.signal,
    })
    return list.items
  }
  const store = await cluster.caches.store(gvr, scope.signal)
  return Array.from(store.withLabel(USER_REF, user), (entry) => entry.object as RoleBinding)
}
