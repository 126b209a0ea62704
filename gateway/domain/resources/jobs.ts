import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterAccess, KubeClient } from '../../kube/api.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { ApiError, isAlreadyExists, notFound } from '../../lib/errors.ts'
import { attributes, type Operation } from '../operation.ts'
import { copyOf } from './job-copy.ts'
import { dropIntent, keepIntent, type JobIntent } from './job-intents.ts'
import { jobAt } from './job-recovery.ts'

const JOBS: GVR = { group: 'batch', version: 'v1', resource: 'jobs' }

/** How long the new Job is tried for once the old one is gone, and the pause between two attempts; milliseconds. */
export interface RerunTimes {
  readonly deadline: number
  readonly pause: number
}

/** Milliseconds for the deletion: with the attempts that follow it ends before others look after the rerun. */
const DELETION = 10_000

const times: RerunTimes = { deadline: 30_000, pause: 300 }

export interface RerunArgs {
  readonly namespace: string
  readonly name: string
  /** The version that the caller has seen. */
  readonly resourceVersion: string
}

/**
 * Runs a Job anew: it is replaced by a copy (resources-tenant.md §12). The copy has passed admission and is kept in the
 * cluster before the Job is deleted, and is tried until it is stored, whether the caller waits or not, by `recoverJobs`
 * if not here. Throws ApiError 404 for no such Job, 409 for another version than the caller has seen or a rerun that is
 * under way, 500 when the copy is refused.
 */
export function rerunJob({ deadline, pause }: RerunTimes = times): Operation<RerunArgs, void> {
  return {
    name: 'resources.jobs.rerun',
    needs: ({ namespace, name }) =>
      attributes({
        verb: 'create',
        apiGroup: 'operations.kubesphere.io',
        apiVersion: 'v1alpha2',
        resource: 'jobs',
        name,
        namespace,
      }),
    async run({ cluster, signal }, { namespace, name, resourceVersion }) {
      const job = await storedJob(cluster, namespace, name, signal)
      if (job.metadata.resourceVersion !== resourceVersion) throw conflict(name)
      const copy = copyOf(job)
      const { client } = cluster
      await admitted(client, copy, namespace, name, signal)
      const uid = job.metadata.uid ?? ''
      const intent = await intended(client, uid, copy)
      await deleteOld(client, intent, resourceVersion)
      await createUntilDone(client, intent, { deadline, pause })
      // One that stays is let go of by whoever looks after them.
      await dropIntent(client, intent).catch(() => {})
    },
  }
}

async function storedJob(
  { caches }: ClusterAccess,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<KubeObject> {
  const entry = (await caches.store(JOBS, signal)).get(namespace, name)
  if (!entry) throw notFound('batch', 'Job', name)
  return entry.object
}

function conflict(name: string): ApiError {
  const what = `Operation cannot be fulfilled on job.batch "${name}"`
  return new ApiError(
    409,
    'Conflict',
    `${what}: please apply your changes to the latest version and try again`,
  )
}

/** A dry run of the copy under a name that is free. */
async function admitted(
  client: KubeClient,
  copy: KubeObject,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const { name: _name, ...metadata } = copy.metadata
  const trial = { ...copy, metadata: { ...metadata, generateName: `${name.slice(0, 50)}-` } }
  try {
    await client.create(JOBS, trial, { namespace, dryRun: true, signal })
  } catch (error) {
    throw failed(name, error)
  }
}

async function intended(client: KubeClient, uid: string, copy: KubeObject): Promise<JobIntent> {
  const { name = '' } = copy.metadata
  try {
    return await keepIntent(client, uid, copy)
  } catch (error) {
    throw isAlreadyExists(error) ? conflict(name) : failed(name, error)
  }
}

/** A refusal leaves all as it was; where there is no answer the intent stays, since the Job may be gone. */
async function deleteOld(
  client: KubeClient,
  intent: JobIntent,
  resourceVersion: string,
): Promise<void> {
  const { name = '', namespace } = intent.copy.metadata
  const preconditions = { ...(intent.uid ? { uid: intent.uid } : {}), resourceVersion }
  try {
    const signal = AbortSignal.timeout(DELETION)
    await client.delete(JOBS, name, { namespace, preconditions, signal })
  } catch (error) {
    const refused = error instanceof ApiError && error.code < 500
    if (refused) await dropIntent(client, intent).catch(() => {})
    throw refused && error.code === 409 ? conflict(name) : failed(name, error)
  }
}

/** The old Job goes when its finalizers are done: until then its name is taken. */
async function createUntilDone(
  client: KubeClient,
  { copy, uid }: JobIntent,
  { deadline, pause }: RerunTimes,
): Promise<void> {
  const { name = '', namespace = '' } = copy.metadata
  const signal = AbortSignal.timeout(deadline)
  for (;;) {
    try {
      await client.create(JOBS, copy, { namespace, signal })
      return
    } catch (error) {
      if (isAlreadyExists(error) && (await isReplaced(client, namespace, name, uid))) return
      const passing = isAlreadyExists(error) || !(error instanceof ApiError) || error.code >= 429
      if (!passing || signal.aborted) throw failed(name, error)
      await delay(pause)
    }
  }
}

/** Whether another Job has the name by now; what cannot be told counts as no. */
async function isReplaced(
  client: KubeClient,
  namespace: string,
  name: string,
  uid: string,
): Promise<boolean> {
  const live = await jobAt(client, namespace, name).catch(() => undefined)
  return live !== undefined && live.metadata.uid !== uid
}

function failed(name: string, cause: unknown): ApiError {
  return new ApiError(500, 'InternalError', `failed to rerun job ${name}`, { cause })
}
