import {
  announcedGraphs,
  APISERVICES,
  createExtensionRegistry,
  EXTENSIONENTRIES,
} from '../../../domain/extensions/index.ts'
import type { CacheSet, GVR } from '../../../kube/api.ts'
import { isNotFound } from '../../../lib/errors.ts'

export interface Announcements extends Disposable {
  /** The graphs that extensions announce now. Throws ApiError 404 where the platform knows no APIServices. */
  read(): Promise<ReturnType<typeof announcedGraphs>>
}

/** Follows the objects by which extensions announce a graph: `changed` is called for each change, from the first `read` on. */
export function followAnnouncements(
  caches: CacheSet,
  signal: AbortSignal,
  changed: () => void,
): Announcements {
  const registry = createExtensionRegistry(caches)
  const followed = new Map<GVR, () => void>()

  async function follow(gvr: GVR): Promise<void> {
    if (followed.has(gvr)) return
    const store = await caches.store(gvr, signal)
    if (!followed.has(gvr)) followed.set(gvr, store.subscribe(changed))
  }

  return {
    async read() {
      await follow(APISERVICES)
      await follow(EXTENSIONENTRIES).catch((error: unknown) => {
        // An older platform has none; their coming changes the kinds.
        if (!isNotFound(error)) throw error
      })
      return announcedGraphs(await registry.apiServices(), await registry.extensionEntries())
    },
    [Symbol.dispose]() {
      for (const unfollow of followed.values()) unfollow()
    },
  }
}
