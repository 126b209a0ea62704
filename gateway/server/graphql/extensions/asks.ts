import {
  execute,
  GraphQLError,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql'
import type { GraphqlContext } from '../../../../resolvers/context.ts'
import { formatError, inputError, type ErrorCode } from '../../../../resolvers/errors.ts'
import type { RequestContext } from '../../../context/types.ts'
import {
  graphAttributes,
  type ExtensionGraph,
  type GraphAnswer,
  type GraphClient,
} from '../../../domain/extensions/index.ts'
import { platformId } from './compose.ts'
import { createParser } from './documents.ts'
import type { SubgraphRequest } from './messages.ts'
import { projected } from './project.ts'
import type { PlainResult } from './thread.ts'

export interface AskOptions {
  /** The platform's own schema. */
  readonly schema: GraphQLSchema
  readonly graphs: ReadonlyMap<string, ExtensionGraph>
  readonly client: GraphClient
  /** Told of each mistake of ours. */
  readonly report: (error: unknown) => void
}

/** Answers requests to subgraphs in the name of one caller; never rejects. */
export type Ask = (request: SubgraphRequest, context: GraphqlContext) => Promise<PlainResult>

const ours: ErrorCode = 'INTERNAL_SERVER_ERROR'
const usual: ErrorCode = 'EXTENSION_ERROR'

/** Objects of the platform that extensions may lead to in one request. */
const mostObjects = 1000

/** Most errors of one answer of an extension, and the longest message. */
const told = { errors: 50, length: 1000 }

function isPath(path: unknown): path is readonly (string | number)[] {
  return (
    Array.isArray(path) && path.every((key) => typeof key === 'string' || typeof key === 'number')
  )
}

/** What an extension says went wrong, as far as it has the form of an error, with the name of who says it. */
function foreignErrors(
  errors: NonNullable<GraphAnswer['errors']>,
  service: string,
): GraphQLFormattedError[] {
  return errors.slice(0, told.errors).map(({ message, path, extensions }) => {
    const said = (extensions as { readonly code?: unknown } | null | undefined)?.code
    // A code that means a mistake of ours is not an extension's to give.
    const fits = typeof said === 'string' && said !== ours && /^[A-Z_]{1,64}$/.test(said)
    return {
      message: (typeof message === 'string' ? message : 'an error').slice(0, told.length),
      ...(isPath(path) ? { path } : {}),
      extensions: { code: fits ? said : usual, service },
    }
  })
}

export function createAsk({ schema, graphs, client, report }: AskOptions): Ask {
  const documentOf = createParser()
  const allowed = new WeakMap<RequestContext, Map<string, Promise<void>>>()

  const formatted = (error: unknown): GraphQLFormattedError => {
    const given = error instanceof GraphQLError ? error.toJSON() : { message: String(error) }
    return formatError(given, error, report)
  }

  async function askPlatform(
    { query, variables, operationName }: SubgraphRequest,
    context: GraphqlContext,
  ): Promise<PlainResult> {
    const { representations } = variables
    if (Array.isArray(representations) && representations.length > mostObjects) {
      throw inputError(`extensions lead to more than ${mostObjects} objects of the platform`)
    }
    const { data, errors }: ExecutionResult = await execute({
      schema,
      document: documentOf(query),
      variableValues: variables,
      operationName,
      contextValue: context,
    })
    return {
      ...(data ? { data } : { data: null }),
      ...(errors ? { errors: errors.map(formatted) } : {}),
    }
  }

  /** Whether the caller may ask an extension is found out once in a request. */
  function demand(graph: ExtensionGraph, mutates: boolean, ctx: RequestContext): Promise<void> {
    const of = allowed.get(ctx) ?? new Map<string, Promise<void>>()
    allowed.set(ctx, of)
    const key = `${graph.name} ${mutates}`
    const asked = of.get(key) ?? ctx.demand(graphAttributes(graph, mutates ? 'create' : 'list'))
    of.set(key, asked)
    return asked
  }

  async function askExtension(
    graph: ExtensionGraph,
    request: SubgraphRequest,
    { ctx }: GraphqlContext,
  ): Promise<PlainResult> {
    await demand(graph, request.mutates, ctx)
    const { data, errors } = await client.ask(graph, request, ctx.user, ctx.signal)
    return {
      data: data ? projected(data, documentOf(request.query)) : null,
      ...(errors ? { errors: foreignErrors(errors, graph.name) } : {}),
    }
  }

  return async (request, context) => {
    try {
      if (request.subgraph === platformId) return await askPlatform(request, context)
      const graph = graphs.get(request.subgraph)
      if (!graph) throw new TypeError(`no subgraph ${request.subgraph}`)
      return await askExtension(graph, request, context)
    } catch (error) {
      return { data: null, errors: [formatted(error)] }
    }
  }
}
