import type { RoleLevel as Level } from '../gateway/domain/iam/index.ts'
import { roleId, roleKeyOf, roleKinds, scopeOf } from './core-ids.ts'
import { demandId } from './ids.ts'
import { roleConnection } from './lists.ts'
import { placeOf } from './loaders.ts'
import { createdAt, descriptionOf, displayNameOf, nameOf } from './metadata.ts'
import { loadObject } from './objects.ts'
import { levels } from './role-place.ts'
import type { Resolvers, RoleLevel } from './types.generated.ts'

function levelName(level: Level): RoleLevel {
  return level.toUpperCase() as RoleLevel
}

/** Workspace or namespace, whichever the level has. */
function scopeAt(
  level: RoleLevel,
  at: { workspace?: string | null | undefined; namespace?: string | null | undefined },
) {
  if (level === 'WORKSPACE') return at.workspace ?? ''
  return level === 'NAMESPACE' ? (at.namespace ?? '') : ''
}

export const roles: Pick<
  Resolvers,
  'Query' | 'PlatformRole' | 'PolicyRule' | 'RoleSubject' | 'Membership'
> = {
  Query: {
    platformRole: (_root, { level, name, ...at }, { loaders }) =>
      loaders.roles.load({ level: levels[level], scope: scopeAt(level, at), name }),
    platformRoles: (_root, { level, workspace, namespace, ...args }, context) => {
      const scope = scopeAt(level, { workspace, namespace })
      const at = { level: levels[level], scope, name: '' }
      return roleConnection(context, { level: at.level, ...(scope ? placeOf(at) : {}) }, args)
    },
  },
  PlatformRole: {
    __resolveReference: (reference, { loaders }) => {
      if (!('id' in reference)) {
        return loaders.roles.load({ ...reference, level: levels[reference.level] })
      }
      const key = roleKeyOf(demandId(reference.id))
      return key ? loaders.roles.load(key) : null
    },
    id: (role, _args, { ctx }) => roleId(ctx.cluster.name, role),
    name: ({ role }) => nameOf(role),
    level: ({ level }) => levelName(level),
    scope: scopeOf,
    displayName: ({ role }) => displayNameOf(role),
    description: ({ role }) => descriptionOf(role),
    labels: ({ role }) => role.metadata.labels ?? {},
    createdAt: ({ role }) => createdAt(role),
    rules: ({ role }) => role.rules ?? [],
    templates: ({ role }) => role.aggregationRoleTemplates?.templateNames ?? [],
    subjects: ({ role, level, workspace, namespace }, _args, { ctx, app }) =>
      ctx.call(app.iam.roles.subjects, { level, workspace, namespace, name: nameOf(role) }),
    workspace: ({ workspace }, _args, { loaders }) =>
      workspace ? loaders.workspaces.load(workspace) : null,
    project: ({ namespace }, _args, { loaders }) =>
      namespace ? loaders.projects.load(namespace) : null,
    object: ({ role, level, namespace = '' }, _args, context) =>
      loadObject(context, { ...roleKinds[level], namespace, name: nameOf(role) }),
  },
  PolicyRule: {
    apiGroups: ({ apiGroups }) => apiGroups ?? [],
    resources: ({ resources }) => resources ?? [],
    resourceNames: ({ resourceNames }) => resourceNames ?? [],
    nonResourceURLs: ({ nonResourceURLs }) => nonResourceURLs ?? [],
  },
  RoleSubject: {
    user: ({ kind, name }, _args, { loaders }) =>
      kind === 'User' ? loaders.users.load(name) : null,
  },
  Membership: {
    level: ({ level }) => levelName(level),
    roleName: ({ roleRef }) => roleRef,
    user: ({ username }, _args, { loaders }) => loaders.users.load(username),
    role: (membership, _args, { loaders }) =>
      loaders.roles.load({
        level: membership.level,
        scope: membership.workspace ?? membership.namespace ?? '',
        name: membership.roleRef,
      }),
    workspace: ({ workspace }, _args, { loaders }) =>
      workspace ? loaders.workspaces.load(workspace) : null,
    project: ({ namespace }, _args, { loaders }) =>
      namespace ? loaders.projects.load(namespace) : null,
  },
}
