import { ApiError } from '../gateway/lib/errors.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import { everything } from './lists.ts'

/** Clusters that one field may name. */
const most = 100

/** A moment after which nobody is waited for: `late` rejects with ApiError 504, `signal` aborts. */
export function deadline(
  ms: number,
  who: string,
): Disposable & { readonly signal: AbortSignal; readonly late: Promise<never> } {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const ends = new AbortController()
  const timer = setTimeout(() => {
    const error = new ApiError(504, 'Timeout', `${who} did not answer in ${ms} ms`)
    ends.abort(error)
    reject(error)
  }, ms)
  return { signal: ends.signal, late, [Symbol.dispose]: () => clearTimeout(timer) }
}

/**
 * The clusters that the caller may see. Members are asked for roles of his there; where one of them does not answer, he
 * sees those that are granted to him, and the host.
 */
async function visibleClusters({ app, ctx }: GraphqlContext, ms: number): Promise<string[]> {
  const list = async (roleBindingExists: boolean) => {
    const args = { query: everything, roleBindingExists }
    const { items } = await ctx.call(app.tenant.clusters.list, args)
    return items.map(({ metadata }) => metadata.name ?? '')
  }
  using end = deadline(ms, 'a cluster')
  try {
    return await Promise.race([list(true), end.late])
  } catch (error) {
    if (!(error instanceof ApiError) || (error.code !== 503 && error.code !== 504)) throw error
    return [...(await list(false)), ctx.cluster.name]
  }
}

/**
 * The clusters that are named, each once; `*` is all that the caller may see, as far as that is known after `ms`
 * milliseconds. Throws BAD_USER_INPUT for none and for more than 100.
 */
export async function clustersOf(
  context: GraphqlContext,
  named: readonly string[],
  ms = context.app.config.facade.graphql.clusterTimeoutMs,
): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const name of named) {
    if (name !== '*') names.add(name)
    else {
      const seen = (await visibleClusters(context, ms)).sort()
      for (const cluster of seen.length > 0 ? seen : [context.ctx.cluster.name]) names.add(cluster)
    }
  }
  if (names.size === 0) throw inputError('"clusters" names no cluster')
  if (names.size > most) throw inputError(`at most ${most} clusters at a time`)
  return [...names]
}
