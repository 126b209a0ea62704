import { buildContext } from '../../gateway/context/index.ts'
import { endToEndHeaders } from '../../gateway/kube/forward.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { parseQuery } from '../../gateway/lib/go-url.ts'
import type { Reply } from '../routes/registry.ts'
import { statusReply } from '../wire/status.ts'
import { header } from './exchange.ts'
import type { Exchange, Layer } from './exchange.ts'

/** Layer 2 (pipeline.md §6): who asks. A refusal is a negotiated Status. */
export const authentication: Layer = {
  name: 'authentication',
  async run(x) {
    try {
      x.ctx = await buildContext(x.app, x.view(), x.info)
      // From here on headers are what goes further; what was for this hop alone has been heard.
      x.headers = endToEndHeaders(x.headers)
    } catch (error) {
      if (error instanceof ApiError) return refusal(x, error)
      throw error
    }
    return undefined
  },
}

/** Form A for this exchange. */
export function refusal(x: Exchange, error: ApiError): Reply {
  return statusReply(error, {
    accept: header(x.headers, 'accept'),
    userAgent: header(x.headers, 'user-agent'),
    query: new URLSearchParams(parseQuery(x.rawQuery)),
  })
}
