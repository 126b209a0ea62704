import type { CacheSet, ClusterAccess, GVR, Store } from '../../kube/api.ts'
import type { Version } from './messages.ts'

/**
 * A cluster that writes down which stores are taken out of its caches, with their counters as they are then: what an answer
 * was made from.
 */
export class CountedCluster implements ClusterAccess {
  readonly name: string
  readonly caches: CacheSet
  readonly #of: ClusterAccess
  readonly #read = new Map<number, number>()
  #uncounted = false

  /** `countOf` gives the counter of a store and where it stands; undefined where there is none. */
  constructor(
    of: ClusterAccess,
    countOf: (gvr: GVR, store: Store) => { slot: number; count: number } | undefined,
  ) {
    this.#of = of
    this.name = of.name
    const { caches } = of
    const note = (gvr: GVR, store: Store): Store => {
      const now = countOf(gvr, store)
      if (!now) this.#uncounted = true
      else if (!this.#read.has(now.slot)) this.#read.set(now.slot, now.count)
      return store
    }
    this.caches = {
      store: async (gvr, signal) => note(gvr, await caches.store(gvr, signal)),
      peek: (gvr) => {
        const store = caches.peek(gvr)
        // That there is none is not counted either.
        if (!store) this.#uncounted = true
        return store && note(gvr, store)
      },
      status: () => {
        this.#uncounted = true
        return caches.status()
      },
      [Symbol.asyncDispose]: () => caches[Symbol.asyncDispose](),
    }
  }

  get client(): ClusterAccess['client'] {
    this.#uncounted = true
    return this.#of.client
  }

  get discovery(): ClusterAccess['discovery'] {
    this.#uncounted = true
    return this.#of.discovery
  }

  /** What was read; undefined where something was that is not counted. */
  versions(): readonly Version[] | undefined {
    return this.#uncounted || this.#read.size === 0 ? undefined : [...this.#read]
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#of[Symbol.asyncDispose]()
  }
}
