import { unavailable } from '../../lib/errors.ts'

/** Runs at most `width` at once and keeps at most `depth` waiting; one more gets ApiError 503. */
export function createLimiter(width: number, depth: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= width) {
      if (waiting.length >= depth) throw unavailable('too many logins at once')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
