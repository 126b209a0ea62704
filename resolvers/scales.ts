import { objects } from '../gateway/domain/objects/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import type { GraphqlContext } from './context.ts'
import type { ScalePayload } from './models.ts'
import { oneCluster, type Target } from './object-writes.ts'
import { kindOf, modelOf } from './objects.ts'
import type { Resolvers, WriteOptionsInput } from './types.generated.ts'
import { writeOptions } from './write-options.ts'

/** Says how many copies there shall be of the object at `target`. */
export async function scaleObject(
  context: GraphqlContext,
  info: KindInfo,
  { cluster, namespace, name }: Target,
  replicas: number,
  options: WriteOptionsInput | null | undefined,
): Promise<ScalePayload> {
  const { ctx } = await context.at(oneCluster(cluster, options?.cluster))
  const at = { info, namespace: namespace ?? '', name }
  const done = await ctx.call(objects.rescale, { ...at, replicas, options: writeOptions(options) })
  return { cluster: ctx.cluster.name, ...at, ...done }
}

export const scales: Pick<Resolvers, 'Mutation' | 'Scale' | 'ScalePayload'> = {
  Mutation: {
    scaleResource: async (_root, { ref, replicas, options }, context) => {
      const cluster = oneCluster(ref.cluster, options?.cluster)
      const info = await kindOf(context, { ...ref, cluster })
      return scaleObject(context, info, { ...ref, cluster }, replicas, options)
    },
  },
  Scale: {
    replicas: ({ wanted }) => wanted,
    currentReplicas: ({ current }) => current,
  },
  ScalePayload: {
    object: async ({ cluster, info, namespace, name }, _args, context) => {
      // Not by the loader, which has the object as it was before another field of the document.
      const { ctx, live } = await context.at(cluster)
      const at = { info, namespace, name, live: live(info) }
      return modelOf(ctx, info, await ctx.call(objects.get, at))
    },
  },
}
