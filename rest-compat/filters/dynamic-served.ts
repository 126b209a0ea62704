import type { ClusterAccess } from '../../gateway/kube/api.ts'
import type { KindInfo } from '../../gateway/kube/types.ts'

/** Groups whose objects the original knows as types (pipeline.md §17): the platform's, with their versions. */
const PLATFORM = new Set([
  'application.kubesphere.io/v2',
  'app.k8s.io/v1beta1',
  'cluster.kubesphere.io/v1alpha1',
  'extensions.kubesphere.io/v1alpha1',
  'gateway.kubesphere.io/v1alpha2',
  'iam.kubesphere.io/v1beta1',
  'kubesphere.io/v1alpha1',
  'quota.kubesphere.io/v1alpha2',
  'storage.kubesphere.io/v1alpha1',
  'tenant.kubesphere.io/v1beta1',
])

/** Groups of Kubernetes itself. */
const KUBERNETES = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
])

const SERVED = 'kubesphere.io/resource-served'
const CRDS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
}

/** Whether lists of the kind are typed: without kind and apiVersion of their own. */
export function isRegistered({ group, version }: { group: string; version: string }): boolean {
  return KUBERNETES.has(group) || PLATFORM.has(`${group}/${version}`)
}

/** The kind, if objects of it are served without routes of their own; a CRD has to ask for that by a label. */
export async function servedKind(
  cluster: ClusterAccess,
  gvr: { group: string; version: string; resource: string },
  signal: AbortSignal,
): Promise<KindInfo | undefined> {
  if (!isRegistered(gvr)) {
    const definitions = await cluster.caches.store(CRDS, signal)
    const definition = definitions.get('', `${gvr.resource}.${gvr.group}`)
    if (definition?.labels[SERVED] !== 'true') return undefined
  }
  return cluster.discovery.find(gvr)
}
