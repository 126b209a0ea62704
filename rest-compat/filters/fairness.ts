import type { App } from '../../gateway/context/app.ts'
import { isAnonymous } from '../../gateway/context/index.ts'
import { createGate, orAny } from '../../gateway/lib/gate.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { withHeaders } from '../wire/json.ts'
import { refusal } from './authentication.ts'
import type { Layer } from './exchange.ts'
import { isLongRunning } from './long-running.ts'

/**
 * Gives each caller so many requests at a time, and so many streams, that nobody starves the others: more is answered
 * 429 with Retry-After, which client-go and kubectl wait for. Strangers are told apart by their address.
 */
export function fairness({ config, metrics }: App): Layer {
  const { requestsPerUser, streamsPerUser } = config.facade.limits
  const gates = {
    request: createGate(orAny(requestsPerUser)),
    stream: createGate(orAny(streamsPerUser)),
  }
  return {
    name: 'fairness',
    run(x) {
      const { user } = x.ctx
      const { name } = user
      const who = isAnonymous(user) ? `${name} ${x.socket.remoteAddress}` : name
      const work = isLongRunning(x) ? 'stream' : 'request'
      try {
        x.whenOver(gates[work].enter(who))
        return undefined
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        metrics.requestShed(work)
        const seconds = String(error.details?.retryAfterSeconds ?? 1)
        return withHeaders(refusal(x, error), { 'retry-after': seconds })
      }
    },
  }
}
