import type { Store } from '../../kube/api.ts'
import type { GVR } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'
import type { Pod } from './pods.ts'
import type { Stores } from './stores.ts'
import type { PodsLogArgs } from './types.ts'

const JOBS: GVR = { group: 'batch', version: 'v1', resource: 'jobs' }

/** Whether a pod is one of those that are asked for. Throws ApiError 400 when nothing says which. */
export async function selectionOf(
  stores: Stores,
  { namespace, selector, workload }: PodsLogArgs,
): Promise<(pod: Pod) => boolean> {
  if (selector) return ({ metadata }) => selector.matches(metadata.labels ?? {})
  if (workload?.info.group !== 'batch' || workload.info.resource !== 'cronjobs') {
    throw badRequest('nothing says which pods are meant')
  }
  const jobs = await stores.open(JOBS, namespace)
  return (pod) => isOfJobOf(jobs, namespace, pod, workload.uid)
}

function isOfJobOf(jobs: Store, namespace: string, { metadata }: Pod, uid: string): boolean {
  return (metadata.ownerReferences ?? []).some((owner) => {
    const job = owner.kind === 'Job' ? jobs.get(namespace, owner.name) : undefined
    return (
      job?.uid === owner.uid &&
      job.object.metadata.ownerReferences?.some((above) => above.uid === uid)
    )
  })
}
