import type { CacheSet, DeleteOptions, GVR, KubeClient, Store } from '../../gateway/kube/api.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'

/** Longest wait for a cache that follows a write, in milliseconds: it is for machines that are slow, not for lost watches. */
const longestMs = 60_000

/**
 * A client whose writes return once every cache of `sets` that follows the kind shows them: what a test writes around a
 * server is what the server knows when the write is done. A cache that nobody has asked for yet lists it by itself. Writes
 * through `stream` and `json` are not followed. `sets` may grow. Throws for a cache that does not get there.
 */
export function seeing(client: KubeClient, sets: readonly CacheSet[]): KubeClient {
  const shown = async <T extends KubeObject>(gvr: GVR, written: Promise<T>): Promise<T> => {
    const object = await written
    const version = object.metadata.resourceVersion
    if (!version) return object
    for (const store of await storesOf(sets, gvr)) {
      await store.waitFor(version, longestMs).catch((cause: unknown) => {
        throw new Error(`the cache of ${store.kind} lags behind a write`, { cause })
      })
    }
    return object
  }
  return {
    ...client,
    create: <T extends KubeObject>(gvr: GVR, ...rest: WriteArgs) =>
      shown(gvr, client.create<T>(gvr, ...rest)),
    update: <T extends KubeObject>(gvr: GVR, ...rest: WriteArgs) =>
      shown(gvr, client.update<T>(gvr, ...rest)),
    patch: <T extends KubeObject>(gvr: GVR, ...rest: PatchArgs) =>
      shown(gvr, client.patch<T>(gvr, ...rest)),
    async delete(gvr: GVR, name: string, options: DeleteOptions = {}) {
      const answer = await client.delete(gvr, name, options)
      const { uid } = (answer['details'] ?? answer.metadata) as { uid?: string }
      if (!uid || options.dryRun) return answer
      const of = { namespace: options.namespace ?? '', name, uid }
      for (const store of await storesOf(sets, gvr)) await lost(store, of)
      return answer
    },
  }
}

type WriteArgs = Parameters<KubeClient['create']> extends [GVR, ...infer Rest] ? Rest : never
type PatchArgs = Parameters<KubeClient['patch']> extends [GVR, ...infer Rest] ? Rest : never

/** Caches of the resource, in whatever version, once they have their first list. */
async function storesOf(sets: readonly CacheSet[], { group, resource }: GVR): Promise<Store[]> {
  const followed = sets.flatMap((set) =>
    set.status().flatMap(({ gvr }) => {
      return gvr.group === group && gvr.resource === resource ? [set.store(gvr)] : []
    }),
  )
  // One that is asked for and not served holds nothing.
  return (await Promise.allSettled(followed)).flatMap((one) =>
    one.status === 'fulfilled' ? [one.value] : [],
  )
}

/** Waits until a store no longer has an object, or has it as one that is being deleted. */
async function lost(
  store: Store,
  { namespace, name, uid }: { namespace: string; name: string; uid: string },
): Promise<void> {
  const gone = (): boolean => {
    const entry = store.get(namespace, name)
    return entry?.uid !== uid || entry.object.metadata.deletionTimestamp !== undefined
  }
  if (gone()) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const late = setTimeout(
    () => reject(new Error(`${store.kind} ${namespace}/${name} is deleted and still in the cache`)),
    longestMs,
  )
  const stop = store.subscribe(() => gone() && resolve())
  try {
    if (!gone()) await promise
  } finally {
    clearTimeout(late)
    stop()
  }
}
