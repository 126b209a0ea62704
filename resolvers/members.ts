import type { Place, RoleLevel } from '../gateway/domain/iam/index.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import type { Membership } from './models.ts'
import { placeOfWrite } from './role-place.ts'
import type { MemberLevel, Resolvers } from './types.generated.ts'

/** Accounts that one mutation takes. */
const mostMembers = 100

function demandFew(members: readonly unknown[]): void {
  if (members.length > mostMembers) throw inputError(`at most ${mostMembers} at a time`)
}

function payloadOf(
  at: Place & { level: RoleLevel },
  members: readonly { readonly username: string; readonly role: string }[],
  clientMutationId: string | null = null,
) {
  const memberships = members.map(({ username, role }): Membership => ({
    ...at,
    username,
    roleRef: role,
  }))
  return { memberships, clientMutationId }
}

export const members: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    addMembers: async (_root, { input }, context) => {
      const { level, ...place } = await placeOfWrite<MemberLevel>(input, context)
      demandFew(input.members)
      await context.ctx.call(context.app.iam.members[level].add, {
        ...place,
        members: input.members.map(({ username, role }) => ({ username, roleRef: role })),
      })
      return payloadOf({ ...place, level }, input.members, input.clientMutationId)
    },
    updateMember: async (_root, { input }, context) => {
      const { level, ...place } = await placeOfWrite<MemberLevel>(input, context)
      const { username, role } = input
      await context.ctx.call(context.app.iam.members[level].change, {
        ...place,
        name: username,
        member: { username, roleRef: role },
      })
      return payloadOf({ ...place, level }, [input], input.clientMutationId)
    },
    removeMembers: async (_root, { input }, context) => {
      const { level, ...place } = await placeOfWrite<MemberLevel>(input, context)
      const { usernames, clientMutationId = null } = input
      demandFew(usernames)
      const { remove } = context.app.iam.members[level]
      for (const name of usernames) await context.ctx.call(remove, { ...place, name })
      return { usernames, clientMutationId }
    },
    assignRole: async (_root, { input }, context) => {
      const at = await placeOfWrite(input, context)
      await assign({ ...at, username: input.username, roleRef: input.role }, context)
      return payloadOf(at, [input], input.clientMutationId)
    },
  },
}

/** A global role is a field of the account; at the other levels it makes a member. */
async function assign(
  { level, username, roleRef, ...place }: Membership,
  { ctx, app }: GraphqlContext,
): Promise<void> {
  if (level === 'global') {
    await ctx.call(app.iam.users.change, { name: username, change: { globalRole: roleRef } })
    return
  }
  await ctx.call(app.iam.members[level].add, { ...place, members: [{ username, roleRef }] })
}
