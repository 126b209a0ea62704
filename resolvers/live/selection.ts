import { createHash } from 'node:crypto'
import { execute, Kind, print, type DocumentNode, type GraphQLResolveInfo } from 'graphql'
import type { RequestContext } from '../../gateway/context/types.ts'
import type { GraphqlContext } from '../context.ts'
import { createLoaders } from '../loaders.ts'

/** The same operation with nothing remembered: a subscription must not see for ever what it read once. */
export function fresh(context: GraphqlContext): GraphqlContext {
  const { app, ctx } = context
  return {
    ...context,
    loaders: createLoaders(app, ctx, context),
    at: (cluster, signal) => context.at(cluster, signal ?? ctx.signal),
  }
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}

/** What a document shows of an event of its subscription, as a hash. */
export interface Look {
  /** The same for those who are shown the same of the same. */
  readonly key: string
  at(change: unknown, context: GraphqlContext): Promise<string>
}

/**
 * Executes the operation that a subscription came with for an event, so that fragments, aliases, arguments, directives
 * and edges count as they do for the client.
 */
export function lookOf(info: GraphQLResolveInfo, { user }: Pick<RequestContext, 'user'>): Look {
  const { schema, operation, fragments, fieldName, variableValues } = info
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...Object.values(fragments)],
  }
  const { name, groups } = user
  return {
    key: hash([print(document), variableValues, name, groups]),
    async at(change, contextValue) {
      const rootValue = { [fieldName]: change }
      const { data, errors = [] } = await execute({
        schema,
        document,
        rootValue,
        contextValue,
        variableValues,
      })
      return hash([data, errors.map(({ path, message }) => [path, message])])
    },
  }
}
