import { ApiError } from '../../../gateway/lib/errors.ts'
import { textError } from '../../wire/index.ts'
import type { Reply } from '../registry.ts'

/** @NOTE every failure of these routes is a 400, missing objects and conflicts included (platform-apis.md §6.1); a body that is too large stays 413. */
export async function always400(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiError && error.code < 500)
      return textError(error, error.code === 413 ? 413 : 400)
    throw error
  }
}
