import { ApiError, notFound } from '../../lib/errors.ts'
import { ROLE_TEMPLATES, USER_REF, WORKSPACE_LABEL, isLabelValue } from '../names.ts'
import { attributes, type OperationScope } from '../operation.ts'
import { roleRefOf } from './bindings.ts'
import type { IamDeps } from './index.ts'
import { bindingStore, levels, siteOf, type Site } from './levels.ts'
import type { Place, Role, RoleBinding, RoleLevel, RoleTemplate } from './types.ts'

/**
 * Templates that make up the user's role or roles at a level, in role order (iam-oauth.md §18). An unknown level has
 * none. Throws ApiError 403 for somebody else's unless the caller may get users, 404 for a role that is gone
 * (workspace and namespace only).
 */
export async function roleTemplatesOf(
  deps: IamDeps,
  scope: OperationScope,
  { name, scope: level, ...at }: { name: string; scope: string } & Place,
): Promise<RoleTemplate[]> {
  if (scope.user.name !== name) await demandMayGetUsers(scope, name)
  if (!Object.hasOwn(levels, level) || !isLabelValue(name)) return []
  const site = siteOf(deps.host, scope, level as RoleLevel, at)
  const roles = await rolesOf(site, name)
  const templates = await deps.host.caches.store(ROLE_TEMPLATES, scope.signal)
  const found: RoleTemplate[] = []
  for (const role of roles) {
    for (const template of role.aggregationRoleTemplates?.templateNames ?? []) {
      const entry = templates.get('', template)
      if (entry) found.push(entry.object as RoleTemplate)
    }
  }
  return found
}

async function demandMayGetUsers(scope: OperationScope, name: string): Promise<void> {
  const allowed = await scope.may(attributes({ verb: 'get', resource: 'users', scope: 'Global' }))
  if (allowed) return
  throw new ApiError(
    403,
    'Forbidden',
    `users.iam.kubesphere.io "${name}" is forbidden: not allow to get users`,
    { details: { group: 'iam.kubesphere.io', kind: 'users', name } },
  )
}

async function rolesOf(site: Site, name: string): Promise<Role[]> {
  const [bindings, roles] = await Promise.all([
    bindingStore(site),
    site.cluster.caches.store(site.level.roles, site.signal),
  ])
  const single = site.level.name === 'global' || site.level.name === 'cluster'
  const found: Role[] = []
  for (const entry of bindings.withLabel(USER_REF, name, site.namespace || undefined)) {
    if (site.workspace && entry.labels[WORKSPACE_LABEL] !== site.workspace) continue
    const { subjects } = entry.object as RoleBinding
    if (!subjects?.some((s) => s.kind === 'User' && s.name === name)) continue
    const ref = roleRefOf(entry)
    const role = roles.get(entry.namespace, ref)
    if (role) found.push(role.object)
    else if (!single) throw notFound('iam.kubesphere.io', site.level.roleKind, ref)
    if (single) break
  }
  return found
}
