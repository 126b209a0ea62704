import type { KubeObject } from '../../../kube/types.ts'
import { at, listAt, numberAt, sortableTime, textAt } from '../kind.ts'

/** Status words of workloads (resources-tenant.md §4.4): what lists are filtered by. */
type Word = (object: KubeObject) => string

function byReadiness(wanted: number, ready: number): string {
  if (wanted === 0 && ready === 0) return 'stopped'
  return wanted === ready ? 'running' : 'updating'
}

/** `stopped`, `running` or `updating`, by what runs; what is asked for is not consulted. */
export const deploymentStatus: Word = ({ status }) =>
  byReadiness(numberAt(status, 'replicas'), numberAt(status, 'readyReplicas'))

export const daemonSetStatus: Word = ({ status }) =>
  byReadiness(numberAt(status, 'desiredNumberScheduled'), numberAt(status, 'numberReady'))

export const statefulSetStatus: Word = ({ spec, status }) => {
  if (typeof at(spec, 'replicas') !== 'number') return 'stopped'
  return byReadiness(numberAt(spec, 'replicas'), numberAt(status, 'readyReplicas'))
}

/** `completed` or `failed` by the first such condition, else `running`. */
export const jobStatus: Word = ({ status }) => {
  for (const condition of listAt(status, 'conditions')) {
    if (condition['status'] !== 'True') continue
    if (condition['type'] === 'Complete') return 'completed'
    if (condition['type'] === 'Failed') return 'failed'
  }
  return 'running'
}

export const cronJobStatus: Word = ({ spec }) =>
  at(spec, 'suspend') === true ? 'paused' : 'running'

const expected: Readonly<Record<string, string>> = {
  MemoryPressure: 'False',
  DiskPressure: 'False',
  PIDPressure: 'False',
  NetworkUnavailable: 'False',
  ConfigOK: 'True',
  KubeletReady: 'True',
  Ready: 'True',
}

/** `unschedulable`, `warning` when a condition is not as it should be, else `running`. */
export const nodeStatus: Word = ({ spec, status }) => {
  if (at(spec, 'unschedulable') === true) return 'unschedulable'
  const odd = listAt(status, 'conditions').some((condition) => {
    const type = String(condition['type'])
    return Object.hasOwn(expected, type) && condition['status'] !== expected[type]
  })
  return odd ? 'warning' : 'running'
}

export const phase: Word = ({ status }) => textAt(status, 'phase')

/** When a workload last changed, by its conditions; as text that sorts by time. */
export function lastChange(member: 'lastUpdateTime' | 'lastTransitionTime'): Word {
  return ({ metadata, status }) =>
    sortableTime(
      metadata.creationTimestamp,
      ...listAt(status, 'conditions').map((condition) => condition[member]),
    )
}
