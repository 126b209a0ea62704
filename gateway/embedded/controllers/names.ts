import type { GVR } from '../../kube/types.ts'

/** Resources and keys that only controllers touch; the rest is in gateway/domain/names.ts. */

export const BUILTIN_ROLES: GVR = {
  group: 'iam.kubesphere.io',
  version: 'v1beta1',
  resource: 'builtinroles',
}
const store = (resource: string): GVR => ({
  group: 'application.kubesphere.io',
  version: 'v2',
  resource,
})
export const APPLICATIONS = store('applications')
export const APPLICATION_VERSIONS = store('applicationversions')
export const APPLICATION_RELEASES = store('applicationreleases')
export const APPLICATION_CATEGORIES = store('categories')
export const APPLICATION_REPOS = store('repos')
export const NODES: GVR = { group: '', version: 'v1', resource: 'nodes' }
export const SECRETS: GVR = { group: '', version: 'v1', resource: 'secrets' }
export const CONFIG_MAPS: GVR = { group: '', version: 'v1', resource: 'configmaps' }
export const EVENTS: GVR = { group: '', version: 'v1', resource: 'events' }
export const CSRS: GVR = {
  group: 'certificates.k8s.io',
  version: 'v1',
  resource: 'certificatesigningrequests',
}

const rbac = (resource: string): GVR => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource,
})
export const RBAC_CLUSTER_ROLES = rbac('clusterroles')
export const RBAC_CLUSTER_ROLE_BINDINGS = rbac('clusterrolebindings')
export const RBAC_ROLES = rbac('roles')
export const RBAC_ROLE_BINDINGS = rbac('rolebindings')

export const SCOPE_LABEL = 'iam.kubesphere.io/scope'
export const AUTO_AGGREGATE = 'iam.kubesphere.io/auto-aggregate'
export const PASSWORD_CHANGED = 'iam.kubesphere.io/last-password-change-time'
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
export const CREATOR = 'kubesphere.io/creator'
export const DELETION_PROPAGATION = 'kubesphere.io/deletion-propagation'
export const PROTECTED = 'kubesphere.io/protected-resource'
/** Set by the original on what its controllers have set up, and to be taken off when that is deleted. */
export const CASCADING = 'kubesphere.io/cascading-deletion'
/** Ours: the workspace whose roles this namespace has got, or the time at which a workspace has got its own. */
export const INITIALIZED = 'ks-facade/initialized'
