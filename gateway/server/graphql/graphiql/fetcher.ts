import type { GraphiQLProps } from 'graphiql'
import {
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
} from 'graphql'
import { answerOf } from '../../explorer/client/graph/request.ts'
import type { Session } from '../../explorer/client/graph/session.ts'
import { createSocket } from '../../explorer/client/graph/socket.ts'

function isSubscription(document: DocumentNode | undefined, name: string | null | undefined) {
  return document && getOperationAST(document, name)?.operation === OperationTypeNode.SUBSCRIPTION
}

/** A fetcher of GraphiQL: queries and mutations by HTTP, subscriptions by one socket, all with the login of the tab. */
export function createFetcher(session: Session): GraphiQLProps['fetcher'] {
  const socket = createSocket(session)
  return (params, options) =>
    isSubscription(options?.documentAST, params.operationName)
      ? (socket.iterate(params) as AsyncIterableIterator<ExecutionResult>)
      : (answerOf(session, params, { headers: options?.headers ?? {} }) as Promise<ExecutionResult>)
}
