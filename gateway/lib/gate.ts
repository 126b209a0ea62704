import { ApiError } from './errors.ts'

export interface Gate {
  /**
   * Takes a place for `who` and returns what gives it back. Throws ApiError 429 when none is left, of the gate's own limit
   * where nothing else is given.
   */
  enter(who: string, limit?: number): () => void
}

/** What a caller is told who has as many as one may have. */
export type Refusal = (who: string, limit: number) => ApiError

/** Tells how many `what` there may be, and with `retryAfterSeconds` when to come again. */
export function busy(what: string): Refusal {
  return (_who, limit) =>
    new ApiError(429, 'TooManyRequests', `at most ${limit} ${what} at a time`, {
      details: { retryAfterSeconds: 1 },
    })
}

/** Counts what each caller has in flight, at most `usual` of it. */
export function createGate(usual: number, refusal = busy('requests')): Gate {
  const inFlight = new Map<string, number>()
  return {
    enter(who, limit = usual) {
      const count = inFlight.get(who) ?? 0
      if (count >= limit) throw refusal(who, limit)
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

/** A limit of the configuration, where 0 stands for any number. */
export function orAny(limit: number): number {
  return limit > 0 ? limit : Infinity
}
