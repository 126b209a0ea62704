import { CLUSTERS, CLUSTER_ROLE_BINDINGS, ROLE_REF, USER_REF } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { hostCluster, hostFacts, readyStatus } from '../seeds/host-cluster.ts'
import { isDeleting, type Kit } from './kit.ts'
import { CREATOR, NODES } from './names.ts'
import type { Reconciler } from './reconciler.ts'

export interface Condition {
  type: string
  status: string
  [field: string]: unknown
}

/** Nodes join one after the other: they are counted when it has become quiet. */
const restMs = 200
/** An upgrade of kube-apiserver changes no object; its version is read again after this long. */
const resyncMs = 900_000
const initialized = 'kubesphere.io/initialized'

/** Whether a Cluster has condition Ready. */
export function isReady(cluster: KubeObject): boolean {
  return conditionsOf(cluster).some(({ type, status }) => type === 'Ready' && status === 'True')
}

/** The Cluster object of this cluster: it exists, is Ready, and shows version and nodes. */
export function hostClusterStatus(kit: Kit): Reconciler {
  const name = kit.settings.hostName
  return {
    name: 'host-cluster',
    sources: [
      {
        gvr: CLUSTERS,
        keys: ({ entry }) => (entry.name === name ? [`/${name}`] : []),
      },
      {
        gvr: NODES,
        keys: ({ type }) => (type === 'MODIFIED' ? [] : [`/${name}`]),
        delayMs: restMs,
      },
    ],
    async reconcile(_key, signal) {
      const facts = {
        ...(await hostFacts(kit.client, kit.settings.platformVersion, signal)),
        nodeCount: kit.store(NODES).size,
      }
      const cluster = kit.get(CLUSTERS, name)
      if (!cluster) {
        const object = hostCluster(name, kit.client.origin, facts, kit.time())
        await kit.create(CLUSTERS, object, signal)
        return resyncMs
      }
      if (isDeleting(cluster)) return resyncMs
      if (!cluster.metadata.annotations?.[initialized]) await grantCreator(kit, cluster, signal)
      await kit.edit(
        CLUSTERS,
        cluster,
        (draft) => {
          const ready = readyStatus(facts, kit.time())
          const conditions = isReady(draft)
            ? conditionsOf(draft)
            : [
                ...conditionsOf(draft).filter(({ type }) => type !== 'Ready'),
                ...(ready['conditions'] as Condition[]),
              ]
          followEndpoint(draft, kit.client.origin)
          draft['status'] = { ...(draft['status'] as object), ...ready, conditions }
          draft.metadata.annotations = { [initialized]: kit.time(), ...draft.metadata.annotations }
        },
        signal,
      )
      return resyncMs
    },
  }
}

/** A control plane of our own listens on another port after a restart. A cluster with a kubeconfig says itself where it is. */
function followEndpoint(draft: KubeObject, endpoint: URL): void {
  const spec = (draft['spec'] ?? {}) as { connection?: Record<string, unknown> }
  if (!spec.connection || spec.connection['kubeconfig']) return
  spec.connection['kubernetesAPIEndpoint'] = endpoint.origin
}

/** Once: who has brought a cluster in runs it. */
async function grantCreator(kit: Kit, cluster: KubeObject, signal: AbortSignal): Promise<void> {
  const creator = cluster.metadata.annotations?.[CREATOR]
  if (!creator) return
  await kit.create(CLUSTER_ROLE_BINDINGS, creatorBinding(creator), signal)
}

/** The binding that makes an account the administrator of a cluster. */
export function creatorBinding(creator: string): KubeObject {
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'ClusterRoleBinding',
    metadata: {
      name: `${creator}-cluster-admin`,
      labels: { [USER_REF]: creator, [ROLE_REF]: 'cluster-admin' },
    },
    roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'iam.kubesphere.io', kind: 'User', name: creator }],
  }
}

function conditionsOf(cluster: KubeObject): Condition[] {
  return (cluster['status'] as { conditions?: Condition[] } | undefined)?.conditions ?? []
}
