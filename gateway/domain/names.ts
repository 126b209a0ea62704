import type { GVR } from '../kube/types.ts'

/** Resources, labels and annotations that iam, tenant and cluster share: objects-and-controllers.md §1, Appendix C. */

const iam = (resource: string): GVR => ({
  group: 'iam.kubesphere.io',
  version: 'v1beta1',
  resource,
})
const tenant = (resource: string): GVR => ({
  group: 'tenant.kubesphere.io',
  version: 'v1beta1',
  resource,
})

export const USERS = iam('users')
export const LOGIN_RECORDS = iam('loginrecords')
export const ROLE_TEMPLATES = iam('roletemplates')
export const GLOBAL_ROLES = iam('globalroles')
export const GLOBAL_ROLE_BINDINGS = iam('globalrolebindings')
export const WORKSPACE_ROLES = iam('workspaceroles')
export const WORKSPACE_ROLE_BINDINGS = iam('workspacerolebindings')
export const CLUSTER_ROLES = iam('clusterroles')
export const CLUSTER_ROLE_BINDINGS = iam('clusterrolebindings')
export const ROLES = iam('roles')
export const ROLE_BINDINGS = iam('rolebindings')

/** What says who may do what. */
export const RIGHTS: readonly GVR[] = [
  GLOBAL_ROLE_BINDINGS,
  GLOBAL_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_ROLES,
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  ROLE_BINDINGS,
  ROLES,
]

export const WORKSPACES = tenant('workspaces')
export const WORKSPACE_TEMPLATES = tenant('workspacetemplates')

export const APP_RELEASES: GVR = {
  group: 'application.kubesphere.io',
  version: 'v2',
  resource: 'applicationreleases',
}

export const NAMESPACES: GVR = { group: '', version: 'v1', resource: 'namespaces' }
export const WORKSPACE_QUOTAS: GVR = {
  group: 'quota.kubesphere.io',
  version: 'v1alpha2',
  resource: 'resourcequotas',
}
export const CLUSTERS: GVR = {
  group: 'cluster.kubesphere.io',
  version: 'v1alpha1',
  resource: 'clusters',
}
export const CLUSTER_LABELS: GVR = {
  group: 'cluster.kubesphere.io',
  version: 'v1alpha1',
  resource: 'labels',
}
export const INSTALL_PLANS: GVR = {
  group: 'kubesphere.io',
  version: 'v1alpha1',
  resource: 'installplans',
}

export const USER_REF = 'iam.kubesphere.io/user-ref'
export const ROLE_REF = 'iam.kubesphere.io/role-ref'
export const WORKSPACE_LABEL = 'kubesphere.io/workspace'
export const REGO_OVERRIDE = 'iam.kubesphere.io/rego-override'
export const GLOBAL_ROLE_ANNOTATION = 'iam.kubesphere.io/globalrole'
export const IDENTITY_PROVIDER_PREFIX = 'iam.kubesphere.io/identity-provider.'
export const GRANTED_CLUSTERS = 'iam.kubesphere.io/granted-clusters'
export const ANONYMOUS_USER = 'system:anonymous'
export const PRE_REGISTRATION_USER = 'system:pre-registration'

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

/**
 * Whether `value` may stand in a label (Kubernetes documentation, "Labels and Selectors": at most 63 characters).
 * A lookup by label with anything else must find nothing: a selector that cannot be parsed would match everything.
 */
export function isLabelValue(value: string): boolean {
  return LABEL_VALUE.test(value)
}
