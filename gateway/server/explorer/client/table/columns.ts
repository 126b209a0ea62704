import type { TextKey } from '../i18n/en.ts'
import type { Kind } from '../app/kinds.ts'
import { countAt, listAt, textAt, type Row } from './row.ts'

export interface Column {
  /** A heading of this page, or that of the API server. */
  readonly title?: TextKey
  readonly heading?: string
  /** What the cell says. */
  readonly text: (row: Row) => string
}

export interface View {
  /** Fields that the columns need, as GraphQL. */
  readonly select: string
  readonly columns: readonly Column[]
}

const path = (title: TextKey, where: string): Column => ({
  title,
  text: (row) => textAt(row, where),
})

const of = (title: TextKey, some: string, all: string): Column => ({
  title,
  text: (row) => `${countAt(row, some)}/${countAt(row, all)}`,
})

const images: Column = {
  title: 'images',
  text: (row) =>
    listAt(row, 'spec.template.spec.containers')
      .map((container) => textAt(container, 'image'))
      .join(', '),
}

const podTemplate = 'template { spec { containers { image } } }'

const podReady: Column = {
  title: 'ready',
  text(row) {
    const all = listAt(row, 'status.containerStatuses')
    return `${all.filter((one) => textAt(one, 'ready') === 'true').length}/${listAt(row, 'spec.containers').length}`
  },
}

const podStatus: Column = {
  title: 'status',
  text(row) {
    if (row.metadata.deletionTimestamp) return 'Terminating'
    const waiting = listAt(row, 'status.containerStatuses')
      .map((one) => textAt(one, 'state.waiting.reason'))
      .find(Boolean)
    return waiting ?? (textAt(row, 'status.reason') || textAt(row, 'status.phase'))
  },
}

const restarts: Column = {
  title: 'restarts',
  text: (row) =>
    String(
      listAt(row, 'status.containerStatuses').reduce<number>(
        (sum, one) => sum + countAt(one, 'restartCount'),
        0,
      ),
    ),
}

const ports: Column = {
  title: 'ports',
  text: (row) =>
    listAt(row, 'spec.ports')
      .map((port) => `${textAt(port, 'port')}/${textAt(port, 'protocol')}`)
      .join(', '),
}

const condition = (title: TextKey, type: string): Column => ({
  title,
  text: (row) =>
    textAt(
      listAt(row, 'status.conditions').find((one) => textAt(one, 'type') === type),
      'status',
    ),
})

const entries: Column = {
  title: 'keys',
  text: (row) => String(Object.keys((row['data'] as object | null) ?? {}).length),
}

/** What kinds that people look at often show beside name, namespace and age. */
const views: Readonly<Record<string, View>> = {
  '/pods': {
    select: `spec { nodeName containers { name } } status { phase reason podIP containerStatuses { ready restartCount state { waiting { reason } } } }`,
    columns: [
      podReady,
      podStatus,
      restarts,
      path('ip', 'status.podIP'),
      path('node', 'spec.nodeName'),
    ],
  },
  'apps/deployments': {
    select: `spec { replicas ${podTemplate} } status { readyReplicas updatedReplicas availableReplicas }`,
    columns: [
      of('ready', 'status.readyReplicas', 'spec.replicas'),
      { title: 'upToDate', text: (row) => String(countAt(row, 'status.updatedReplicas')) },
      { title: 'available', text: (row) => String(countAt(row, 'status.availableReplicas')) },
      images,
    ],
  },
  'apps/statefulsets': {
    select: `spec { replicas ${podTemplate} } status { readyReplicas }`,
    columns: [of('ready', 'status.readyReplicas', 'spec.replicas'), images],
  },
  'apps/replicasets': {
    select: `spec { replicas ${podTemplate} } status { readyReplicas }`,
    columns: [of('ready', 'status.readyReplicas', 'spec.replicas'), images],
  },
  'apps/daemonsets': {
    select: `spec { ${podTemplate} } status { numberReady desiredNumberScheduled }`,
    columns: [of('ready', 'status.numberReady', 'status.desiredNumberScheduled'), images],
  },
  'batch/jobs': {
    select: `spec { completions } status { succeeded active conditions { type status } }`,
    columns: [
      of('completions', 'status.succeeded', 'spec.completions'),
      { title: 'active', text: (row) => String(countAt(row, 'status.active')) },
      condition('available', 'Complete'),
    ],
  },
  'batch/cronjobs': {
    select: `spec { schedule suspend } status { active { name } }`,
    columns: [
      path('schedule', 'spec.schedule'),
      path('suspended', 'spec.suspend'),
      { title: 'active', text: (row) => String(listAt(row, 'status.active').length) },
    ],
  },
  '/services': {
    select: `spec { type clusterIP ports { port protocol } }`,
    columns: [path('type', 'spec.type'), path('ip', 'spec.clusterIP'), ports],
  },
  'networking.k8s.io/ingresses': {
    select: `spec { ingressClassName rules { host } }`,
    columns: [
      path('class', 'spec.ingressClassName'),
      {
        title: 'hosts',
        text: (row) =>
          listAt(row, 'spec.rules')
            .map((rule) => textAt(rule, 'host'))
            .join(', '),
      },
    ],
  },
  '/configmaps': { select: 'data', columns: [entries] },
  '/secrets': { select: 'type', columns: [path('type', 'type')] },
  '/persistentvolumeclaims': {
    select: `spec { volumeName storageClassName accessModes } status { phase }`,
    columns: [
      path('status', 'status.phase'),
      path('volume', 'spec.volumeName'),
      path('class', 'spec.storageClassName'),
      path('accessModes', 'spec.accessModes'),
    ],
  },
  '/persistentvolumes': {
    select: `spec { storageClassName accessModes claimRef { namespace name } } status { phase }`,
    columns: [
      path('status', 'status.phase'),
      path('claim', 'spec.claimRef.name'),
      path('class', 'spec.storageClassName'),
    ],
  },
  '/nodes': {
    select: `status { nodeInfo { kubeletVersion } conditions { type status } }`,
    columns: [condition('ready', 'Ready'), path('version', 'status.nodeInfo.kubeletVersion')],
  },
  '/namespaces': { select: `status { phase }`, columns: [path('status', 'status.phase')] },
  '/events': {
    select: `type reason message count involvedObject { kind name }`,
    columns: [
      path('type', 'type'),
      path('reason', 'reason'),
      {
        title: 'object',
        text: (row) =>
          `${textAt(row, 'involvedObject.kind')} ${textAt(row, 'involvedObject.name')}`,
      },
      path('message', 'message'),
      path('count', 'count'),
    ],
  },
}

/** The columns of a kind between its namespace and its age, where this page knows any. */
export const viewOf = ({ group, plural }: Kind): View | undefined => views[`${group}/${plural}`]
