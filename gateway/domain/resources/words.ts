import type { KindWords } from '../selection/index.ts'
import { field } from './condition.ts'
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

export const POD_STATUS = field('pod-status', podStatus)
export const NODE_STATUS = field('node-status', nodeStatus)
export const DEPLOYMENT_STATUS = field('deployment-status', deploymentStatus)
export const DEPLOYMENT_CHANGE = field('deployment-change', lastChange('lastUpdateTime'))
export const DAEMON_SET_STATUS = field('daemonset-status', daemonSetStatus)
export const STATEFUL_SET_STATUS = field('statefulset-status', statefulSetStatus)
export const JOB_STATUS = field('job-status', jobStatus)
export const JOB_CHANGE = field('job-change', lastChange('lastTransitionTime'))
export const CRON_JOB_STATUS = field('cronjob-status', cronJobStatus)

const table: Readonly<Record<string, KindWords>> = {
  '/pods': { status: POD_STATUS },
  '/nodes': { status: NODE_STATUS },
  'apps/deployments': { status: DEPLOYMENT_STATUS, updated: DEPLOYMENT_CHANGE },
  'apps/daemonsets': { status: DAEMON_SET_STATUS },
  'apps/statefulsets': { status: STATEFUL_SET_STATUS },
  'batch/jobs': { status: JOB_STATUS, updated: JOB_CHANGE },
  'batch/cronjobs': { status: CRON_JOB_STATUS },
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
