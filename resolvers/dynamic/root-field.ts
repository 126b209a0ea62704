import type { GraphQLFieldConfig, GraphQLResolveInfo } from 'graphql'
import type { GraphqlContext } from '../context.ts'

/** A field whose resolver names the types that the schema gives its arguments. */
export function rootField(
  field: Omit<GraphQLFieldConfig<unknown, GraphqlContext>, 'resolve'> & {
    resolve: (args: never, context: GraphqlContext, info: GraphQLResolveInfo) => unknown
  },
): GraphQLFieldConfig<unknown, GraphqlContext> {
  const { resolve, ...rest } = field
  return { ...rest, resolve: (_root, args, context, info) => resolve(args as never, context, info) }
}
