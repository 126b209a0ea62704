import { adjustView, requestInfo, splitTarget } from '../../gateway/context/index.ts'
import { withoutIdentity } from '../../gateway/domain/extensions/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { internalError, textError } from '../wire/errors.ts'
import type { Layer } from './exchange.ts'

const PREFIX = 'failed to crate RequestInfo: '

/**
 * Layer 1 (pipeline.md §5): the header and query rewriting that comes first, then RequestInfo. Identity headers
 * (`X-Remote-*`, `Impersonate-*`) end here, on every path. Dot segments are refused: what the authorizer judges and what
 * an upstream makes of the path must be the same thing.
 */
export const requestInfoLayer: Layer = {
  name: 'request-info',
  run(x) {
    try {
      const view = adjustView({ ...x.view(), headers: withoutIdentity(x.headers) })
      const { path, rawQuery } = splitTarget(view.url)
      if (path.includes('\0')) throw new ApiError(400, 'BadRequest', 'the request path is not text')
      x.path = path
      x.rawQuery = rawQuery
      x.headers = view.headers
      x.req.headers = view.headers
      x.info = requestInfo(x.view(), x.app.config.facade.trustedProxies)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code < 500) return textError(error)
      // The misspelling is the original's; clients grep for it.
      const text = error.message.startsWith(PREFIX) ? error.message : `${PREFIX}${error.message}`
      return internalError(x.target, text)
    }
    return undefined
  },
}
