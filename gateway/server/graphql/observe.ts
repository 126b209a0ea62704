import { createHash } from 'node:crypto'
import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLFormattedError } from 'graphql'
import type { Logger } from 'pino'
import type { GraphqlContext } from '../../../resolvers/context.ts'
import { currentScope, type Metrics, type OperationSample } from '../../telemetry/index.ts'
import type { Costs } from './batch.ts'

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** An operation that is over. */
export interface Observed {
  readonly type: OperationSample['type']
  readonly name: string | undefined
  /** Text of the document. */
  readonly text: string
  readonly user: string
  /** Absent where it was refused before it had one. */
  readonly requestId: string | undefined
  readonly cost: number | undefined
  readonly errors: readonly GraphQLFormattedError[]
  readonly seconds: number
}

/**
 * Measures operations, and writes those that are slow to the log: with the hash of their document, without variables,
 * which may hold secrets, and with the caller's hash. Subscriptions are not slow, they last.
 */
export function createObserver({
  metrics,
  log,
  slowSeconds,
}: {
  readonly metrics: Metrics
  readonly log: Logger
  /** Seconds from which an operation is slow enough for the log. */
  readonly slowSeconds: number
}): (observed: Observed) => void {
  return ({ type, name, text, user, requestId, cost, errors, seconds }) => {
    const codes = errors.map(({ extensions }) => {
      const code = extensions?.['code']
      return typeof code === 'string' ? code : 'none'
    })
    for (const code of codes) metrics.graphql.failed(code)
    metrics.graphql.operation({ type, code: codes[0] ?? 'ok', seconds, cost })
    if (seconds < slowSeconds || type === 'subscription') return
    log.warn(
      {
        requestId,
        user: short(user),
        operation: name,
        type,
        document: short(text),
        cost,
        seconds,
        codes,
        parts: currentScope()?.parts(),
      },
      'graphql: a slow operation',
    )
  }
}

/** Tells `observe` of every operation that comes over plain HTTP. */
export function observed(
  observe: (observed: Observed) => void,
  costs: Costs,
): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      const started = performance.now()
      return {
        async willSendResponse(of) {
          const { response, operation, source, contextValue } = of
          const { body } = response
          const { user, requestId } = contextValue.ctx
          observe({
            type: operation?.operation ?? 'none',
            name: operation?.name?.value,
            text: source ?? '',
            user: user.name,
            requestId,
            cost: costs.get(of),
            errors: body.kind === 'single' ? (body.singleResult.errors ?? []) : [],
            seconds: (performance.now() - started) / 1000,
          })
        },
      }
    },
  }
}
