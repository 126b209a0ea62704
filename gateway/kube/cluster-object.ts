import type { GVR, KubeObject } from './types.ts'

export const CLUSTERS: GVR = {
  group: 'cluster.kubesphere.io',
  version: 'v1alpha1',
  resource: 'clusters',
}

const HOST_LABEL = 'cluster-role.kubesphere.io/host'

/** `spec.connection` of a Cluster. */
export interface Connection {
  type?: string
  kubesphereAPIEndpoint?: string
  kubernetesAPIEndpoint?: string
  /** Base64 of a kubeconfig. */
  kubeconfig?: string
}

export function isHost(cluster: KubeObject): boolean {
  return cluster.metadata.labels?.[HOST_LABEL] !== undefined
}

export function isReady(cluster: KubeObject): boolean {
  const status = cluster['status'] as
    { conditions?: { type?: string; status?: string }[] } | undefined
  return status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false
}

export function connectionOf(cluster: KubeObject): Connection {
  return (cluster['spec'] as { connection?: Connection } | undefined)?.connection ?? {}
}
