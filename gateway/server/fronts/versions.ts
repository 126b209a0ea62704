import type { CacheSet, ClusterAccess, GVR, Store } from '../../kube/api.ts'
import type { Version } from './messages.ts'

/** Stores that are counted at a time; answers made from more are asked for each time. */
const SLOTS = 1024
/** Milliseconds without a question about a store after which it is no longer followed, so that it can be let go. */
const IDLE_MS = 5 * 60_000

interface Followed {
  readonly slot: number
  readonly store: Store
  readonly end: () => void
  usedAt: number
}

/** What an answer was made from, told as it is read. */
export interface Reads {
  /** The cluster, as whoever makes the answer gets it. */
  readonly cluster: ClusterAccess
  /** Undefined where something was read that is not counted. */
  versions(): readonly Version[] | undefined
}

export interface Versions extends Disposable {
  readonly shared: SharedArrayBuffer
  /** Of one answer. */
  reads(cluster: ClusterAccess): Reads
}

/**
 * Counts the changes of stores where all threads see them: an answer is good as long as the counters of the stores that it
 * was made from stand as they did before. A counter never goes back, also when its store is let go.
 */
export function createVersions(now: () => number): Versions {
  const shared = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)
  const counts = new Int32Array(shared)
  const followed = new Map<string, Followed>()
  const free = Array.from({ length: SLOTS }, (_, slot) => slot)

  function forget(key: string, { slot, end }: Followed): void {
    followed.delete(key)
    end()
    Atomics.add(counts, slot, 1)
    free.push(slot)
  }

  function slotOf(gvr: GVR, store: Store): number | undefined {
    const key = `${gvr.group}/${gvr.version}/${gvr.resource}`
    const known = followed.get(key)
    if (known?.store === store) {
      known.usedAt = now()
      return known.slot
    }
    if (known) forget(key, known)
    const slot = free.shift()
    if (slot === undefined) return undefined
    const end = store.subscribe(() => void Atomics.add(counts, slot, 1))
    followed.set(key, { slot, store, end, usedAt: now() })
    return slot
  }

  const sweeper = setInterval(() => {
    const oldest = now() - IDLE_MS
    for (const [key, one] of followed) if (one.usedAt < oldest) forget(key, one)
  }, IDLE_MS / 5)
  sweeper.unref()

  return {
    shared,
    reads(cluster) {
      const read = new Map<number, number>()
      let uncounted = false
      const note = (gvr: GVR, store: Store): Store => {
        const slot = slotOf(gvr, store)
        if (slot === undefined) uncounted = true
        else if (!read.has(slot)) read.set(slot, Atomics.load(counts, slot))
        return store
      }
      const { caches } = cluster
      const noted: CacheSet = {
        store: async (gvr, signal) => note(gvr, await caches.store(gvr, signal)),
        peek(gvr) {
          const store = caches.peek(gvr)
          // That there is none is not counted either.
          if (!store) uncounted = true
          return store && note(gvr, store)
        },
        status() {
          uncounted = true
          return caches.status()
        },
        [Symbol.asyncDispose]: () => caches[Symbol.asyncDispose](),
      }
      const uncountable = <T>(part: T): T => {
        uncounted = true
        return part
      }
      return {
        cluster: {
          name: cluster.name,
          caches: noted,
          get client() {
            return uncountable(cluster.client)
          },
          get discovery() {
            return uncountable(cluster.discovery)
          },
          [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
        },
        versions: () => (uncounted || read.size === 0 ? undefined : [...read]),
      }
    },
    [Symbol.dispose]() {
      clearInterval(sweeper)
      for (const [key, one] of followed) forget(key, one)
    },
  }
}
