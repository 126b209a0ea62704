import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import { execute, Kind, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import type { GraphqlContext } from '../../../resolvers/context.ts'
import type { LiveSchema } from './kinds.ts'

/** What Apollo Server takes in place of a schema that stands for ever. */
type Gateway = ApolloServerOptionsWithGateway<GraphqlContext>['gateway']

/** Answers of introspection that are kept for one schema. */
const keptAnswers = 20

/** Whether an operation asks for nothing but the schema itself. */
function introspects(document: DocumentNode): boolean {
  return document.definitions.every(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.selectionSet.selections.every(
          (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
        )),
  )
}

/**
 * Puts a schema that changes into Apollo Server: each request is executed on the schema that it was validated against,
 * whatever comes afterwards. Introspection is answered from memory, per schema.
 */
export function gatewayOf(live: LiveSchema): Gateway {
  const kept = new WeakMap<GraphQLSchema, Map<string, ExecutionResult>>()

  function remembered(
    schema: GraphQLSchema,
    key: string,
    make: () => ExecutionResult | Promise<ExecutionResult>,
  ): ExecutionResult | Promise<ExecutionResult> {
    const answers = kept.get(schema) ?? new Map<string, ExecutionResult>()
    kept.set(schema, answers)
    const known = answers.get(key)
    if (known) return known
    const made = make()
    if (made instanceof Promise || made.errors) return made
    if (answers.size >= keptAnswers) answers.clear()
    answers.set(key, made)
    return made
  }

  return {
    async load() {
      return {
        executor: async ({ schema, document, request, operationName, context }) => {
          const run = () =>
            execute({
              schema,
              document,
              contextValue: context,
              variableValues: request.variables,
              operationName,
            })
          if (!introspects(document)) return run()
          const key = JSON.stringify([request.query, operationName, request.variables])
          return remembered(schema, key, run)
        },
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
