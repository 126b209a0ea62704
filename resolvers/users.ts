import { GLOBAL_ROLE_ANNOTATION } from '../gateway/domain/names.ts'
import { attributes } from '../gateway/domain/operation.ts'
import { connect } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { coreId } from './core-ids.ts'
import { inputError } from './errors.ts'
import { demandId } from './ids.ts'
import { everything, objectConnection } from './lists.ts'
import { createdAt, nameOf, rowWith } from './metadata.ts'
import { coreObject } from './objects.ts'
import type { Membership, User } from './models.ts'
import type { AccessAttributes, Resolvers, UserStatus } from './types.generated.ts'

/** Questions that `User.can` takes at a time. */
const mostQuestions = 100

const states: Readonly<Record<string, UserStatus>> = {
  Active: 'ACTIVE',
  Disabled: 'DISABLED',
  AuthLimitExceeded: 'AUTH_LIMIT_EXCEEDED',
}

/** Answers about oneself come from the request's own verdicts; about others from an access review, by its own right. */
function verdictFor(user: User, { ctx, app }: GraphqlContext) {
  const own = nameOf(user) === ctx.user.name
  return async (asked: AccessAttributes) => {
    if (own) {
      const { group, version, ...rest } = asked
      const { decision, reason } = await ctx.authorize(
        attributes({ ...rest, apiGroup: group ?? '', apiVersion: version ?? '' }),
      )
      return { allowed: decision === 'Allow', reason: reason || null }
    }
    const { allowed, reason } = await ctx.call(app.iam.access.review, {
      spec: { resourceAttributes: asked, user: nameOf(user), groups: user.spec.groups ?? [] },
    })
    return { allowed, reason: reason ?? null }
  }
}

async function globalRoleOf(user: User, { ctx, app }: GraphqlContext): Promise<string | null> {
  return (await ctx.call(app.iam.users.globalRole, { name: nameOf(user) })) ?? null
}

async function membershipsOf(user: User, { ctx, app }: GraphqlContext): Promise<Membership[]> {
  const name = nameOf(user)
  const found = await ctx.call(app.iam.users.memberships, { name })
  return found.map((membership) => ({ ...membership, username: name }))
}

export const users: Pick<Resolvers, 'Query' | 'Mutation' | 'User' | 'LoginRecord'> = {
  Query: {
    me: (_root, _args, { ctx, loaders }) => loaders.users.load(ctx.user.name),
    user: (_root, { name }, { loaders }) => loaders.users.load(name),
    users: async (_root, args, context) => {
      const { ctx, app } = context
      const { items } = await ctx.call(app.iam.users.list, { query: everything })
      return objectConnection(context, ['users'], items, args)
    },
  },
  Mutation: {
    createUser: async (_root, { input }, { ctx, app }) => {
      const { name, globalRole, clientMutationId = null, ...spec } = input
      const annotations = globalRole ? { [GLOBAL_ROLE_ANNOTATION]: globalRole } : {}
      const user = await ctx.call(app.iam.users.create, {
        user: { metadata: { name, annotations }, spec: given(spec) },
      })
      return { user, clientMutationId }
    },
    setPassword: async (_root, { input }, { ctx, app, loaders }) => {
      const { name, password, currentPassword, clientMutationId = null } = input
      await ctx.call(app.iam.users.setPassword, {
        name,
        password,
        currentPassword: currentPassword ?? undefined,
      })
      return { user: await loaders.users.load(name), clientMutationId }
    },
  },
  User: {
    __resolveReference: (reference, { loaders }) =>
      loaders.users.load('name' in reference ? reference.name : demandId(reference.id).name),
    id: (user, _args, { ctx }) => coreId(ctx.cluster.name, 'User', nameOf(user)),
    name: nameOf,
    email: ({ spec }) => spec.email || null,
    displayName: ({ spec }) => spec.displayName || null,
    description: ({ spec }) => spec.description || null,
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
    loginRecords: async (user, args, context) => {
      const { ctx, app, cursors } = context
      const name = nameOf(user)
      const { items } = await ctx.call(app.iam.users.loginRecords, { name, query: everything })
      const rows = items.map((record) => rowWith(record, record))
      const list = ['loginRecords', name]
      return connect(rows, { cursors, list, args, toNode: ({ item }) => item })
    },
    can: (user, { attributes: asked }, context) => {
      if (asked.length > mostQuestions) throw inputError(`at most ${mostQuestions} at a time`)
      return Promise.all(asked.map(verdictFor(user, context)))
    },
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

/** The members of an account's spec that the caller gave, null counting as absent. */
function given(spec: {
  readonly email: string
  readonly password?: string | null
  readonly displayName?: string | null
  readonly description?: string | null
}): User['spec'] {
  const { email, password, displayName, description } = spec
  return {
    email,
    ...(password ? { password } : {}),
    ...(displayName ? { displayName } : {}),
    ...(description ? { description } : {}),
  }
}
