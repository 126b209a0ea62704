import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { recoverJobs } from '../../gateway/domain/resources/index.ts'
import { rerunJob } from '../../gateway/domain/resources/jobs.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { fakeCluster, scopeOf, type FakeCluster } from './support.ts'

const JOBS = { group: 'batch', version: 'v1', resource: 'jobs' }
const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const NEVER = 3_600_000

const old: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', namespace: 'a', uid: 'old', resourceVersion: '7' },
  spec: { template: { spec: { containers: [{ name: 'm', env: [{ name: 'A', value: 'x' }] }] } } },
}
const args = { namespace: 'a', name: 'migrate', resourceVersion: '7' }

function clusterWithJob(): FakeCluster {
  const cluster = fakeCluster()
  cluster.seed(JOBS, 'Job', [old])
  cluster.seed(SECRETS, 'Secret', [])
  return cluster
}

const rerun = (cluster: FakeCluster) =>
  rerunJob({ deadline: 20, pause: 1 }).run(scopeOf(cluster), args)

async function jobOf({ caches }: FakeCluster) {
  return (await caches.store(JOBS)).get('a', 'migrate')
}

async function intents({ caches }: FakeCluster): Promise<number> {
  return (await caches.store(SECRETS)).size
}

/** A process that looks after reruns, by hand: its first look happens at once, the next ones are the caller's. */
function keeper({ client }: FakeCluster) {
  return recoverJobs({ client, log: pino({ level: 'silent' }), interval: NEVER })
}

describe('a rerun of a job', () => {
  it('leaves the job when the process dies, whichever call it dies before', async () => {
    const whole = clusterWithJob()
    await rerun(whole)
    assert.equal(await intents(whole), 0)
    const verbs = whole.calls.map(({ verb, path }) => `${verb} ${path.split('/').at(-1)}`)
    assert.deepEqual(verbs, [
      'create jobs',
      'create secrets',
      'delete migrate',
      'create jobs',
      'delete job-rerun-old',
    ])
    for (let last = 0; last < verbs.length; last++) {
      const cluster = clusterWithJob()
      let count = 0
      cluster.answer = () => (count++ >= last ? new Error('the process died') : undefined)
      await rerun(cluster).catch(() => {})
      cluster.answer = () => undefined
      await using next = keeper(cluster)
      for (let look = 0; look < 3; look++) await next.round()
      const job = await jobOf(cluster)
      assert.equal(job !== undefined, true, `lost when it died before ${verbs[last]}`)
      assert.equal(job?.uid === 'old', last <= 2, `${verbs[last]}`)
      assert.deepEqual(job?.object['spec'], old['spec'])
      assert.equal(await intents(cluster), 0, `${verbs[last]}`)
    }
  })

  it('is finished although the answer to the deletion was lost', async () => {
    const cluster = clusterWithJob()
    const store = await cluster.caches.store(JOBS)
    cluster.answer = ({ verb, path }) => {
      if (verb !== 'delete' || !path.endsWith('migrate')) return undefined
      cluster.seed(JOBS, 'Job', [])
      return new ApiError(504, 'Timeout', 'no answer')
    }
    await assert.rejects(rerun(cluster), { code: 500, message: 'failed to rerun job migrate' })
    assert.equal(store.get('a', 'migrate')?.uid, 'old')
    cluster.answer = () => undefined
    await using next = keeper(cluster)
    for (let look = 0; look < 3; look++) await next.round()
    assert.equal((await jobOf(cluster))?.object.metadata.annotations?.['revisions'], '')
    assert.equal(await intents(cluster), 0)
  })

  it('is carried on with as long as the copy is refused, and while the old one is being finalized', async () => {
    const cluster = clusterWithJob()
    cluster.answer = ({ verb, path, options }) =>
      verb === 'create' && path.endsWith('jobs') && !(options as { dryRun?: boolean }).dryRun
        ? new ApiError(403, 'Forbidden', 'exceeded quota')
        : undefined
    await assert.rejects(rerun(cluster), { code: 500 })
    await using next = keeper(cluster)
    for (let look = 0; look < 3; look++) await next.round()
    assert.equal(await intents(cluster), 1)
    const deletionTimestamp = '2026-01-01T00:00:00Z'
    cluster.seed(JOBS, 'Job', [{ ...old, metadata: { ...old.metadata, deletionTimestamp } }])
    await next.round()
    assert.equal(await intents(cluster), 1)
    cluster.seed(JOBS, 'Job', [])
    cluster.answer = () => undefined
    await next.round()
    assert.notEqual((await jobOf(cluster))?.uid, 'old')
    assert.equal(await intents(cluster), 0)
  })

  it('is given up with its namespace, and where another job has the name by now', async () => {
    const gone = clusterWithJob()
    gone.answer = ({ verb, path }) =>
      verb === 'create' && path.endsWith('jobs') && gone.calls.length > 1
        ? new ApiError(404, 'NotFound', 'namespaces "a" not found')
        : undefined
    await assert.rejects(rerun(gone), { code: 500 })
    await using first = keeper(gone)
    for (let look = 0; look < 2; look++) await first.round()
    assert.equal(await intents(gone), 0)
    const other = clusterWithJob()
    other.answer = ({ verb, path }) => {
      if (verb === 'delete' && path.endsWith('migrate')) {
        other.seed(JOBS, 'Job', [{ ...old, metadata: { ...old.metadata, uid: 'theirs' } }])
        return old
      }
      return undefined
    }
    await rerun(other)
    assert.equal((await jobOf(other))?.uid, 'theirs')
    assert.equal(await intents(other), 0)
  })

  it('is left alone by others while it is under way, and not begun twice', async () => {
    const cluster = clusterWithJob()
    await using watcher = keeper(cluster)
    await watcher.round()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const remove = cluster.client.delete.bind(cluster.client)
    Object.assign(cluster.client, {
      async delete(...args: Parameters<typeof remove>) {
        reach()
        await released
        return remove(...args)
      },
    })
    const first = rerun(cluster)
    await reached
    await assert.rejects(rerun(cluster), { code: 409 })
    await watcher.round()
    assert.equal(await intents(cluster), 1)
    release()
    await first
    assert.notEqual((await jobOf(cluster))?.uid, 'old')
    assert.equal(await intents(cluster), 0)
  })

  it('is nobody’s where the deletion is refused: the job stays and nothing is kept', async () => {
    for (const [code, reason] of [
      [409, 'Conflict'],
      [403, 'Forbidden'],
    ] as const) {
      const cluster = clusterWithJob()
      cluster.answer = ({ verb, path }) =>
        verb === 'delete' && path.endsWith('migrate') ? new ApiError(code, reason, 'no') : undefined
      await assert.rejects(rerun(cluster), { code: code === 409 ? 409 : 500 })
      assert.equal((await jobOf(cluster))?.uid, 'old')
      assert.equal(await intents(cluster), 0)
    }
  })

  it('keeps the intent in a Secret, since a job may hold some', async () => {
    const cluster = clusterWithJob()
    await rerun(cluster)
    const kept = cluster.calls.find(({ verb, path }) => verb === 'create' && /secrets/.test(path))
    assert.equal(kept?.path, '/api/v1/namespaces/kubesphere-system/secrets')
    assert.equal(kept?.body?.kind, 'Secret')
  })
})
