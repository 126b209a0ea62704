import type { KubeObject } from '../../gateway/kube/types.ts'
import type { NaiveKind } from './naive.ts'
import { pick } from './support.ts'

/**
 * The filters and orders of every kind that has its own, against a plain reading of resources-tenant.md §4: random
 * objects with the fields that they look at, random queries.
 */
export type Next = () => number
type Fields = Record<string, unknown>

export interface Case extends NaiveKind {
  /** What an object of the kind has beyond its metadata. */
  readonly make: (next: Next) => Fields
  /** Values that are asked for, by parameter. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

const get = (object: KubeObject, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at as Fields | undefined)?.[key], object)
const text = (object: KubeObject, path: string): string => (get(object, path) as string) ?? ''
const number = (object: KubeObject, path: string): number => (get(object, path) as number) ?? 0
const list = (object: KubeObject, path: string): Fields[] => (get(object, path) as Fields[]) ?? []
const maybe = (next: Next, fields: Fields): Fields => (next() < 0.7 ? fields : {})
const count = (next: Next): number => Math.floor(next() * 3)
const time = (next: Next): string => `2026-01-0${1 + Math.floor(next() * 5)}T00:00:00Z`

function workload(wanted: number, ready: number): string {
  if (wanted === 0 && ready === 0) return 'stopped'
  return wanted === ready ? 'running' : 'updating'
}

const WORKLOAD_WORDS = ['running', 'updating', 'stopped', 'Running', '']

/** Millisecond of the latest of these times, as text of one length. */
function latest(object: KubeObject, member: string): string {
  const times = [
    object.metadata.creationTimestamp,
    ...list(object, 'status.conditions').map((condition) => condition[member] as string),
  ]
  return String(Math.max(...times.map((at) => Date.parse(at ?? '') || 0))).padStart(16, '0')
}

function jobWord(object: KubeObject): string {
  const found = list(object, 'status.conditions').find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  )
  return found ? (found['type'] === 'Complete' ? 'completed' : 'failed') : 'running'
}

function nodeWord(object: KubeObject): string {
  if (get(object, 'spec.unschedulable') === true) return 'unschedulable'
  const good: Record<string, string> = { Ready: 'True', KubeletReady: 'True', ConfigOK: 'True' }
  for (const type of ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable']) {
    good[type] = 'False'
  }
  const odd = list(object, 'status.conditions').some(({ type, status }) => {
    const expected = good[type as string]
    return expected !== undefined && expected !== status
  })
  return odd ? 'warning' : 'running'
}

/** Of pods with one container and no init containers. */
function podWord(object: KubeObject): string {
  const waiting = text(object, 'status.containerStatuses.0.state.waiting.reason')
  const reason = waiting || text(object, 'status.reason') || text(object, 'status.phase')
  if (reason === 'Running') return 'Running'
  if (reason === 'Failed' || reason.startsWith('OutOf')) return 'Error'
  return reason === 'Succeeded' ? 'Completed' : 'Waiting'
}

export const cases: Record<string, Case> = {
  pods: {
    make: (next) => ({
      spec: {
        ...maybe(next, { nodeName: pick(next, ['n1', 'n2']) }),
        volumes: ['data', 'logs'].map((claimName) =>
          next() < 0.4 ? { persistentVolumeClaim: { claimName } } : { emptyDir: {} },
        ),
      },
      status: {
        phase: pick(next, ['Running', 'Failed', 'Succeeded', 'Pending']),
        ...(next() < 0.2 ? { reason: pick(next, ['Evicted', 'OutOfcpu']) } : {}),
        ...maybe(next, { podIPs: [{ ip: `10.0.0.${count(next)}` }, { ip: 'fd00::1' }] }),
        containerStatuses:
          next() < 0.2
            ? [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }]
            : [{ ready: false, state: { running: {} } }],
      },
    }),
    values: {
      nodeName: ['n1', 'n2', 'n'],
      pvcName: ['data', 'logs', 'dat', ''],
      phase: ['Running', 'running', 'Pending'],
      podIP: ['10.0.0.1', 'fd00', '10.0.1', ''],
      status: ['Running', 'Waiting', 'Error', 'Completed', 'error'],
      fieldSelector: ['metadata.name=nobody'],
    },
    filters: {
      nodeName: (o, value) => text(o, 'spec.nodeName') === value,
      pvcName: (o, value) =>
        list(o, 'spec.volumes').some(
          (volume) =>
            value !== '' &&
            (volume['persistentVolumeClaim'] as Fields | undefined)?.['claimName'] === value,
        ),
      phase: (o, value) => text(o, 'status.phase') === value,
      podIP: (o, value) =>
        list(o, 'status.podIPs').some(({ ip }) => `&PodIP{IP:${ip as string},}`.includes(value)),
      status: (o, value) => podWord(o) === value,
    },
  },
  deployments: {
    make: (next) => ({
      status: {
        ...maybe(next, { replicas: count(next), readyReplicas: count(next) }),
        conditions: [{ lastUpdateTime: time(next) }, { lastUpdateTime: time(next) }],
      },
    }),
    values: { status: WORKLOAD_WORDS },
    filters: {
      status: (o, value) =>
        workload(number(o, 'status.replicas'), number(o, 'status.readyReplicas')) === value,
    },
    sorts: {
      updateTime: (o) => latest(o, 'lastUpdateTime'),
      lastUpdateTimestamp: (o) => latest(o, 'lastUpdateTime'),
    },
  },
  daemonsets: {
    make: (next) => ({
      status: maybe(next, { desiredNumberScheduled: count(next), numberReady: count(next) }),
    }),
    values: { status: WORKLOAD_WORDS },
    filters: {
      status: (o, value) =>
        workload(number(o, 'status.desiredNumberScheduled'), number(o, 'status.numberReady')) ===
        value,
    },
  },
  statefulsets: {
    make: (next) => ({
      spec: maybe(next, { replicas: count(next) }),
      status: maybe(next, { readyReplicas: count(next) }),
    }),
    values: { status: WORKLOAD_WORDS },
    filters: {
      status: (o, value) =>
        (get(o, 'spec.replicas') === undefined
          ? 'stopped'
          : workload(number(o, 'spec.replicas'), number(o, 'status.readyReplicas'))) === value,
    },
  },
  jobs: {
    make: (next) => ({
      status: maybe(next, {
        conditions: ['Suspended', 'Failed', 'Complete'].map((type) => ({
          type,
          status: pick(next, ['True', 'False', 'False']),
          lastTransitionTime: time(next),
        })),
      }),
    }),
    values: { status: ['completed', 'failed', 'running', 'Running'] },
    filters: { status: (o, value) => jobWord(o) === value },
    sorts: {
      status: jobWord,
      updateTime: (o) => latest(o, 'lastTransitionTime'),
      lastUpdateTimestamp: (o) => latest(o, 'lastTransitionTime'),
    },
  },
  cronjobs: {
    make: (next) => ({ spec: maybe(next, { suspend: next() < 0.5 }) }),
    values: { status: ['paused', 'running', 'Paused'] },
    filters: {
      status: (o, value) => (get(o, 'spec.suspend') === true ? 'paused' : 'running') === value,
    },
  },
  horizontalpodautoscalers: {
    make: (next) => ({
      spec: {
        scaleTargetRef: { kind: pick(next, ['Deployment', 'Set']), name: pick(next, ['x', 'y']) },
      },
    }),
    values: { targetKind: ['Deployment', 'Set', 'deployment'], targetName: ['x', 'y', ''] },
    filters: {
      targetKind: (o, value) => text(o, 'spec.scaleTargetRef.kind') === value,
      targetName: (o, value) => text(o, 'spec.scaleTargetRef.name') === value,
    },
  },
  persistentvolumeclaims: {
    make: (next) => ({
      spec: maybe(next, { storageClassName: pick(next, ['fast', 'slow']) }),
      status: { phase: pick(next, ['Bound', 'Pending', 'Lost']) },
    }),
    values: {
      status: ['bound', 'BOUND', 'pending|lost', 'lost|Lost', ''],
      storageClassName: ['fast', 'slow', 'Fast', ''],
    },
    filters: {
      status: (o, value) =>
        value
          .split('|')
          .every((word) => word.toLowerCase() === text(o, 'status.phase').toLowerCase()),
      storageClassName: (o, value) => value !== '' && text(o, 'spec.storageClassName') === value,
    },
  },
  persistentvolumes: {
    make: (next) => ({
      spec: maybe(next, { storageClassName: pick(next, ['fast', 'slow']) }),
      status: { phase: pick(next, ['Available', 'Released']) },
    }),
    values: { status: ['available', 'RELEASED', 'x'], storageClassName: ['fast', ''] },
    filters: {
      status: (o, value) => text(o, 'status.phase').toLowerCase() === value.toLowerCase(),
      storageClassName: (o, value) => value !== '' && text(o, 'spec.storageClassName') === value,
    },
  },
  nodes: {
    make: (next) => ({
      spec: next() < 0.2 ? { unschedulable: true } : {},
      status: maybe(next, {
        conditions: ['Ready', 'MemoryPressure', 'Other', 'NetworkUnavailable'].map((type) => ({
          type,
          status:
            next() < 0.15
              ? pick(next, ['True', 'False', 'Unknown'])
              : type === 'Ready'
                ? 'True'
                : 'False',
        })),
      }),
    }),
    values: { status: ['running', 'warning', 'unschedulable', 'Running'] },
    filters: { status: (o, value) => nodeWord(o) === value },
  },
  namespaces: {
    make: (next) => ({ status: { phase: pick(next, ['Active', 'Terminating']) } }),
    values: { status: ['Active', 'active', 'Terminating'] },
    filters: { status: (o, value) => text(o, 'status.phase') === value },
  },
  customresourcedefinitions: {
    make: (next) => ({ spec: { names: { kind: pick(next, ['Gadget', 'Thing']) } } }),
    values: { name: ['Gadg', 'ing', 'red', ''] },
    filters: {
      name: (o, value) =>
        (o.metadata.name ?? '').includes(value) || text(o, 'spec.names.kind').includes(value),
    },
  },
  workspaceroles: {
    make: () => ({}),
    values: { workspace: ['red', 'blue', ''] },
    filters: {
      workspace: (o, value) => (o.metadata.labels?.['kubesphere.io/workspace'] ?? '') === value,
    },
  },
  workspacerolebindings: {
    make: (next) => ({ roleRef: { name: pick(next, ['viewer', 'admin']) } }),
    values: { rolename: ['viewer', 'admin', 'view'] },
    filters: { rolename: (o, value) => text(o, 'roleRef.name') === value },
  },
  loginrecords: {
    make: (next) => ({ spec: { type: pick(next, ['Password', 'OAuth', 'Token']) } }),
    values: { type: ['Password', 'Token', 'password'] },
    filters: { type: (o, value) => text(o, 'spec.type') === value },
  },
  groupbindings: {
    make: (next) => maybe(next, { users: [pick(next, ['ann', 'ben']), 'eve'] }),
    values: { user: ['ann', 'eve', 'nobody', ''] },
    filters: { user: (o, value) => ((o['users'] as string[]) ?? []).includes(value) },
  },
  labels: {
    make: (next) => ({
      spec: { key: pick(next, ['env', 'tier']), value: pick(next, ['prod', 'dev']) },
    }),
    values: { name: ['env', 'd', 'xx', ''], status: ['x'], uid: ['u1'], names: ['red-1'] },
    filters: {
      name: (o, value) =>
        text(o, 'spec.key').includes(value) || text(o, 'spec.value').includes(value),
      status: () => false,
      uid: () => false,
      names: () => false,
    },
  },
  users: {
    make: (next) => ({
      spec: {
        email: pick(next, ['a@x', 'b@x']),
        ...maybe(next, { groups: [pick(next, ['g', 'h']), 'all'] }),
      },
    }),
    values: {
      email: ['a@x', 'A@x'],
      ingroup: ['g', 'all', 'none'],
      notingroup: ['g', 'all', 'none'],
    },
    filters: {
      email: (o, value) => text(o, 'spec.email') === value,
      ingroup: (o, value) => ((get(o, 'spec.groups') as string[]) ?? []).includes(value),
      notingroup: (o, value) => !((get(o, 'spec.groups') as string[]) ?? []).includes(value),
    },
  },
}

/** Kinds without filters or orders of their own. */
export const PLAIN: Case = { make: () => ({}), values: {} }
