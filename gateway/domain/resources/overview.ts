import type { GVR } from '../../kube/types.ts'
import { CLUSTER_ROLES, CLUSTER_ROLE_BINDINGS, NAMESPACES, ROLES, ROLE_BINDINGS } from '../names.ts'
import { attributes, type Operation } from '../operation.ts'

/** One number of an overview page, full name included: `cluster_pod_count`. */
export interface ResourceCount {
  readonly name: string
  readonly value: number
}

const gvr = (group: string, version: string, resource: string): GVR => ({
  group,
  version,
  resource,
})

const inNamespaces: readonly (readonly [string, GVR])[] = [
  ['pod_count', gvr('', 'v1', 'pods')],
  ['deployment_count', gvr('apps', 'v1', 'deployments')],
  ['statefulset_count', gvr('apps', 'v1', 'statefulsets')],
  ['daemonset_count', gvr('apps', 'v1', 'daemonsets')],
  ['job_count', gvr('batch', 'v1', 'jobs')],
  ['cronjob_count', gvr('batch', 'v1', 'cronjobs')],
  ['persistentvolumeclaim_count', gvr('', 'v1', 'persistentvolumeclaims')],
  ['service_count', gvr('', 'v1', 'services')],
  ['ingress_count', gvr('networking.k8s.io', 'v1', 'ingresses')],
]

const ofCluster: typeof inNamespaces = [
  ['namespace_count', NAMESPACES],
  ...inNamespaces,
  ['clusterrolebinding_count', CLUSTER_ROLE_BINDINGS],
  ['clusterrole_count', CLUSTER_ROLES],
]

const ofNamespace: typeof inNamespaces = [
  ...inNamespaces,
  ['role_count', ROLES],
  ['rolebinding_count', ROLE_BINDINGS],
]

/** How many objects a cluster, or one namespace, holds: resources-tenant.md §6. */
export const overview: Operation<{ namespace?: string | undefined }, ResourceCount[]> = {
  name: 'resources.overview',
  needs: ({ namespace = '' }) =>
    attributes({
      verb: 'list',
      apiGroup: 'resources.kubesphere.io',
      apiVersion: 'v1alpha3',
      resource: 'metrics',
      namespace,
    }),
  async run(scope, { namespace }) {
    const prefix = namespace === undefined ? 'cluster' : 'namespace'
    const counted = namespace === undefined ? ofCluster : ofNamespace
    return Promise.all(
      counted.map(async ([name, of]) => {
        const store = await scope.cluster.caches.store(of, scope.signal)
        return { name: `${prefix}_${name}`, value: store.count(namespace) }
      }),
    )
  },
}
