import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import type { GraphqlContext } from '../../../resolvers/context.ts'
import type { Execute } from './introspection.ts'
import type { LiveSchema } from './kinds.ts'

/** What Apollo Server takes in place of a schema that stands for ever. */
type Gateway = ApolloServerOptionsWithGateway<GraphqlContext>['gateway']

/**
 * Puts a schema that changes into Apollo Server: each request is executed on the schema that it was validated against,
 * whatever comes afterwards.
 */
export function gatewayOf(live: LiveSchema, execute: Execute): Gateway {
  return {
    async load() {
      return {
        executor: async ({ schema, document, source, request, operationName, context }) =>
          execute(
            {
              schema,
              document,
              contextValue: context,
              variableValues: request.variables,
              operationName,
            },
            source,
          ),
      }
    },
    onSchemaLoadOrUpdate(callback) {
      const told = (apiSchema: GraphQLSchema) => callback({ apiSchema, coreSupergraphSdl: '' })
      told(live.schema)
      return live.onChange(told)
    },
    stop: async () => live[Symbol.dispose](),
  }
}
