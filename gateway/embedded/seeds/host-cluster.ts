import type { KubeClient } from '../../kube/api.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'

const namespaces: GVR = { group: '', version: 'v1', resource: 'namespaces' }
const nodes: GVR = { group: '', version: 'v1', resource: 'nodes' }

export interface HostFacts {
  /** UID of namespace kube-system, which tells clusters apart. */
  readonly uid: string
  readonly kubernetesVersion: string
  /** Version of the platform, as `/version` says it. */
  readonly kubeSphereVersion: string
  readonly nodeCount: number
}

/** What the host cluster says about itself. Throws ApiError when it does not answer. */
export async function hostFacts(
  client: KubeClient,
  kubeSphereVersion: string,
  signal?: AbortSignal,
): Promise<HostFacts> {
  const [system, version, { items }] = await Promise.all([
    client.get(namespaces, 'kube-system', { signal }),
    client.json<{ gitVersion: string }>({ path: '/version', signal }),
    client.list(nodes, { signal }),
  ])
  return {
    uid: system.metadata.uid ?? '',
    kubernetesVersion: version.gitVersion,
    kubeSphereVersion,
    nodeCount: items.length,
  }
}

/** Status of a Cluster that answers. `at` is RFC 3339. */
export function readyStatus(facts: HostFacts, at: string): Record<string, unknown> {
  return {
    ...facts,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Ready',
        message: 'Cluster is available now',
        lastUpdateTime: at,
        lastTransitionTime: at,
      },
    ],
  }
}

/**
 * The Cluster object of the cluster that the platform runs in (objects-and-controllers.md §4.1). It carries no
 * kubeconfig: requests for the host are served here, and a credential that nobody needs is not stored.
 */
export function hostCluster(name: string, endpoint: URL, facts: HostFacts, at: string): KubeObject {
  return {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: {
      name,
      labels: { 'cluster-role.kubesphere.io/host': '', 'kubesphere.io/managed': 'true' },
      annotations: {
        'kubesphere.io/creator': 'admin',
        'kubesphere.io/description': 'The cluster that the platform itself runs in.',
      },
    },
    spec: {
      provider: 'kubesphere',
      connection: { type: 'direct', kubernetesAPIEndpoint: endpoint.origin },
    },
    status: readyStatus(facts, at),
  }
}
