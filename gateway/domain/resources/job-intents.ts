import type { GVR, KubeClient, KubeObject } from '../../kube/api.ts'
import { isNotFound } from '../../lib/errors.ts'
import { textAt } from './kind.ts'

const SECRETS: GVR = { group: '', version: 'v1', resource: 'secrets' }
const NAMESPACE = 'kubesphere-system'
const LABEL = 'ks-facade/job-rerun'
const TYPE = 'ks-facade/job-rerun'

/** What a rerun is about to do, kept in the cluster until it is done. */
export interface JobIntent {
  /** Name of what keeps it. */
  readonly key: string
  /** Of the Job that is replaced. */
  readonly uid: string
  /** The Job that takes its place. */
  readonly copy: KubeObject
}

/** Keeps an intent, in a Secret since a Job may hold some. Throws ApiError 409 AlreadyExists where the Job has one. */
export async function keepIntent(
  client: KubeClient,
  uid: string,
  copy: KubeObject,
): Promise<JobIntent> {
  const key = `job-rerun-${uid}`
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: key, namespace: NAMESPACE, labels: { [LABEL]: 'true' } },
    type: TYPE,
    data: { uid: encoded(uid), job: encoded(JSON.stringify(copy)) },
  }
  await client.create(SECRETS, secret, { namespace: NAMESPACE })
  return { key, uid, copy }
}

/** Every intent that is kept; one that cannot be read is left out. */
export async function keptIntents(client: KubeClient, signal: AbortSignal): Promise<JobIntent[]> {
  const labelSelector = `${LABEL}=true`
  const { items } = await client.list(SECRETS, { namespace: NAMESPACE, labelSelector, signal })
  return items.flatMap((secret) => {
    try {
      const copy = JSON.parse(decoded(secret, 'job')) as KubeObject
      return [{ key: secret.metadata.name ?? '', uid: decoded(secret, 'uid'), copy }]
    } catch {
      return []
    }
  })
}

/** Lets go of an intent; one that is gone already is as good. */
export async function dropIntent(client: KubeClient, { key }: JobIntent): Promise<void> {
  try {
    await client.delete(SECRETS, key, { namespace: NAMESPACE })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64')
}

function decoded(secret: KubeObject, key: string): string {
  return Buffer.from(textAt(secret, 'data', key), 'base64').toString()
}
