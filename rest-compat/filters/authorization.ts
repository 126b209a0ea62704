import { authorizeRequest } from '../../gateway/context/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { internalError } from '../wire/errors.ts'
import { refusal } from './authentication.ts'
import type { Layer } from './exchange.ts'

/** Layer 4 (pipeline.md §10): whether the caller may do what RequestInfo says. Nothing behind it asks again. */
export const authorization: Layer = {
  name: 'authorization',
  async run(x) {
    try {
      await authorizeRequest(x.app, x.ctx)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return error.code === 500 ? internalError(x.target, error.message) : refusal(x, error)
    }
    return undefined
  },
}
