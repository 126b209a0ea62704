import type { ClusterAccess } from '../kube/api.ts'
import { ApiError, clusterUnreachable, inCluster } from '../lib/errors.ts'
import type { Breakers } from '../lib/breaker.ts'
import { traced } from '../telemetry/index.ts'
import type { Operation, RequestContext, Verdict } from './types.ts'

const allowed: Verdict = { decision: 'Allow', reason: 'the member judges' }

/** Codes of a member that does not answer, rather than of one that refuses. */
const unreachable = new Set([502, 503, 504])

function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && unreachable.has(error.code)
}

/** The error with the cluster that it happened in, and without the address of a member that gave no answer. */
function placed(cluster: string, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.cluster) return error
  if (!isUnreachable(error) || error.status) return inCluster(cluster, error)
  if (error.code !== 504) return clusterUnreachable(cluster, error)
  const rest = { cause: error, details: error.details, cluster }
  return new ApiError(504, 'Timeout', `cluster ${cluster} did not answer in time`, rest)
}

/**
 * The same caller in a member cluster. The member judges what he may do: nothing is authorized here, so `access` must
 * carry the caller's own credentials (`memberAccess`), and only operations `ofCluster` are run. They and discovery throw the member's errors with `cluster` set, and
 * ClusterUnreachable at once while `breakers` holds it for lost.
 */
export function memberContext(
  host: RequestContext,
  access: ClusterAccess,
  breakers: Breakers,
  signal: AbortSignal = host.signal,
): RequestContext {
  const { name, discovery } = access
  async function within<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await breakers.run(name, work, {
        // Whoever hangs up says nothing of the member.
        counts: (error) => isUnreachable(error) && !host.signal.aborted,
        refused: () =>
          new ApiError(503, 'ClusterUnreachable', `cluster ${name} has not answered of late`),
      })
    } catch (error) {
      throw placed(name, error)
    }
  }
  const ctx: RequestContext = {
    requestId: host.requestId,
    info: host.info,
    user: host.user,
    signal,
    cluster: {
      ...access,
      discovery: {
        ...discovery,
        kinds: (until) => within(() => discovery.kinds(until)),
        find: (of) => within(() => discovery.find(of)),
        findKind: (of) => within(() => discovery.findKind(of)),
      },
    },
    now: host.now,
    sourceIP: host.sourceIP,
    userAgent: host.userAgent,
    customFilters: host.customFilters,
    logger: () => host.logger(),
    authorize: async () => allowed,
    may: async () => true,
    demand: async () => {},
    async call<A, R>(operation: Operation<A, R>, args: A): Promise<R> {
      // Another one would answer out of this process, where nobody has judged the caller.
      if (!operation.ofCluster) throw new TypeError(`${operation.name} is not for members`)
      return within(() => traced(operation.name, { sparse: true }, () => operation.run(ctx, args)))
    },
  }
  return ctx
}
