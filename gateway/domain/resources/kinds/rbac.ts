import type { Fetched } from '../kind.ts'
import { defineKind } from '../kind.ts'
import type { FilterContext } from '../condition.ts'
import type { ListQuery } from '../types.ts'

const AGGREGATION = 'iam.kubesphere.io/aggregation-roles'

/**
 * Roles that the role named by `aggregateTo` is made of (resources-tenant.md §4.7). A role that is not there, or one
 * that does not say what it is made of, is made of none.
 */
export async function aggregated(
  { store }: FilterContext,
  { filters }: ListQuery,
  namespace: string | undefined,
): Promise<Fetched | undefined> {
  const name = filters?.['aggregateTo']
  if (!name) return undefined
  const role = store.get(namespace ?? '', name)
  const names = role ? roleNames(role.annotations[AGGREGATION]) : []
  const entries = [...new Set(names)].flatMap((each) => store.get(namespace ?? '', each) ?? [])
  return { entries, consumed: ['aggregateTo'] }
}

function roleNames(text: string | undefined): string[] {
  try {
    const names: unknown = JSON.parse(text ?? '')
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}

const rbac = (resource: string) => ({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource,
})

export const roles = defineKind({
  gvr: rbac('roles'),
  kind: 'Role',
  namespaced: true,
  fetch: aggregated,
})
export const roleBindings = defineKind({
  gvr: rbac('rolebindings'),
  kind: 'RoleBinding',
  namespaced: true,
})
export const clusterRoles = defineKind({
  gvr: rbac('clusterroles'),
  kind: 'ClusterRole',
  namespaced: false,
  fetch: aggregated,
})
export const clusterRoleBindings = defineKind({
  gvr: rbac('clusterrolebindings'),
  kind: 'ClusterRoleBinding',
  namespaced: false,
})
