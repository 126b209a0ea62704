import type { Logger } from 'pino'
import type { KubeClient } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, isAlreadyExists, isNotFound } from '../../lib/errors.ts'
import type { Pod } from './helper-pods.ts'
import { HELPER_LABEL, HELPER_NAMESPACE, LEASES, PODS } from './names.ts'

/** Milliseconds without a renewal after which nobody uses a helper pod any more. */
const UNUSED_MS = 60_000
/** Milliseconds that a helper pod may stand without a Lease: time to become ready. */
const UNLEASED_MS = 3 * 60_000

interface Lease extends KubeObject {
  spec?: { renewTime?: string; acquireTime?: string }
}

/**
 * Says that a helper pod is in use now, for one more minute. A Lease of an earlier pod of that name is replaced, or the
 * garbage collector would take it and the pod would never be cleaned up (platform-apis.md §9.5, §13 no. 43).
 */
export async function renewLease(
  client: KubeClient,
  pod: Pod,
  now: number,
  signal?: AbortSignal,
): Promise<void> {
  const { name = '', uid = '' } = pod.metadata
  const time = new Date(now).toISOString().replace('Z', '000Z')
  const at = { namespace: HELPER_NAMESPACE, signal }
  const fresh = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: HELPER_NAMESPACE,
      labels: { [HELPER_LABEL]: '', 'kubesphere.io/managed': 'true' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid }],
    },
    spec: { acquireTime: time, renewTime: time },
  }
  for (;;) {
    const lease = await client.get<Lease>(LEASES, name, at).catch(unlessGone)
    if (!lease) {
      try {
        await client.create(LEASES, fresh, at)
        return
      } catch (error) {
        if (isAlreadyExists(error)) continue
        throw error
      }
    }
    const owned = lease.metadata.ownerReferences?.some((owner) => owner.uid === uid)
    const patch = owned
      ? { spec: { renewTime: time } }
      : { metadata: fresh.metadata, spec: fresh.spec }
    const done = await client.patch(LEASES, name, patch, { ...at, type: 'merge' }).catch(unlessGone)
    if (done) return
  }
}

/**
 * Deletes helper pods that nobody has used for a minute, those of a process that crashed included: by their Lease, or by
 * their name where there is none. Throws ApiError when the cluster does not answer.
 */
export async function sweepHelpers(
  client: KubeClient,
  now: number,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const at = { namespace: HELPER_NAMESPACE, signal }
  const leases = await client.list<Lease>(LEASES, { ...at, labelSelector: HELPER_LABEL })
  const leased = new Set<string>()
  for (const { metadata, spec } of leases.items) {
    const { name = '' } = metadata
    leased.add(name)
    if (now - Date.parse(spec?.renewTime ?? '') < UNUSED_MS) continue
    await remove(name, metadata.ownerReferences?.[0]?.uid)
    await client.delete(LEASES, name, { ...at, ...precondition(metadata.uid) }).catch(unlessGone)
  }
  const pods = await client.list<Pod>(PODS, at)
  for (const pod of pods.items) {
    const { name = '', uid, creationTimestamp, deletionTimestamp } = pod.metadata
    if (!isHelper(pod) || leased.has(name) || deletionTimestamp) continue
    if (now - Date.parse(creationTimestamp ?? '') >= UNLEASED_MS) await remove(name, uid)
  }

  async function remove(name: string, uid: string | undefined): Promise<void> {
    const options = { ...at, gracePeriodSeconds: 0, ...precondition(uid) }
    const gone = await client.delete(PODS, name, options).catch(unlessGone)
    if (gone) log.info({ pod: name }, 'helper pod of a terminal removed')
  }
}

/** By name and container: these pods carry no label. */
function isHelper({ metadata, spec }: Pod): boolean {
  const { name = '' } = metadata
  const container = spec?.containers?.[0]?.name
  return (
    (name.startsWith('ks-managed-kubectl-') && container === 'kubectl') ||
    (name.endsWith('-shell-access') && container === 'nsenter')
  )
}

function precondition(uid: string | undefined): { preconditions?: { uid: string } } {
  return uid ? { preconditions: { uid } } : {}
}

/** Gone already, or another object of that name by now. */
function unlessGone(error: unknown): undefined {
  if (isNotFound(error) || (error instanceof ApiError && error.code === 409)) return undefined
  throw error
}
