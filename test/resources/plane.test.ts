import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { pino } from 'pino'
import type { Plane } from '../../gateway/embedded/index.ts'
import type { KubeObject } from '../../gateway/kube/api.ts'
import { createClusterAccess, type OwnedAccess } from '../../gateway/kube/cluster-access.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { recoverJobs } from '../../gateway/domain/resources/index.ts'
import { rerunJob, type RerunTimes } from '../../gateway/domain/resources/jobs.ts'
import type { OperationScope } from '../../gateway/domain/operation.ts'
import { startTestPlane } from '../env/plane.ts'
import { until } from '../kube/support.ts'
import { scopeOf } from './support.ts'

const JOBS = { group: 'batch', version: 'v1', resource: 'jobs' }
const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' }
const namespace = 'default'
const log = pino({ level: 'silent' })

let plane: Plane
let access: OwnedAccess

before(async () => {
  plane = await startTestPlane({ nodes: 0 })
  const credentials = await loadKubeconfig({ path: plane.kubeconfigPath })
  access = createClusterAccess({ name: 'host', credentials, log })
  await access.client.create(NAMESPACES, { metadata: { name: 'kubesphere-system' } })
})
after(async () => {
  await access[Symbol.asyncDispose]()
  await plane[Symbol.asyncDispose]()
})

/** A Job without annotations that runs no pod, and that the job controller has labelled. */
async function makeJob(name: string): Promise<KubeObject> {
  const template = {
    spec: { restartPolicy: 'Never', containers: [{ name: 'm', image: 'registry.example/m:1' }] },
  }
  const spec = { suspend: true, template }
  const made = await access.client.create(JOBS, { metadata: { name }, spec }, { namespace })
  const store = await access.caches.store(JOBS)
  await until(() => store.get(namespace, name)?.uid === made.metadata.uid, 'the job in the cache')
  return store.get(namespace, name)?.object ?? made
}

const current = async (name: string) => access.client.get(JOBS, name, { namespace })
const argsOf = ({ metadata: { name = '', resourceVersion = '' } }: KubeObject) => ({
  namespace,
  name,
  resourceVersion,
})

/** Runs the Job again as it is now: the job controller writes to it now and then, and caches follow. */
async function rerun(name: string, scope: OperationScope, times?: RerunTimes): Promise<void> {
  let ended: Promise<void> = Promise.resolve()
  await until(async () => {
    ended = rerunJob(times).run(scope, argsOf(await current(name)))
    return ended.then(
      () => true,
      (error: { code?: number }) => error.code !== 409,
    )
  }, 'a rerun of the version that is current')
  return ended
}

async function keptIntents(): Promise<number> {
  const options = { namespace: 'kubesphere-system', labelSelector: 'ks-facade/job-rerun' }
  return (await access.client.list(SECRETS, options)).items.length
}

describe('a rerun of a job on a real cluster', () => {
  it('replaces it by one of the same spec with an identity of its own', async () => {
    const old = await makeJob('again')
    await rerun('again', scopeOf(access))
    const next = await current('again')
    assert.notEqual(next.metadata.uid, old.metadata.uid)
    assert.equal(next.metadata.annotations?.['revisions'], '')
    assert.equal(await keptIntents(), 0)
  })

  it('is finished by another process when this one dies between the two writes', async () => {
    const old = await makeJob('interrupted')
    const { client } = access
    const create: typeof client.create = (gvr, object, options) => {
      const whole = gvr.resource !== 'jobs' || options?.dryRun === true
      if (!whole) throw new Error('the process died')
      return client.create(gvr, object, options)
    }
    const dying = Object.assign(Object.create(client) as typeof client, { create })
    const scope = scopeOf({ ...access, client: dying })
    const hurry = { deadline: 1, pause: 1 }
    await assert.rejects(rerun('interrupted', scope, hurry), { code: 500 })
    assert.equal(await keptIntents(), 1)
    await using next = recoverJobs({ client, log, interval: 3_600_000 })
    await until(async () => {
      await next.round()
      return (await keptIntents()) === 0
    }, 'the end of the rerun')
    assert.notEqual((await current('interrupted')).metadata.uid, old.metadata.uid)
  })
})
