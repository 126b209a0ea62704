import {
  APPS,
  RELEASES,
  REPOS,
  STORE_CATEGORIES,
  VERSIONS,
} from '../gateway/domain/application/index.ts'
import {
  CLUSTERS,
  CLUSTER_ROLES,
  GLOBAL_ROLES,
  NAMESPACES,
  ROLES,
  USERS,
  WORKSPACE_ROLES,
  WORKSPACE_TEMPLATES,
} from '../gateway/domain/names.ts'
import type { RoleLevel } from '../gateway/domain/iam/index.ts'
import type { GVR } from '../gateway/kube/types.ts'
import type { RoleKey } from './loaders.ts'
import { encodeId, type GlobalId } from './ids.ts'
import type { PlatformRole } from './models.ts'

/** Kinds behind the roles of each level. */
export const roleKinds: Readonly<Record<RoleLevel, GVR>> = {
  global: GLOBAL_ROLES,
  workspace: WORKSPACE_ROLES,
  cluster: CLUSTER_ROLES,
  namespace: ROLES,
}

/** Kinds behind the other types that have a name of their own. */
export const coreKinds = {
  User: USERS,
  Workspace: WORKSPACE_TEMPLATES,
  Project: NAMESPACES,
  Cluster: CLUSTERS,
  Application: APPS,
  ApplicationVersion: VERSIONS,
  ApplicationRelease: RELEASES,
  ApplicationCategory: STORE_CATEGORIES,
  ChartRepository: REPOS,
} as const

export type CoreType = keyof typeof coreKinds

export function coreId(cluster: string, type: CoreType, name: string): string {
  const { group, resource } = coreKinds[type]
  return encodeId({ cluster, group, resource, namespace: '', name })
}

/** Workspace or namespace of a role; empty text at the other levels. */
export function scopeOf(role: PlatformRole): string {
  return role.workspace ?? role.namespace ?? ''
}

/** A workspace role's workspace stands where a namespaced role has its namespace: it says whom to ask for permission. */
export function roleId(cluster: string, role: PlatformRole): string {
  const { group, resource } = roleKinds[role.level]
  const name = role.role.metadata.name ?? ''
  return encodeId({ cluster, group, resource, namespace: scopeOf(role), name })
}

/** Which core type an id belongs to, if any. */
export function coreTypeOf({ group, resource, namespace }: GlobalId): CoreType | undefined {
  if (namespace) return undefined
  const types = Object.keys(coreKinds) as CoreType[]
  return types.find((type) => {
    const kind = coreKinds[type]
    return kind.group === group && kind.resource === resource
  })
}

/** Which role an id belongs to, if any. */
export function roleKeyOf({ group, resource, namespace, name }: GlobalId): RoleKey | undefined {
  const levels = Object.keys(roleKinds) as RoleLevel[]
  const level = levels.find(
    (candidate) =>
      roleKinds[candidate].group === group && roleKinds[candidate].resource === resource,
  )
  return level && { level, scope: namespace, name }
}
