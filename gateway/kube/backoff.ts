import { setTimeout as delay } from 'node:timers/promises'

export interface Backoff {
  /** Waits for the next, longer time; rejects when `signal` aborts. */
  wait(signal: AbortSignal): Promise<void>
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
    async wait(signal) {
      last = Math.min(max, base + random() * (last * 3 - base))
      await delay(last, undefined, { signal, ref: false })
    },
    reset() {
      last = base
    },
  }
}
