export interface Backoff {
  /** Milliseconds to pause before the next attempt. */
  next(): number
  reset(): void
}

/**
 * Decorrelated jitter: each pause is drawn between `base` and three times the one before, never over `max`
 * milliseconds. Source: "Exponential Backoff And Jitter", AWS Architecture Blog.
 */
export function createBackoff({
  base = 250,
  max = 30_000,
  random = Math.random,
}: { base?: number; max?: number; random?: () => number } = {}): Backoff {
  let last = base
  return {
    next() {
      last = Math.min(max, base + random() * (last * 3 - base))
      return last
    },
    reset() {
      last = base
    },
  }
}
