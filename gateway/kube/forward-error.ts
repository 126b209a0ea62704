import { describeNetworkError } from './network-error.ts'

/** An upstream gave no answer that could be passed on; nothing was sent to the client yet. */
export class ForwardError extends Error {
  override readonly name = 'ForwardError'
}

/** What Go's proxy would say about the failure of a hop to `origin`. */
export function forwardError(error: unknown, origin: URL): ForwardError {
  if (error instanceof ForwardError) return error
  return new ForwardError(describeNetworkError(error, origin), { cause: error })
}
