import type { KubeObject } from '../../kube/types.ts'
import { CLUSTERS } from '../names.ts'
import { redactorOf } from '../redact.ts'
import type { Cluster, ClusterLabel } from './types.ts'

/** A Cluster as answers show it: no kubeconfig, no token. The argument is left as it is. */
export function publicCluster(object: KubeObject): Cluster {
  const shown = (redactorOf(CLUSTERS)?.(object) ?? object) as Cluster
  const connection = shown.spec?.connection ?? {}
  return { ...shown, spec: { ...shown.spec, connection }, status: statusOf(shown.status) }
}

/** Conditions as their type prints them: no empty reason or message, times always. */
function statusOf(status: Cluster['status'] | undefined): Cluster['status'] {
  if (!status?.conditions) return status ?? {}
  const conditions = status.conditions.map(({ reason, message, ...condition }) => ({
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? null,
    lastTransitionTime: condition.lastTransitionTime ?? null,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  }))
  return { ...status, conditions }
}

export function clusterLabel(object: KubeObject): ClusterLabel {
  return object as ClusterLabel
}

/** Label key on a Cluster that binds it to a label by id. */
export function boundBy(id: string): string {
  return `label.cluster.kubesphere.io/${id}`
}
