import { accountVerdicts } from './access.ts'
import { workspacesNamed } from './workspace-lists.ts'
import type { Connection, ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { coreId } from './core-ids.ts'
import { demandId } from './ids.ts'
import { everything, objectConnection } from './lists.ts'
import { createdAt, nameOf } from './metadata.ts'
import { coreObject } from './objects.ts'
import type { LoginRecord, Membership, User } from './models.ts'
import type { Resolvers, UserStatus } from './types.generated.ts'

const states: Readonly<Record<string, UserStatus>> = {
  Active: 'ACTIVE',
  Disabled: 'DISABLED',
  AuthLimitExceeded: 'AUTH_LIMIT_EXCEEDED',
}

async function globalRoleOf(user: User, { ctx, app }: GraphqlContext): Promise<string | null> {
  return (await ctx.call(app.iam.users.globalRole, { name: nameOf(user) })) ?? null
}

async function membershipsOf(user: User, { ctx, app }: GraphqlContext): Promise<Membership[]> {
  const name = nameOf(user)
  const found = await ctx.call(app.iam.users.memberships, { name })
  return found.map((membership) => ({ ...membership, username: name }))
}

async function loginRecordsOf(
  name: string,
  args: ListArgs,
  context: GraphqlContext,
): Promise<Connection<LoginRecord>> {
  const { ctx, app } = context
  const { items } = await ctx.call(app.iam.users.loginRecords, { name, query: everything })
  return objectConnection(context, ['loginRecords', name], items, args)
}

export const users: Pick<Resolvers, 'Query' | 'User' | 'LoginRecord'> = {
  Query: {
    me: (_root, _args, { ctx, loaders }) => loaders.users.load(ctx.user.name),
    user: (_root, { name }, { loaders }) => loaders.users.load(name),
    users: async (_root, { globalRole, ...args }, context) => {
      const { ctx, app } = context
      const wanted = { query: everything, globalRole: globalRole ?? undefined }
      const { items } = await ctx.call(app.iam.users.list, wanted)
      return objectConnection(context, ['users', globalRole], items, args)
    },
    loginRecords: (_root, { user, ...args }, context) => loginRecordsOf(user, args, context),
  },
  User: {
    __resolveReference: (reference, { loaders }) =>
      loaders.users.load('name' in reference ? reference.name : demandId(reference.id).name),
    id: (user, _args, { ctx }) => coreId(ctx.cluster.name, 'User', nameOf(user)),
    name: nameOf,
    email: ({ spec }) => spec.email || null,
    displayName: ({ spec }) => spec.displayName || null,
    description: ({ spec }) => spec.description || null,
    lang: ({ spec }) => spec.lang || null,
    status: ({ status }) => states[status.state ?? ''] ?? 'PENDING',
    lastLoginTime: ({ status }) => status.lastLoginTime || null,
    createdAt,
    groups: ({ spec }) => spec.groups ?? [],
    globalRoleName: (user, _args, context) => globalRoleOf(user, context),
    globalRole: async (user, _args, context) => {
      const name = await globalRoleOf(user, context)
      return name ? context.loaders.roles.load({ level: 'global', scope: '', name }) : null
    },
    memberships: async (user, { level }, context) => {
      const all = await membershipsOf(user, context)
      return level ? all.filter((membership) => membership.level.toUpperCase() === level) : all
    },
    workspaces: async (user, args, context) => {
      const all = await membershipsOf(user, context)
      const names = all.flatMap(({ workspace }) => workspace ?? [])
      return workspacesNamed(context, nameOf(user), names, args)
    },
    loginRecords: (user, args, context) => loginRecordsOf(nameOf(user), args, context),
    roleTemplates: (user, { level, workspace, namespace }, { ctx, app }) =>
      ctx.call(app.iam.users.roleTemplates, {
        name: nameOf(user),
        scope: level.toLowerCase(),
        workspace: workspace ?? undefined,
        namespace: namespace ?? undefined,
      }),
    can: (user, { attributes: asked }, context) => accountVerdicts(user, asked, context),
    object: (user, _args, context) => coreObject(context, 'User', nameOf(user)),
  },
  LoginRecord: {
    time: createdAt,
    success: ({ spec }) => spec.success,
    reason: ({ spec }) => spec.reason,
    type: ({ spec }) => spec.type,
    provider: ({ spec }) => spec.provider,
    sourceIP: ({ spec }) => spec.sourceIP,
    userAgent: ({ spec }) => spec.userAgent ?? null,
  },
}
