import type { ApolloServerPlugin } from '@apollo/server'
import { OperationTypeNode } from 'graphql'
import type { GraphqlContext } from '../../../resolvers/context.ts'

/** Codes of mistakes in the document or its variables, found before anything ran. */
const documentErrors = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
])

/**
 * GraphQL over HTTP: a client that did not ask for `application/graphql-response+json` gets status 200 for a document
 * that cannot be parsed, validated or given its variables; one that did gets 400.
 */
export function mediaTypes(): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart({ request }) {
      const accept = request.http?.headers.get('accept') ?? ''
      if (accept.includes('application/graphql-response+json')) return undefined
      return {
        async willSendResponse({ response }) {
          const { body, http } = response
          if (http.status !== 400 || body.kind !== 'single' || 'data' in body.singleResult) return
          const codes = body.singleResult.errors?.map(({ extensions }) => extensions?.code) ?? []
          if (codes.every((code) => documentErrors.has(String(code)))) http.status = 200
        },
      }
    },
  }
}

/** Names the request in every error, so that a report can be found in the log. */
export function requestIds(): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body }, contextValue }) {
          if (body.kind !== 'single' || !body.singleResult.errors) return
          const { requestId } = contextValue.ctx
          body.singleResult.errors = body.singleResult.errors.map((error) => ({
            ...error,
            extensions: { ...error.extensions, requestId },
          }))
        },
      }
    },
  }
}

/** No answer is kept by anyone between us and the caller, and what it depends on is said. */
export function cacheHeaders(): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { http } }) {
          http.headers.set('cache-control', 'private, no-store')
          http.headers.set('vary', 'Accept, Authorization')
        },
      }
    },
  }
}

/** Aborts the work of an operation that runs longer than its kind may. Times are milliseconds. */
export function deadlines(
  limits: { query: number; mutation: number },
  abort: (context: GraphqlContext, reason: Error) => void,
): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      let timer: NodeJS.Timeout | undefined
      return {
        async executionDidStart({ operation, contextValue }) {
          const ms =
            limits[operation.operation === OperationTypeNode.MUTATION ? 'mutation' : 'query']
          timer = setTimeout(() => {
            abort(contextValue, new Error(`the operation took longer than ${ms} ms`))
          }, ms)
          timer.unref()
        },
        async willSendResponse() {
          clearTimeout(timer)
        },
      }
    },
  }
}
