import { ApiError } from '../../../gateway/lib/errors.ts'
import { textError } from '../../wire/index.ts'
import type { Reply } from '../registry.ts'

const always = new Set([413, 503, 504])

/**
 * @NOTE which errors of an operation keep their code is the route's own affair; all others are one code
 * (resources-tenant.md §10.2). 5xx of the platform itself and a body that is too large keep theirs.
 */
export async function mapped(
  keep: readonly number[],
  otherwise: 400 | 500,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const own = keep.includes(error.code) || always.has(error.code)
    return textError(error, own ? error.code : otherwise)
  }
}
