import type { ClusterAccess, Entry, GVR } from '../kube/api.ts'
import type { KubeObject } from '../kube/types.ts'

/** Longest wait for a watch cache to show a write, in milliseconds. */
const SETTLE_MS = 2000

/**
 * Waits until the cache of `gvr` has seen `object`, so that a caller reads its own write. Never throws: a cache that
 * is late is not a failed write.
 */
export async function written(cluster: ClusterAccess, gvr: GVR, object: KubeObject): Promise<void> {
  const version = object.metadata.resourceVersion
  const store = cluster.caches.peek(gvr)
  if (!store || !version) return
  await store.waitFor(version, SETTLE_MS).catch(() => {})
}

/**
 * Waits until the cache of `gvr` no longer holds `entry`; one that is being finalized counts as gone unless `final`.
 * Never throws.
 */
export async function removed(
  cluster: ClusterAccess,
  gvr: GVR,
  entry: Pick<Entry, 'namespace' | 'name' | 'uid'>,
  final = false,
): Promise<void> {
  const store = cluster.caches.peek(gvr)
  if (!store) return
  const gone = (): boolean => {
    const now = store.get(entry.namespace, entry.name)
    if (!now || now.uid !== entry.uid) return true
    return !final && now.object.metadata.deletionTimestamp !== undefined
  }
  if (gone()) return
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(finish, SETTLE_MS)
    const stop = store.subscribe(() => {
      if (gone()) finish()
    })
    if (gone()) finish()
  })
}
