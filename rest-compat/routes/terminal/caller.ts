import type { IncomingHttpHeaders } from 'node:http'
import { attributesOf, authorizationOf, bearerToken } from '../../../gateway/context/index.ts'
import type { RequestContext } from '../../../gateway/context/types.ts'
import type { TerminalCaller } from '../../../gateway/domain/terminal/index.ts'

/** Who opens a terminal with this request; the filter's own question is asked again as long as it is open. */
export function callerOf(ctx: RequestContext, headers: IncomingHttpHeaders): TerminalCaller {
  return {
    user: ctx.user,
    token: bearerToken(authorizationOf({ headers })),
    sourceIP: ctx.sourceIP,
    userAgent: headers['user-agent'],
    entry: attributesOf(ctx.info),
  }
}
