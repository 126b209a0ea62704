import type { Entry } from '../../kube/api.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { ApiError, notFound } from '../../lib/errors.ts'
import { attributes, type Operation } from '../operation.ts'
import { at } from './kind.ts'

export type RevisedResource = 'deployments' | 'daemonsets' | 'statefulsets'

export interface RevisionArgs {
  readonly resource: RevisedResource
  readonly namespace: string
  readonly name: string
  /** As text; for all but Deployments a number. */
  readonly revision: string
}

const kindNames: Readonly<Record<RevisedResource, string>> = {
  deployments: 'Deployment',
  daemonsets: 'DaemonSet',
  statefulsets: 'StatefulSet',
}

const apps = (resource: string): GVR => ({ group: 'apps', version: 'v1', resource })

/**
 * What a workload was at a revision: a ReplicaSet for a Deployment, a ControllerRevision otherwise
 * (resources-tenant.md §9.5). Throws ApiError 404 for a workload or a revision that is not there.
 */
export const revision: Operation<RevisionArgs, KubeObject> = {
  name: 'resources.revision',
  needs: ({ resource, namespace, name }) =>
    attributes({
      verb: 'get',
      apiGroup: 'resources.kubesphere.io',
      apiVersion: 'v1alpha2',
      resource,
      subresource: 'revisions',
      name,
      namespace,
    }),
  async run({ cluster, signal }, { resource, namespace, name, revision: wanted }) {
    const workloads = await cluster.caches.store(apps(resource), signal)
    const workload = workloads.get(namespace, name)
    if (!workload) throw notFound('apps', kindNames[resource], name)
    const labels = Object.entries(
      (at(workload.object, 'spec', 'template', 'metadata', 'labels') ?? {}) as Record<
        string,
        string
      >,
    )
    const source = resource === 'deployments' ? 'replicasets' : 'controllerrevisions'
    const candidates = await cluster.caches.store(apps(source), signal)
    for (const candidate of candidates.entries(namespace)) {
      if (!labels.every(([key, value]) => candidate.labels[key] === value)) continue
      if (isRevision(candidate, wanted, resource)) return candidate.object
    }
    throw new ApiError(404, 'NotFound', `revision not found ${name}#${wanted}`)
  },
}

function isRevision(entry: Entry, wanted: string, resource: RevisedResource): boolean {
  if (resource === 'deployments') {
    return entry.annotations['deployment.kubernetes.io/revision'] === wanted
  }
  return at(entry.object, 'revision') === Number(wanted)
}
