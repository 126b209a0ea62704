import { equals, field } from '../condition.ts'
import { defineKind, textAt } from '../kind.ts'
import { sorted } from '../shapes/rules.ts'
import {
  CRON_JOB_STATUS,
  DAEMON_SET_STATUS,
  DEPLOYMENT_CHANGE,
  DEPLOYMENT_STATUS,
  JOB_CHANGE,
  JOB_STATUS,
  STATEFUL_SET_STATUS,
} from '../words.ts'

const apps = (resource: string) => ({ group: 'apps', version: 'v1', resource })
const batch = (resource: string) => ({ group: 'batch', version: 'v1', resource })

export const deployments = defineKind({
  gvr: apps('deployments'),
  kind: 'Deployment',
  namespaced: true,
  filters: { status: equals(DEPLOYMENT_STATUS) },
  sorts: { updateTime: DEPLOYMENT_CHANGE, lastUpdateTimestamp: DEPLOYMENT_CHANGE },
})

export const daemonSets = defineKind({
  gvr: apps('daemonsets'),
  kind: 'DaemonSet',
  namespaced: true,
  filters: { status: equals(DAEMON_SET_STATUS) },
})

export const statefulSets = defineKind({
  gvr: apps('statefulsets'),
  kind: 'StatefulSet',
  namespaced: true,
  filters: { status: equals(STATEFUL_SET_STATUS) },
})

export const jobs = defineKind({
  gvr: batch('jobs'),
  kind: 'Job',
  namespaced: true,
  filters: { status: equals(JOB_STATUS) },
  sorts: { updateTime: JOB_CHANGE, lastUpdateTimestamp: JOB_CHANGE, status: JOB_STATUS },
})

export const cronJobs = defineKind({
  gvr: batch('cronjobs'),
  kind: 'CronJob',
  listShape: sorted,
  namespaced: true,
  filters: { status: equals(CRON_JOB_STATUS) },
})

export const horizontalPodAutoscalers = defineKind({
  gvr: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' },
  kind: 'HorizontalPodAutoscaler',
  listShape: sorted,
  namespaced: true,
  filters: {
    targetKind: equals(
      field('hpa-target-kind', ({ spec }) => textAt(spec, 'scaleTargetRef', 'kind')),
    ),
    targetName: equals(
      field('hpa-target-name', ({ spec }) => textAt(spec, 'scaleTargetRef', 'name')),
    ),
  },
})
