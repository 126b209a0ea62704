import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/bcrypt'
import { createLimiter } from './limiter.ts'

/** Cost of new hashes: iam-oauth.md §16. */
const COST = 10
/** An account cannot make its own logins cost more than this. */
const MOST_COST = 15
/** Comparisons that may wait; further logins are told to come back. */
const QUEUE = 500

/** Of no password: comparing with it costs what comparing with a stored one costs. */
const NOBODY = '$2a$10$tPThpyt8AWtKc.EA1eJ9t.iQcUVC2HlXh04czPPMOe2TO.M5QtGZa'

export interface Passwords {
  hash(password: string): Promise<string>
  /** False for an absent or malformed hash, after the same work. Throws ApiError 503 when too many wait. */
  compare(stored: string | undefined, password: string): Promise<boolean>
}

/** Bcrypt on worker threads, one core left free. Takes `$2a$`, `$2b$` and `$2y$` hashes. */
export function createPasswords(): Passwords {
  const limited = createLimiter(Math.max(1, availableParallelism() - 1), QUEUE)
  return {
    hash: (password) => limited(() => hash(password, COST)),
    compare: (stored, password) =>
      limited(async () => {
        const usable = stored !== undefined && isUsable(stored)
        const same = await verify(password, usable ? stored : NOBODY)
        return usable && same
      }),
  }
}

/** Whether the text is a bcrypt hash that may be compared with. */
function isUsable(stored: string): boolean {
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored)?.[1]
  return cost !== undefined && Number(cost) <= MOST_COST
}
