export interface BreakerOptions {
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number
  /** Failures in a row that open it. Default 5. */
  readonly failures?: number
  /** Milliseconds for which it stays open before one attempt is let through. Default 10 000. */
  readonly openMs?: number
}

/** Remembers by name who failed again and again, so that nobody waits for them. */
export interface Breakers {
  /**
   * Runs `work` for `name`, or throws `refused()` at once while that one is open. `counts` says whether an error is a
   * failure of `name` rather than an answer.
   */
  run<T>(
    name: string,
    work: () => Promise<T>,
    on: { counts: (error: unknown) => boolean; refused: () => Error },
  ): Promise<T>
}

interface State {
  failures: number
  openUntil: number
  trying: boolean
}

export function createBreakers({ now, failures = 5, openMs = 10_000 }: BreakerOptions): Breakers {
  // Only those that fail are remembered.
  const states = new Map<string, State>()
  return {
    async run(name, work, { counts, refused }) {
      const before = states.get(name)
      if (before && before.failures >= failures) {
        if (before.trying || now() < before.openUntil) throw refused()
        before.trying = true
      }
      try {
        const result = await work()
        states.delete(name)
        return result
      } catch (error) {
        if (!counts(error)) {
          states.delete(name)
          throw error
        }
        const state = states.get(name) ?? { failures: 0, openUntil: 0, trying: false }
        state.failures++
        state.trying = false
        state.openUntil = now() + openMs
        states.set(name, state)
        throw error
      }
    },
  }
}
