import { execute, Kind, type DocumentNode, type GraphQLResolveInfo } from 'graphql'
import type { GraphqlContext } from '../context.ts'
import { createLoaders } from '../loaders.ts'
import type { ObjectChange } from './change.ts'

/** The same operation with nothing remembered: a subscription must not see for ever what it read once. */
export function fresh(context: GraphqlContext): GraphqlContext {
  const { app, ctx } = context
  return {
    ...context,
    loaders: createLoaders(app, ctx, context),
    at: (cluster, signal) => context.at(cluster, signal ?? ctx.signal),
  }
}

/** What a document shows of an event of its subscription, as text. */
export type Look = (change: ObjectChange, context: GraphqlContext) => Promise<string>

/**
 * Executes the operation that a subscription came with for an event, so that fragments, aliases, arguments, directives
 * and edges count as they do for the client.
 */
export function lookOf(info: GraphQLResolveInfo): Look {
  const { schema, operation, fragments, fieldName, variableValues } = info
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...Object.values(fragments)],
  }
  return async (change, contextValue) => {
    const rootValue = { [fieldName]: change }
    const { data, errors = [] } = await execute({
      schema,
      document,
      rootValue,
      contextValue,
      variableValues,
    })
    return JSON.stringify([data, errors.map(({ path, message }) => [path, message])])
  }
}
