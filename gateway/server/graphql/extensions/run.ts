import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql'
import type { GraphqlContext } from '../../../../resolvers/context.ts'
import type { Ask } from './asks.ts'
import type { Supergraph } from './thread.ts'

/** Mistakes in variables that are told. */
const toldMistakes = 50

/** Runs an operation that needs an extension. `text` is that of its document. */
export async function runOn(
  supergraph: Supergraph,
  ask: Ask,
  args: ExecutionArgs,
  text: string,
): Promise<ExecutionResult> {
  const { schema, document, operationName, variableValues } = args
  const operation = getOperationAST(document, operationName)
  const variables = variableValues ?? {}
  const read = getVariableValues(schema, operation?.variableDefinitions ?? [], variables, {
    maxErrors: toldMistakes,
  })
  if (read.errors) return { errors: read.errors }
  const context = args.contextValue as GraphqlContext
  const { data = null, errors } = await supergraph.run({
    query: text,
    operationName: operationName ?? undefined,
    mutates: operation?.operation === OperationTypeNode.MUTATION,
    variables,
    signal: context.ctx.signal,
    ask: (request) => ask(request, context),
  })
  if (!errors) return { data }
  return {
    data,
    errors: errors.map(
      ({ message, path, extensions }) =>
        new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null }),
    ),
  }
}
