import type { ApolloServerPlugin } from '@apollo/server'
import { OperationTypeNode } from 'graphql'
import type { RequestContext } from '../../context/types.ts'
import type { GraphqlContext } from '../../../resolvers/context.ts'
import { costOf } from './cost.ts'
import { costError } from './operation.ts'

/** What the operations of one HTTP request have in common. */
interface Batch {
  /** What they cost so far. */
  cost: number
  /** When all operations before the next one are done. */
  before: Promise<void>
}

/** What operations cost, by Apollo's record of the request. */
export type Costs = WeakMap<object, number>

function batches(): (context: GraphqlContext) => Batch {
  // By the request's context: each operation of a batch has a copy of the value that holds it.
  const known = new WeakMap<RequestContext, Batch>()
  return ({ ctx }) => {
    const found = known.get(ctx) ?? { cost: 0, before: Promise.resolve() }
    known.set(ctx, found)
    return found
  }
}

/**
 * Refuses operations that would cost more than `limitOf` says of their caller (COST_LIMIT, HTTP 400), those of a batch taken
 * together. With the
 * header `X-Cost: 1` the answer says in `extensions.cost` what it cost; `costs` is told of each.
 */
export function costLimit(
  limitOf: (ctx: RequestContext) => number,
  costs: Costs,
): ApolloServerPlugin<GraphqlContext> {
  const batchOf = batches()
  return {
    async requestDidStart({ request, contextValue: { ctx } }) {
      const limit = limitOf(ctx)
      const asks = request.http?.headers.get('x-cost') === '1'
      let requested: number | undefined
      return {
        async didResolveOperation(of) {
          const { schema, document, operation, contextValue } = of
          if (!operation) return
          requested = costOf(schema, document, operation, request.variables ?? {})
          costs.set(of, requested)
          const batch = batchOf(contextValue)
          batch.cost += requested
          if (batch.cost <= limit) return
          throw costError(batch.cost, limit)
        },
        async willSendResponse({ response: { body } }) {
          if (!asks || requested === undefined || body.kind !== 'single') return
          const { extensions } = body.singleResult
          body.singleResult.extensions = { ...extensions, cost: { requested, limit } }
        },
      }
    },
  }
}

/** Runs the mutations of a batch one after the other, in their order. */
export function inOrder(): ApolloServerPlugin<GraphqlContext> {
  const batchOf = batches()
  return {
    async requestDidStart({ contextValue }) {
      const batch = batchOf(contextValue)
      const { before } = batch
      const done = Promise.withResolvers<void>()
      batch.before = before.then(() => done.promise)
      return {
        async didResolveOperation({ operation }) {
          if (operation?.operation === OperationTypeNode.MUTATION) await before
          else done.resolve()
        },
        async willSendResponse() {
          done.resolve()
        },
      }
    },
  }
}
