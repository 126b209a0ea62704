import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterAccess, KubeClient } from '../../kube/api.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { ApiError, isAlreadyExists, notFound } from '../../lib/errors.ts'
import { attributes, type Operation } from '../operation.ts'
import { at, textAt } from './kind.ts'

const JOBS: GVR = { group: 'batch', version: 'v1', resource: 'jobs' }

/** How long the new Job is tried for once the old one is gone, and the pause between two attempts; milliseconds. */
export interface RerunTimes {
  readonly deadline: number
  readonly pause: number
}

const times: RerunTimes = { deadline: 30_000, pause: 300 }

export interface RerunArgs {
  readonly namespace: string
  readonly name: string
  /** The version that the caller has seen. */
  readonly resourceVersion: string
}

/** Labels that the job controller gives a Job and its pods. */
const OWN_UID = ['controller-uid', 'batch.kubernetes.io/controller-uid']
const OWN_NAME = ['job-name', 'batch.kubernetes.io/job-name']

/**
 * Runs a Job anew: it is replaced by a copy (resources-tenant.md §12). The copy has passed admission before the Job is
 * deleted, and is tried until it is stored, whether the caller waits or not. Throws ApiError 404 for no such Job, 409
 * for another version than the caller has seen, 500 when the copy is refused.
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
      await client.delete(JOBS, name, {
        namespace,
        preconditions: { ...(job.metadata.uid ? { uid: job.metadata.uid } : {}), resourceVersion },
      })
      await createUntilDone(client, copy, namespace, { deadline, pause })
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

/** The old Job goes when its finalizers are done: until then its name is taken. */
async function createUntilDone(
  client: KubeClient,
  copy: KubeObject,
  namespace: string,
  { deadline, pause }: RerunTimes,
): Promise<void> {
  const attempts = Math.max(1, Math.ceil(deadline / pause))
  for (let attempt = 1; ; attempt++) {
    try {
      await client.create(JOBS, copy, { namespace })
      return
    } catch (error) {
      const passing = isAlreadyExists(error) || !(error instanceof ApiError) || error.code >= 429
      if (attempt >= attempts || !passing) throw failed(copy.metadata.name ?? '', error)
      await delay(pause)
    }
  }
}

function failed(name: string, cause: unknown): ApiError {
  return new ApiError(500, 'InternalError', `failed to rerun job ${name}`, { cause })
}

/** The Job as it was asked for, without what the cluster added. */
export function copyOf(job: KubeObject): KubeObject {
  const {
    resourceVersion: _version,
    uid: _uid,
    creationTimestamp: _created,
    generation: _generation,
    managedFields: _fields,
    deletionTimestamp: _deletion,
    ...metadata
  } = job.metadata
  const { status: _status, ...rest } = job
  const copy = structuredClone({ ...rest, metadata })
  copy.metadata.annotations = {
    ...metadata.annotations,
    revisions: textAt(metadata.annotations, 'revisions').replaceAll('running', 'unfinished'),
  }
  const selected = at(copy, 'spec', 'selector', 'matchLabels')
  const template = at(copy, 'spec', 'template', 'metadata', 'labels')
  for (const key of OWN_UID) {
    drop(selected, key)
    drop(template, key)
  }
  for (const key of OWN_NAME) drop(template, key)
  return copy
}

function drop(labels: unknown, key: string): void {
  if (labels && typeof labels === 'object') delete (labels as Record<string, unknown>)[key]
}
