import { ANONYMOUS, memberContext } from '../gateway/context/index.ts'
import type { RequestContext } from '../gateway/context/types.ts'
import type { ClusterAccess } from '../gateway/kube/api.ts'
import { memberAccess } from '../gateway/kube/member-access.ts'
import type { Breakers } from '../gateway/lib/breaker.ts'
import { unauthorized } from '../gateway/lib/errors.ts'
import type { GraphqlContext } from './context.ts'
import { createLoaders } from './loaders.ts'

export interface RequestParts extends Omit<GraphqlContext, 'loaders' | 'at'> {
  /** The header by which the caller said who he is; members are shown it. */
  readonly authorization: string
  /** What is known of members that do not answer; one for the process. */
  readonly breakers: Breakers
}

/** What resolvers get, made once for each request or socket operation. */
export function requestContext(parts: RequestParts): GraphqlContext {
  const { authorization: _shown, breakers: _known, ...common } = parts
  const { app, ctx } = common
  const members = new Map<string, Promise<ClusterAccess | undefined>>()
  const kept = new Map<string, GraphqlContext>()

  /** A member as the caller has it; undefined for the host. */
  function accessOf(cluster: string): Promise<ClusterAccess | undefined> {
    const known = members.get(cluster) ?? findMember(parts, cluster)
    members.set(cluster, known)
    return known
  }

  const here: GraphqlContext = {
    ...common,
    loaders: createLoaders(app, ctx, common),
    async at(cluster, signal) {
      if (!cluster || cluster === ctx.cluster.name) return here
      const access = await accessOf(cluster)
      if (!access) return here
      if (signal) return memberOf(access, memberContext(ctx, access, parts.breakers, signal))
      const known = kept.get(access.name)
      const made = known ?? memberOf(access, memberContext(ctx, access, parts.breakers))
      kept.set(access.name, made)
      return made
    },
  }

  function memberOf(access: ClusterAccess, member: RequestContext): GraphqlContext {
    const of = { ...common, ctx: member, live: () => true }
    const there: GraphqlContext = {
      ...of,
      loaders: createLoaders(app, member, of),
      at: async (cluster, signal) =>
        !cluster || cluster === access.name ? there : here.at(cluster, signal),
    }
    return there
  }
  return here
}

async function findMember(
  { app, ctx, authorization }: RequestParts,
  cluster: string,
): Promise<ClusterAccess | undefined> {
  const route = await app.clusters.route(cluster)
  if (route.kind === 'host') return undefined
  if (ctx.user.name === ANONYMOUS.name) throw unauthorized('log in to reach a member cluster')
  const readTimeout = app.config.facade.graphql.clusterTimeoutMs
  return memberAccess({ route, authorization, log: app.log, now: app.now, readTimeout })
}
