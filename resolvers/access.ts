import { attributes, type Attributes } from '../gateway/domain/operation.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import { nameOf } from './metadata.ts'
import type { User } from './models.ts'
import type { AccessAttributes, AccessVerdict, Resolvers, RoleLevel } from './types.generated.ts'

/** Questions that one field takes at a time. */
const mostQuestions = 100

/** Group of everybody whom a token has logged in; the groups of the account do not count there. */
const LOGGED_IN = 'system:authenticated'

const scopes = {
  GLOBAL: 'Global',
  WORKSPACE: 'Workspace',
  CLUSTER: 'Cluster',
  NAMESPACE: 'Namespace',
} as const satisfies Record<RoleLevel, Attributes['scope']>

function demandFew(asked: readonly unknown[]): void {
  if (asked.length > mostQuestions) throw inputError(`at most ${mostQuestions} at a time`)
}

/** Answers out of the verdicts of the request itself: what the caller may do takes no right to ask. */
async function ownVerdicts(
  asked: readonly AccessAttributes[],
  { ctx }: GraphqlContext,
): Promise<AccessVerdict[]> {
  return Promise.all(
    asked.map(async ({ group = '', version = '', level = 'CLUSTER', path = '', ...rest }) => {
      const scope = rest.namespace ? 'Namespace' : rest.workspace ? 'Workspace' : scopes[level]
      const { decision, reason } = await ctx.authorize(
        path
          ? attributes({ verb: rest.verb, path, resourceRequest: false })
          : attributes({ ...rest, apiGroup: group, apiVersion: version, scope }),
      )
      return { allowed: decision === 'Allow', reason: reason || null }
    }),
  )
}

async function reviewed(
  asked: readonly AccessAttributes[],
  { user, groups = [LOGGED_IN] }: { readonly user: string; readonly groups?: readonly string[] },
  { ctx, app }: GraphqlContext,
): Promise<AccessVerdict[]> {
  return Promise.all(
    asked.map(async ({ level = 'CLUSTER', path = '', ...resource }) => {
      const about = path
        ? { nonResourceAttributes: { path, verb: resource.verb } }
        : { resourceAttributes: { ...resource, resourceScope: scopes[level] } }
      const spec = { ...about, user, groups: [...groups] }
      const { allowed, reason } = await ctx.call(app.iam.access.review, { spec })
      return { allowed, reason: reason ?? null }
    }),
  )
}

/** What an account may do: one's own from the request's verdicts, another's by an access review and its own right. */
export function accountVerdicts(
  user: User,
  asked: readonly AccessAttributes[],
  context: GraphqlContext,
): Promise<AccessVerdict[]> {
  demandFew(asked)
  const name = nameOf(user)
  if (name === context.ctx.user.name) return ownVerdicts(asked, context)
  return reviewed(asked, { user: name }, context)
}

export const access: Pick<Resolvers, 'Query'> = {
  Query: {
    can: (_root, { attributes: asked }, context) => {
      demandFew(asked)
      return ownVerdicts(asked, context)
    },
    accessReview: (_root, { attributes: asked, ...of }, context) => {
      demandFew(asked)
      return reviewed(asked, of, context)
    },
  },
}
