import { GLOBAL_ROLE_ANNOTATION } from '../gateway/domain/names.ts'
import type { GraphqlContext } from './context.ts'
import { coreId } from './core-ids.ts'
import { inputError } from './errors.ts'
import type { User } from './models.ts'
import type { CreateUserInput, Resolvers, UserInput } from './types.generated.ts'

/** The account as it is now, read by those who select it and as they may. */
function payloadOf(
  { name, clientMutationId }: UserInput,
  { loaders }: Pick<GraphqlContext, 'loaders'>,
) {
  return {
    get user() {
      // Null for one that somebody has deleted meanwhile, which the generated type does not foresee of a promise.
      return loaders.users.clear(name).load(name) as Promise<User>
    },
    clientMutationId: clientMutationId ?? null,
  }
}

async function setState(
  { name, clientMutationId }: UserInput,
  state: 'Active' | 'Disabled',
  { ctx, app }: GraphqlContext,
) {
  const user = await ctx.call(app.iam.users.change, { name, change: { state } })
  return { user, clientMutationId: clientMutationId ?? null }
}

export const userMutations: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    createUser: async (_root, { input }, { ctx, app }) => {
      const { name, globalRole, clientMutationId = null } = input
      const annotations = globalRole ? { [GLOBAL_ROLE_ANNOTATION]: globalRole } : {}
      const user = await ctx.call(app.iam.users.create, {
        user: { metadata: { name, annotations }, spec: specOf(input) },
      })
      return { user, clientMutationId }
    },
    updateUser: async (_root, { input }, { ctx, app }) => {
      const { name, globalRole, resourceVersion, clientMutationId = null, ...change } = input
      if (globalRole === null) throw inputError('a global role is replaced by another only')
      const user = await ctx.call(app.iam.users.change, {
        name,
        change: { ...change, globalRole },
        resourceVersion: resourceVersion ?? undefined,
      })
      return { user, clientMutationId }
    },
    activateUser: (_root, { input }, context) => setState(input, 'Active', context),
    deactivateUser: (_root, { input }, context) => setState(input, 'Disabled', context),
    deleteUser: async (_root, { input }, { ctx, app }) => {
      const { name, clientMutationId = null } = input
      await ctx.call(app.iam.users.delete, { name })
      return { id: coreId(ctx.cluster.name, 'User', name), name, clientMutationId }
    },
    setPassword: async (_root, { input }, context) => {
      const { ctx, app } = context
      const { name, password, currentPassword } = input
      await ctx.call(app.iam.users.setPassword, {
        name,
        password,
        currentPassword: currentPassword ?? undefined,
      })
      return payloadOf(input, context)
    },
    revokeSessions: async (_root, { input }, context) => {
      const { ctx, app } = context
      await ctx.call(app.iam.users.revokeSessions, { name: input.name })
      return payloadOf(input, context)
    },
  },
}

/** The members of an account's spec that the caller gave, null counting as absent. */
function specOf(input: CreateUserInput): User['spec'] {
  const { email, password, displayName, description, lang, groups } = input
  return {
    email,
    ...(password ? { password } : {}),
    ...(displayName ? { displayName } : {}),
    ...(description ? { description } : {}),
    ...(lang ? { lang } : {}),
    ...(groups ? { groups: [...groups] } : {}),
  }
}
