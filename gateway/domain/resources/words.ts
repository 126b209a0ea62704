import type { KubeObject } from '../../kube/types.ts'
import type { KindWords } from '../selection/index.ts'
import { podStatus } from './kinds/pod-status.ts'
import {
  cronJobStatus,
  daemonSetStatus,
  deploymentStatus,
  jobStatus,
  lastChange,
  nodeStatus,
  statefulSetStatus,
} from './kinds/workload-status.ts'

function words(
  statusOf: (object: KubeObject) => string,
  updatedAt?: (object: KubeObject) => string,
): KindWords {
  return {
    statusOf,
    hasStatus: (object, word) => statusOf(object) === word,
    ...(updatedAt ? { updatedAt: (object: KubeObject) => Number(updatedAt(object)) } : {}),
  }
}

const table: Readonly<Record<string, KindWords>> = {
  '/pods': words(podStatus),
  '/nodes': words(nodeStatus),
  'apps/deployments': words(deploymentStatus, lastChange('lastUpdateTime')),
  'apps/daemonsets': words(daemonSetStatus),
  'apps/statefulsets': words(statefulSetStatus),
  'batch/jobs': words(jobStatus, lastChange('lastTransitionTime')),
  'batch/cronjobs': words(cronJobStatus),
}

/** Status word and time of change of a kind, as lists filter and sort by them; undefined for a kind without its own. */
export function kindWords({
  group,
  resource,
}: {
  readonly group: string
  readonly resource: string
}): KindWords | undefined {
  return table[`${group}/${resource}`]
}
