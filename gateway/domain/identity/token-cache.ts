/** Tokens that have been issued and not been revoked: key `kubesphere:user:<username>:token:<jwt>`. */
export interface TokenCache extends AsyncDisposable {
  /** `ttlMs` > 0. Throws ApiError 503 when the store does not answer; so do the others. */
  add(username: string, token: string, ttlMs: number): Promise<void>
  has(username: string, token: string): Promise<boolean>
  /** Removes one token; false when it was not there, so that of two callers one alone gets true. */
  take(username: string, token: string): Promise<boolean>
  /** All tokens of a user, of exactly that name. */
  tokens(username: string): Promise<string[]>
}

export interface MemoryCacheOptions {
  /** Milliseconds of a clock that is never set: no token outlives its time because the date was put back. */
  now: () => number
  /** Tokens held at most; beyond it the oldest of all goes. Default 200 000. */
  capacity?: number
}

const SWEEP_EVERY_MS = 60_000

/** A cache of this process alone, gone with it. */
export function createMemoryCache(options: MemoryCacheOptions): TokenCache {
  const { now, capacity = 200_000 } = options
  /** Expiry by token, by user; insertion order is age. */
  const users = new Map<string, Map<string, number>>()
  const ages = new Map<string, string>()
  let sweptAt = now()

  const remove = (username: string, token: string): boolean => {
    const tokens = users.get(username)
    if (!tokens?.delete(token)) return false
    ages.delete(token)
    if (tokens.size === 0) users.delete(username)
    return true
  }
  const live = (username: string, token: string): boolean => {
    const expires = users.get(username)?.get(token)
    return expires !== undefined && expires > now()
  }
  const sweep = () => {
    if (now() - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = now()
    for (const [username, tokens] of users) {
      for (const [token, expires] of tokens) if (expires <= sweptAt) remove(username, token)
    }
  }
  return {
    async add(username, token, ttlMs) {
      sweep()
      const tokens = users.get(username) ?? new Map<string, number>()
      users.set(username, tokens)
      tokens.set(token, now() + ttlMs)
      ages.set(token, username)
      for (const [oldest, owner] of ages) {
        if (ages.size <= capacity) break
        remove(owner, oldest)
      }
    },
    has: async (username, token) => live(username, token),
    async take(username, token) {
      const was = live(username, token)
      remove(username, token)
      return was
    },
    tokens: async (username) => [...(users.get(username)?.keys() ?? [])],
    async [Symbol.asyncDispose]() {
      users.clear()
      ages.clear()
    },
  }
}
