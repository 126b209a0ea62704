import { unavailable } from '../../lib/errors.ts'

/** Milliseconds that the owner gets for an answer: longer than a cache gets for its first list. */
const ANSWER_MS = 60_000
const LOOK_MS = 1000
/** Questions that wait at a time; who comes on top is refused. */
const MOST = 20_000

/** What a front has asked its owner and not been told yet. */
export interface Questions<Answer> extends Disposable {
  /**
   * A question of an id that no other has; the promise of its answer rejects with ApiError 503 when the owner is late. Throws
   * ApiError 503 where too many wait already.
   */
  ask(): { readonly id: number; readonly answer: Promise<Answer> }
  /** An answer that comes too late is nobody's. */
  answered(id: number, answer: Answer): void
  failed(id: number, error: Error): void
}

/** `now` in milliseconds. */
export function createQuestions<Answer>(now: () => number): Questions<Answer> {
  interface Open {
    readonly until: number
    readonly resolve: (answer: Answer) => void
    readonly reject: (error: Error) => void
  }
  const open = new Map<number, Open>()
  let next = 0
  const taken = (id: number): Open | undefined => {
    const one = open.get(id)
    open.delete(id)
    return one
  }
  const sweeper = setInterval(() => {
    const at = now()
    // In the order in which they were asked.
    for (const [id, { until }] of open) {
      if (until > at) break
      taken(id)?.reject(unavailable('the owner of the caches has not answered in time'))
    }
  }, LOOK_MS)
  sweeper.unref()
  return {
    ask() {
      if (open.size >= MOST) throw unavailable('the owner of the caches is too busy')
      const id = next++
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      open.set(id, { until: now() + ANSWER_MS, resolve, reject })
      return { id, answer: promise }
    },
    answered: (id, answer) => taken(id)?.resolve(answer),
    failed: (id, error) => taken(id)?.reject(error),
    [Symbol.dispose]: () => clearInterval(sweeper),
  }
}
