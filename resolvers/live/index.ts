import type { Count } from '../../gateway/domain/live/index.ts'
import type { KindInfo } from '../../gateway/kube/types.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import type { GraphqlContext } from '../context.ts'
import { codeOf, inputError } from '../errors.ts'
import type { ResourceKind } from '../models.ts'
import { kindOf } from '../objects.ts'
import type { KindRef, Resolvers } from '../types.generated.ts'
import { asField, fieldStream } from '../event-streams.ts'
import { watchKind } from './watch.ts'

/** Most kinds that are counted together. */
const mostKinds = 50

/** One kind and its objects. */
interface ResourceCount {
  readonly kind: ResourceKind
  readonly count: number | null
  readonly code: string | null
}

async function kindsToCount(
  context: GraphqlContext,
  refs: readonly KindRef[],
): Promise<readonly KindInfo[]> {
  if (refs.length === 0 || refs.length > mostKinds) {
    throw inputError(`"kinds" names from 1 to ${mostKinds}`)
  }
  const kinds = await Promise.all(refs.map((ref) => kindOf(context, ref)))
  for (const info of kinds) {
    if (!context.live(info)) continue
    throw inputError(
      `objects of kind ${info.kind} are kept in no cache here, and so they cannot be counted`,
      'UNSUPPORTED_IN_LIVE_MODE',
    )
  }
  return kinds
}

function told({ ctx }: GraphqlContext, count: Count): ResourceCount {
  const kind = { cluster: ctx.cluster.name, info: count.info }
  if ('count' in count) return { kind, count: count.count, code: null }
  const { error } = count
  const code = error instanceof ApiError ? codeOf(error) : 'INTERNAL_SERVER_ERROR'
  return { kind, count: null, code }
}

async function countsOf(
  context: GraphqlContext,
  kinds: readonly KindRef[],
  namespaces: readonly string[] | null | undefined,
): Promise<AsyncIterableIterator<{ resourceCounts: readonly ResourceCount[] }, undefined>> {
  const counts = await context.app.watches.counts(context.ctx, {
    kinds: await kindsToCount(context, kinds),
    namespaces: namespaces ?? undefined,
  })
  return fieldStream('resourceCounts', counts, (all) => [all.map((count) => told(context, count))])
}

export const live = {
  Subscription: {
    resourcesChanged: {
      subscribe: async (_root, { kind, ...args }, context, field) => {
        const info = await kindOf(await context.at(args.cluster), kind)
        const changes = await watchKind(context, info, args, field)
        return asField('resourcesChanged', changes)
      },
    },
    resourceCounts: {
      subscribe: (_root, { kinds, namespaces }, context) => countsOf(context, kinds, namespaces),
    },
  },
  KubernetesObjectChange: {
    resume: (change) => change.resume(),
    rows: (change, args, context) => change.rows?.(args, context) ?? null,
  },
} satisfies Pick<Resolvers, 'Subscription' | 'KubernetesObjectChange'>
