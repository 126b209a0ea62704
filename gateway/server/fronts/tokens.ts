import { createMemoryCache, type TokenCache } from '../../domain/identity/index.ts'
import { createQuestions } from './questions.ts'

/** Milliseconds for which a front believes that a token is live without asking again. */
const BELIEVED_MS = 1000
/** Tokens that a front remembers; more are asked for each time. */
const MOST = 10_000

/** The tokens of the owner, and a counter that all threads see: it grows with each that is taken out, while it is. */
export interface OwnerTokens {
  readonly tokens: TokenCache
  readonly ended: SharedArrayBuffer
}

export function createOwnerTokens(now: () => number): OwnerTokens {
  const cache = createMemoryCache({ now })
  const ended = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const count = new Int32Array(ended)
  const tokens: TokenCache = {
    ...cache,
    take(username, token) {
      Atomics.add(count, 0, 1)
      return cache.take(username, token)
    },
  }
  return { tokens, ended }
}

export interface FrontTokens extends TokenCache {
  /** What the owner said to question `id`. */
  answered(id: number, live: boolean): void
}

export interface Question {
  readonly id: number
  readonly username: string
  readonly token: string
}

/**
 * What a front knows of the owner's tokens. It only looks them up: logins and logouts are the owner's. A token that was live
 * is believed to be for a second and while no session ends; a message could come after the answer to a logout has been read.
 */
export function createFrontTokens(
  ask: (question: Question) => void,
  ended: SharedArrayBuffer,
  now: () => number,
): FrontTokens {
  const count = new Int32Array(ended)
  const believed = new Map<string, { until: number; username: string; ends: number }>()
  const questions = createQuestions<boolean>(now)
  const sweeper = setInterval(() => {
    const at = now()
    for (const [token, { until }] of believed) if (until <= at) believed.delete(token)
  }, BELIEVED_MS)
  sweeper.unref()

  return {
    add: () => Promise.reject(new Error('a front issues no tokens')),
    take: async () => false,
    tokens: async () => [],
    async has(username, token) {
      const ends = Atomics.load(count, 0)
      const known = believed.get(token)
      const stands = known && known.until > now() && known.ends === ends
      if (stands && known.username === username) return true
      const { id, answer } = questions.ask()
      ask({ id, username, token })
      const live = await answer
      if (live && (believed.size < MOST || believed.has(token))) {
        believed.set(token, { until: now() + BELIEVED_MS, username, ends })
      }
      return live
    },
    answered: (id, live) => questions.answered(id, live),
    async [Symbol.asyncDispose]() {
      clearInterval(sweeper)
      questions[Symbol.dispose]()
    },
  }
}
