import type { RoleDraft } from '../gateway/domain/iam/index.ts'
import { roleId } from './core-ids.ts'
import { placeOfWrite } from './role-place.ts'
import type { CreateRoleInput, Resolvers, UpdateRoleInput } from './types.generated.ts'

export const roleMutations: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    createRole: async (_root, { input }, context) => {
      const { ctx, app } = context
      const at = await placeOfWrite(input, context)
      const { name, clientMutationId = null } = input
      const draft = draftOf(input)
      const role = await ctx.call(app.iam.roles.create, { ...at, name, draft })
      return { role: { ...at, role }, clientMutationId }
    },
    updateRole: async (_root, { input }, context) => {
      const { ctx, app } = context
      const at = await placeOfWrite(input, context)
      const { name, resourceVersion, clientMutationId = null } = input
      const role = await ctx.call(app.iam.roles.change, {
        ...at,
        name,
        draft: draftOf(input),
        resourceVersion: resourceVersion ?? undefined,
      })
      return { role: { ...at, role }, clientMutationId }
    },
    deleteRole: async (_root, { input }, context) => {
      const { ctx, app } = context
      const at = await placeOfWrite(input, context)
      const { name, clientMutationId = null } = input
      await ctx.call(app.iam.roles.delete, { ...at, name })
      const gone = { ...at, role: { metadata: { name } } }
      return { id: roleId(ctx.cluster.name, gone), name, clientMutationId }
    },
  },
}

function draftOf({
  displayName,
  description,
  templates,
  rules,
}: CreateRoleInput | UpdateRoleInput): RoleDraft {
  return {
    displayName,
    description,
    // Of a list there is nothing less than no items.
    templates: templates === null ? [] : templates,
    rules: rules === null ? [] : rules?.map(ruleOf),
  }
}

type RuleInput = NonNullable<CreateRoleInput['rules']>[number]

function ruleOf({ verbs, ...lists }: RuleInput) {
  const given = Object.entries(lists).flatMap(([field, values]) =>
    values ? [[field, [...values]] as const] : [],
  )
  return { verbs: [...verbs], ...Object.fromEntries(given) }
}
