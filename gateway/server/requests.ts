import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { blockList, isListed } from '../lib/block-list.ts'
import { inScope, requestIdOf, type Tracing } from '../telemetry/index.ts'

/** Methods with a name of their own in traces; any others are the callers' to make up. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export interface RequestsOptions {
  readonly tracing: Tracing
  /** Addresses and CIDRs that decide what is traced. */
  readonly trustedProxies: readonly string[]
}

/**
 * Follows a request to the end of its answer, whichever face gives that. Its id is the `X-Request-Id` of its caller where
 * that is fit to be one; any other is replaced in `req` too. `work` is called before this returns.
 */
export type FollowRequest = (
  req: IncomingMessage,
  answer: ServerResponse | Duplex,
  work: () => Promise<void>,
) => Promise<void>

export function followRequests({ tracing, trustedProxies }: RequestsOptions): FollowRequest {
  const trusted = blockList(trustedProxies)
  return (req, answer, work) => {
    const { method = 'GET', headers, socket } = req
    const id = requestIdOf(headers['x-request-id'])
    // One that is not there is not added: what is passed on is what came, where it is not said otherwise.
    if (id.own && headers['x-request-id'] !== undefined) headers['x-request-id'] = id.id
    const known = METHODS.has(method) ? method : '_OTHER'
    const scope = tracing.begin({
      id,
      name: known,
      headers,
      trusted: tracing.on && isListed(trusted, socket.remoteAddress ?? ''),
      ...(tracing.on && { attributes: { 'http.request.method': known } }),
    })
    const done = inScope(scope, work)
    // After those of the faces, which say more about it when it is over.
    answer.once('close', () => {
      if ('statusCode' in answer) scope.span?.answered(answer.statusCode)
      scope.end()
    })
    return done
  }
}
