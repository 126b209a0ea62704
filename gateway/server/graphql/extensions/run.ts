import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql'
import type { GraphqlContext } from '../../../../resolvers/context.ts'
import { ofThisRequest } from '../../../telemetry/index.ts'
import type { Ask } from './asks.ts'
import type { SubgraphRequest } from './messages.ts'
import type { Supergraph } from './thread.ts'

/** Mistakes in variables that are told. */
const toldMistakes = 50

const behind = 'the graph of the extensions is being renewed, ask again in a few seconds'

/** What an operation runs on. */
export interface Ground {
  readonly supergraph: Supergraph
  readonly ask: Ask
  /** Whether the supergraph knows the schema that the operation was validated on, and not the one before. */
  readonly current: boolean
}

/** Runs an operation that needs an extension. `text` is that of its document. */
export async function runOn(
  { supergraph, ask, current }: Ground,
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
    // Called by the thread's messages, which are no request's.
    ask: ofThisRequest((request: SubgraphRequest) => ask(request, context)),
  })
  if (!errors) return { data }
  if (!current && data === null && errors.every(({ extensions }) => !extensions?.['code'])) {
    // The planner, which names no code, does not know of a kind that is new.
    return { errors: [new GraphQLError(behind, { extensions: { code: 'UNAVAILABLE' } })] }
  }
  return {
    data,
    errors: errors.map(
      ({ message, path, extensions }) =>
        new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null }),
    ),
  }
}
