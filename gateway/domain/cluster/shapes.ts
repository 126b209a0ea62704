import type { KubeObject } from '../../kube/types.ts'
import type { Cluster, ClusterLabel } from './types.ts'

/** A Cluster as answers show it: no kubeconfig, no token. The argument is left as it is. */
export function publicCluster(object: KubeObject): Cluster {
  const { spec, status } = object as Cluster
  const { kubeconfig: _kubeconfig, token: _token, ...connection } = spec?.connection ?? {}
  return { ...object, spec: { ...spec, connection }, status: status ?? {} }
}

export function clusterLabel(object: KubeObject): ClusterLabel {
  return object as ClusterLabel
}

/** Label key on a Cluster that binds it to a label by id. */
export function boundBy(id: string): string {
  return `label.cluster.kubesphere.io/${id}`
}
