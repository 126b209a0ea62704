import { unavailable } from '../../lib/errors.ts'

/**
 * Runs at most `width` at once and keeps at most `depth` waiting; one more gets ApiError 503. One that waits leaves with
 * the reason of its signal when that aborts.
 */
export function createLimiter(width: number, depth: number) {
  const waiting = new Set<() => void>()
  let running = 0

  function turn(signal: AbortSignal | undefined): Promise<void> {
    if (waiting.size >= depth) throw unavailable('too many logins at once')
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(begin)
        reject(signal?.reason as Error)
      }
      const begin = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.add(begin)
    })
  }

  return async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    signal?.throwIfAborted()
    if (running >= width) await turn(signal)
    else running++
    try {
      return await work()
    } finally {
      const [next] = waiting
      if (next) {
        waiting.delete(next)
        next()
      } else running--
    }
  }
}
