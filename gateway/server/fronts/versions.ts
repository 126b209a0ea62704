import type { ClusterAccess, GVR, Store } from '../../kube/api.ts'
import { CountedCluster } from './counted-cluster.ts'

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

export interface Versions extends Disposable {
  readonly shared: SharedArrayBuffer
  /** For one answer: the cluster that it is made from. */
  counted(cluster: ClusterAccess): CountedCluster
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
    counted(cluster) {
      return new CountedCluster(cluster, (gvr, store) => {
        const slot = slotOf(gvr, store)
        return slot === undefined ? undefined : { slot, count: Atomics.load(counts, slot) }
      })
    },
    [Symbol.dispose]() {
      clearInterval(sweeper)
      for (const [key, one] of followed) forget(key, one)
    },
  }
}
