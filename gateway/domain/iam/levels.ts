import type { ClusterAccess, Entry, GVR, Store } from '../../kube/api.ts'
import { ApiError } from '../../lib/errors.ts'
import {
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  ROLES,
  ROLE_BINDINGS,
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
} from '../names.ts'
import type { Place, Role, RoleLevel } from './types.ts'

/** Where roles and bindings of a level live and how they look: iam-oauth.md §17.2. */
export interface Level {
  readonly name: RoleLevel
  readonly roles: GVR
  readonly bindings: GVR
  readonly roleKind: string
  readonly bindingKind: string
  /** On the host cluster, whichever cluster is asked. */
  readonly onHost: boolean
  /** Bindings also name the user's ServiceAccount, for native RBAC. */
  readonly withServiceAccount: boolean
  /** Plural of the member resource, for permission. */
  readonly members: string
  /** Annotation of a member stub that carries the role. */
  readonly roleAnnotation: string
}

export const levels: Readonly<Record<RoleLevel, Level>> = {
  global: {
    name: 'global',
    roles: GLOBAL_ROLES,
    bindings: GLOBAL_ROLE_BINDINGS,
    roleKind: 'GlobalRole',
    bindingKind: 'GlobalRoleBinding',
    onHost: true,
    withServiceAccount: false,
    members: 'users',
    roleAnnotation: 'iam.kubesphere.io/globalrole',
  },
  workspace: {
    name: 'workspace',
    roles: WORKSPACE_ROLES,
    bindings: WORKSPACE_ROLE_BINDINGS,
    roleKind: 'WorkspaceRole',
    bindingKind: 'WorkspaceRoleBinding',
    onHost: true,
    withServiceAccount: false,
    members: 'workspacemembers',
    roleAnnotation: 'iam.kubesphere.io/workspacerole',
  },
  cluster: {
    name: 'cluster',
    roles: CLUSTER_ROLES,
    bindings: CLUSTER_ROLE_BINDINGS,
    roleKind: 'ClusterRole',
    bindingKind: 'ClusterRoleBinding',
    onHost: false,
    withServiceAccount: true,
    members: 'clustermembers',
    roleAnnotation: 'iam.kubesphere.io/clusterrole',
  },
  namespace: {
    name: 'namespace',
    roles: ROLES,
    bindings: ROLE_BINDINGS,
    roleKind: 'Role',
    bindingKind: 'RoleBinding',
    onHost: false,
    withServiceAccount: true,
    members: 'namespacemembers',
    roleAnnotation: 'iam.kubesphere.io/role',
  },
}

/** A level in one cluster and place: what every lookup of roles and bindings starts from. */
export interface Site {
  readonly level: Level
  readonly cluster: ClusterAccess
  readonly workspace: string
  readonly namespace: string
  readonly signal: AbortSignal
}

export interface SiteScope {
  readonly cluster: ClusterAccess
  readonly signal: AbortSignal
}

/** The site of a level; without a workspace or namespace that the level has, everywhere. */
export function siteOf(host: ClusterAccess, scope: SiteScope, name: RoleLevel, at: Place): Site {
  const level = levels[name]
  const workspace = name === 'workspace' ? (at.workspace ?? '') : ''
  const namespace = name === 'namespace' ? (at.namespace ?? '') : ''
  return {
    level,
    cluster: level.onHost ? host : scope.cluster,
    workspace,
    namespace,
    signal: scope.signal,
  }
}

export function bindingStore(site: Site): Promise<Store> {
  return site.cluster.caches.store(site.level.bindings, site.signal)
}

/** Entries of a store that belong to the site: its namespace, or its workspace label. */
export function entriesAt(site: Site, store: Store): Iterable<Entry> {
  if (site.namespace) return store.entries(site.namespace)
  if (site.workspace) return store.withLabel(WORKSPACE_LABEL, site.workspace)
  return store.entries()
}

/**
 * The role by its object name. Throws ApiError 404: with the Kind where it is missing, `workspacerole.iam.kubesphere.io`
 * where it belongs to another workspace (iam-oauth.md §24.7).
 */
export async function roleAt(site: Site, name: string): Promise<Role> {
  const { level } = site
  const store = await site.cluster.caches.store(level.roles, site.signal)
  const entry = store.get(site.namespace, name)
  if (!entry) throw missing(level.roleKind, name)
  if (site.workspace && entry.labels[WORKSPACE_LABEL] !== site.workspace) {
    throw missing(level.roleKind.toLowerCase(), name)
  }
  return entry.object
}

function missing(kind: string, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${kind}.iam.kubesphere.io "${name}" not found`, {
    details: { group: 'iam.kubesphere.io', kind, name },
  })
}
