import { createHash } from 'node:crypto'
import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphqlContext } from '../../../resolvers/context.ts'
import type { Metrics } from '../../telemetry/index.ts'
import type { Costs } from './batch.ts'

export interface ObserveOptions {
  readonly metrics: Metrics
  readonly costs: Costs
  /** Seconds from which an operation is slow enough for the log. */
  readonly slowSeconds: number
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/**
 * Measures every operation, and writes those that are slow to the log: with the hash of their document, without
 * variables, which may hold secrets, and with the caller's hash.
 */
export function observed({
  metrics,
  costs,
  slowSeconds,
}: ObserveOptions): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      const started = performance.now()
      return {
        async willSendResponse(of) {
          const { response, operation, source, contextValue } = of
          const { body } = response
          const cost = costs.get(of)
          const seconds = (performance.now() - started) / 1000
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : []
          const codes = errors.map(({ extensions }) => {
            const code = extensions?.['code']
            return typeof code === 'string' ? code : 'none'
          })
          for (const code of codes) metrics.graphql.failed(code)
          const type = operation?.operation ?? 'none'
          metrics.graphql.operation({ type, code: codes[0] ?? 'ok', seconds, cost })
          if (seconds < slowSeconds) return
          contextValue.app.log.warn(
            {
              requestId: contextValue.ctx.requestId,
              user: short(contextValue.ctx.user.name),
              operation: operation?.name?.value,
              type,
              document: short(source ?? ''),
              cost,
              seconds,
              codes,
            },
            'graphql: a slow operation',
          )
        },
      }
    },
  }
}
