import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startStage, type Stage } from '../terminal/stage.ts'
import { codeOf, direct, type Direct } from './direct.ts'
import { all, textsOf, until, workloadLogs, type Chunk } from './log-reader.ts'
import { member, PODS, runPod, specOf } from './stage.ts'

const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' }
const JOBS = { group: 'batch', version: 'v1', resource: 'jobs' }
const CRON_JOBS = { group: 'batch', version: 'v1', resource: 'cronjobs' }
const GREETING = 'echo hello from $HOSTNAME; while :; do sleep 0.2; done'
const at = { namespace: 'default' }

const podsOf = (chunks: readonly Chunk[], event: Chunk['event']) =>
  new Set(chunks.filter((chunk) => chunk.event === event).map(({ pod }) => pod))

describe('logs of a workload', () => {
  let stage: Stage
  let graph: Direct
  before(async () => {
    stage = await startStage()
    graph = await direct(stage.facade.app, stage.admin)
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  it('follow its pods as they come and go, and end with it', { timeout: 480_000 }, async () => {
    const labels = { app: 'web' }
    const { containers } = specOf({ main: GREETING })
    await stage.kube.create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers } },
      },
    })
    const workload = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' }
    const logs = await workloadLogs(graph, { workload })
    const [first] = podsOf(
      await until(logs, (chunks) => podsOf(chunks, 'LINES').size === 1),
      'LINES',
    )
    await stage.kube.patch(DEPLOYMENTS, 'web', { spec: { replicas: 3 } }, { ...at, type: 'merge' })
    const more = await until(logs, (chunks) => podsOf(chunks, 'LINES').size === 2)
    assert.ok(textsOf(more).every((text) => text.startsWith('hello from ')))
    assert.ok(!podsOf(more, 'LINES').has(first ?? ''))
    await stage.kube.delete(PODS, first ?? '', { ...at, gracePeriodSeconds: 0 })
    await until(
      logs,
      (chunks) => podsOf(chunks, 'ENDED').has(first ?? '') && podsOf(chunks, 'LINES').size === 1,
    )
    await stage.kube.delete(DEPLOYMENTS, 'web', { ...at, propagationPolicy: 'Background' })
    const rest = await all(logs)
    assert.equal(podsOf(rest, 'ENDED').size, 3)
  })

  it('include every run of a container, each from its start', { timeout: 480_000 }, async () => {
    const labels = { app: 'restarts' }
    const spec = { ...specOf({ main: 'echo run; sleep 0.2; exit 1' }), restartPolicy: 'Always' }
    const metadata = { name: 'restarts', namespace: 'default', labels }
    await stage.kube.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec })
    const logs = await workloadLogs(graph, {
      namespace: 'default',
      selector: 'app=restarts',
      tailLines: 0,
    })
    const chunks = await until(
      logs,
      (seen) => seen.filter(({ event }) => event === 'ENDED').length === 2,
    )
    const order = chunks.map(({ event, lines }) => (event === 'LINES' ? lines[0]?.text : event))
    assert.deepEqual(order.slice(-3), ['STARTED', 'run', 'ENDED'])
    await logs.return()
  })

  it('of a Job end once it is done', { timeout: 480_000 }, async () => {
    await stage.kube.create(JOBS, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once', namespace: 'default' },
      spec: { completions: 2, parallelism: 1, template: { spec: specOf({ main: 'echo done' }) } },
    })
    const workload = { group: 'batch', kind: 'Job', namespace: 'default', name: 'once' }
    const chunks = await all(await workloadLogs(graph, { workload }))
    assert.deepEqual(textsOf(chunks), ['done', 'done'])
    assert.equal(podsOf(chunks, 'ENDED').size, 2)
  })

  it('of a CronJob are those of its Jobs', { timeout: 480_000 }, async () => {
    const template = { spec: specOf({ main: 'echo tick' }) }
    const cron = await stage.kube.create(CRON_JOBS, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'clock', namespace: 'default' },
      spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { template } } },
    })
    const workload = { group: 'batch', kind: 'CronJob', namespace: 'default', name: 'clock' }
    const logs = await workloadLogs(graph, { workload })
    const ownerReferences = [
      { apiVersion: 'batch/v1', kind: 'CronJob', name: 'clock', uid: cron.metadata.uid ?? '' },
    ]
    const metadata = { name: 'clock-1', namespace: 'default', ownerReferences }
    const next = until(logs, (chunks) => textsOf(chunks).length > 0)
    await stage.kube.create(JOBS, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { template },
    })
    assert.deepEqual(textsOf(await next), ['tick'])
    await logs.return()
  })

  it('are read of the pods that are the caller’s, and of the others it is said', async () => {
    for (const name of ['mine', 'theirs']) {
      await runPod(stage.kube, name, { main: `echo ${name}` }, { app: 'shared' })
    }
    const list = { apiGroups: [''], resources: ['pods'], verbs: ['list'] }
    const logs = { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }
    const { app } = stage.facade
    const shared = { namespace: 'default', selector: 'app=shared' }
    const stranger = await direct(app, await member(stage, 'stranger', [logs]))
    assert.equal(await codeOf(workloadLogs(stranger, shared)), 'FORBIDDEN')
    const lister = await direct(app, await member(stage, 'lister', [list]))
    assert.equal(await codeOf(workloadLogs(lister, shared)), 'FORBIDDEN')
    const half = await direct(
      app,
      await member(stage, 'half', [list, { ...logs, resourceNames: ['mine'] }]),
    )
    const read = await workloadLogs(half, shared)
    const chunks = await until(
      read,
      (seen) => textsOf(seen).length > 0 && podsOf(seen, 'FAILED').size > 0,
    )
    assert.deepEqual(textsOf(chunks), ['mine'])
    const failed = chunks.find(({ event }) => event === 'FAILED')
    assert.deepEqual(
      [failed?.pod, failed?.message],
      ['theirs', 'the log of pod theirs is not yours to read'],
    )
    await read.return()
    const workload = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' }
    assert.equal(await codeOf(workloadLogs(half, { workload })), 'FORBIDDEN')
  })

  it('refuse what names no pods', async () => {
    const asked = (options: object) => codeOf(workloadLogs(graph, options))
    const workload = { kind: 'Namespace', name: 'default' }
    assert.equal(await asked({}), 'BAD_USER_INPUT')
    assert.equal(await asked({ workload, selector: 'a=b' }), 'BAD_USER_INPUT')
    assert.equal(await asked({ workload }), 'BAD_USER_INPUT')
    assert.equal(await asked({ selector: 'a=b' }), 'BAD_USER_INPUT')
    const absent = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'absent' }
    assert.equal(await asked({ workload: absent }), 'NOT_FOUND')
  })
})
