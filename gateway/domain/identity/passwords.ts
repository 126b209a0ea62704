import { availableParallelism } from 'node:os'
import { createHashPool } from './hash-pool.ts'

/** Cost of new hashes: iam-oauth.md §16. */
const COST = 10
/** An account cannot make its own logins cost more than this. */
const MOST_COST = 15
/** Comparisons that may wait; further logins are told to come back. */
const QUEUE = 256

/** Of no password: comparing with it costs what comparing with a stored one costs. */
const NOBODY = '$2a$10$tPThpyt8AWtKc.EA1eJ9t.iQcUVC2HlXh04czPPMOe2TO.M5QtGZa'

export interface Passwords extends AsyncDisposable {
  hash(password: string): Promise<string>
  /**
   * False for an absent or malformed hash, after the same work. Throws ApiError 503 when too many wait, and the signal's
   * reason when nobody waits for the answer any more.
   */
  compare(stored: string | undefined, password: string, signal?: AbortSignal): Promise<boolean>
}

/** Bcrypt on threads of low priority, one core left free. Takes `$2a$`, `$2b$` and `$2y$` hashes. */
export function createPasswords(): Passwords {
  const width = Math.max(1, availableParallelism() - 1)
  const pool = createHashPool({ width, depth: QUEUE })
  return {
    hash: async (password) => String(await pool.run({ kind: 'hash', password, cost: COST })),
    async compare(stored, password, signal) {
      const usable = stored !== undefined && isUsable(stored)
      const job = { kind: 'verify', password, stored: usable ? stored : NOBODY } as const
      const same = await pool.run(job, signal)
      return usable && same === true
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  }
}

/** Whether the text is a bcrypt hash that may be compared with. */
function isUsable(stored: string): boolean {
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored)?.[1]
  return cost !== undefined && Number(cost) <= MOST_COST
}
