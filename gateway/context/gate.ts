import { ApiError } from '../lib/errors.ts'

export interface Gate {
  /** Takes a place for `who` and returns what gives it back. Throws ApiError 429 with `retryAfterSeconds` when none is left. */
  enter(who: string): () => void
}

/** Counts what each caller has in flight, at most `limit` of it; 0 = any number. `what` it is called in refusals. */
export function createGate(limit: number, what = 'requests'): Gate {
  const inFlight = new Map<string, number>()
  return {
    enter(who) {
      const count = inFlight.get(who) ?? 0
      if (limit > 0 && count >= limit) {
        throw new ApiError(429, 'TooManyRequests', `at most ${limit} ${what} at a time`, {
          details: { retryAfterSeconds: 1 },
        })
      }
      inFlight.set(who, count + 1)
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        const left = (inFlight.get(who) ?? 1) - 1
        if (left > 0) inFlight.set(who, left)
        else inFlight.delete(who)
      }
    },
  }
}
