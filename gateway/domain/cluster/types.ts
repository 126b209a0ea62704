import type { KubeObject } from '../../kube/types.ts'

/** Objects of cluster.kubesphere.io/v1alpha1: platform-apis.md §6.5, §6.6. */

interface ClusterConnection {
  type?: string
  kubesphereAPIEndpoint?: string
  kubernetesAPIEndpoint?: string
  externalKubernetesAPIEndpoint?: string
  kubernetesAPIServerPort?: number
  kubesphereAPIServerPort?: number
  /** Base64; blank in every answer. */
  kubeconfig?: string
  /** Blank in every answer. */
  token?: string
}

export interface ClusterCondition {
  type: string
  status: string
  lastUpdateTime?: string | null
  lastTransitionTime?: string | null
  reason?: string
  message?: string
}

export interface Cluster extends KubeObject {
  spec: {
    joinFederation?: boolean
    enable?: boolean
    provider?: string
    connection: ClusterConnection
    config?: string
    externalKubeAPIEnabled?: boolean
  }
  status: {
    conditions?: ClusterCondition[]
    kubernetesVersion?: string
    kubeSphereVersion?: string
    nodeCount?: number
    zones?: string[]
    region?: string
    configz?: Record<string, boolean>
    uid?: string
  }
}

/** A label that clusters can be bound to; its object name is the id. */
export interface ClusterLabel extends KubeObject {
  spec: { key: string; value: string; backgroundColor?: string; clusters?: string[] }
}

export interface LabelDraft {
  key: string
  value: string
  backgroundColor?: string | undefined
}

export interface GrantRequest {
  op: string
  workspace: string
}

/** A cluster to be joined as a direct member. */
export interface ClusterDraft {
  name: string
  /** Base64 of its text. */
  kubeconfig: string
  /** Where its ks-apiserver answers; empty = through the proxy of its kube-apiserver. */
  kubesphereAPIEndpoint?: string | undefined
  provider?: string | undefined
  alias?: string | undefined
  description?: string | undefined
  /** Region and group are labels of the object. */
  labels?: Readonly<Record<string, string>> | undefined
  /** Ids of labels that it is bound to at once. */
  labelIds?: readonly string[] | undefined
}
