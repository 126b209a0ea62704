import { attributes } from '../gateway/domain/operation.ts'
import type { Resolvers } from './types.generated.ts'

export const graphExtensions: Pick<Resolvers, 'Query'> = {
  Query: {
    graphExtensions: async (_root, _args, { ctx, extensions }) => {
      await ctx.demand(
        attributes({
          verb: 'list',
          apiGroup: 'extensions.kubesphere.io',
          apiVersion: 'v1alpha1',
          resource: 'apiservices',
        }),
      )
      return [...extensions()]
    },
  },
}
