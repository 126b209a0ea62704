import type { Logger } from 'pino'
import type { ClusterAccess, GVR, Store } from '../../kube/api.ts'
import { createStore, type WritableStore } from '../../kube/store.ts'
import { startReflector } from '../../kube/watch.ts'
import { ApiError } from '../../lib/errors.ts'
import type { OperationScope } from '../operation.ts'

/** Objects of one cluster as they change, for one caller. */
export interface Stores extends Disposable {
  /** Those of a namespace, others perhaps as well. Throws what the cluster answers to a list of them. */
  open(gvr: GVR, namespace: string): Promise<Store>
  /** Told when the cluster does not let the caller follow what was opened any more. */
  onRefusal: ((error: ApiError) => void) | undefined
}

/** Answers by which a cluster says that this caller may not. */
const refusals = new Set([401, 403])

/** The watch caches of this process's own cluster; who reads them is judged by those who ask. */
export function sharedStores({ cluster, signal }: OperationScope): Stores {
  return {
    open: (gvr) => cluster.caches.store(gvr, signal),
    onRefusal: undefined,
    [Symbol.dispose]() {},
  }
}

/** Watches of one caller in a member, which judges them at their start and each time that they are taken up again. */
export function ownStores(cluster: ClusterAccess, signal: AbortSignal, log: Logger): Stores {
  const running = new DisposableStack()
  const end = (): void => running.dispose()
  signal.addEventListener('abort', end, { once: true })
  running.defer(() => signal.removeEventListener('abort', end))
  const stores: Stores = {
    onRefusal: undefined,
    async open(gvr, namespace) {
      signal.throwIfAborted()
      const first = Promise.withResolvers<never>()
      first.promise.catch(() => {})
      let store: WritableStore | undefined
      let listed = false
      const reflector = startReflector({
        client: cluster.client,
        gvr,
        namespace,
        log,
        open: (kind) => (store = createStore(gvr, kind)),
        onFailure(error) {
          if (!listed) first.reject(error)
          else if (error instanceof ApiError && refusals.has(error.code)) stores.onRefusal?.(error)
        },
      })
      running.defer(() => {
        first.reject(signal.reason as Error)
        void reflector[Symbol.asyncDispose]()
      })
      await Promise.race([reflector.listed(), first.promise])
      listed = true
      if (!store) throw new TypeError('a list has no store')
      return store
    },
    [Symbol.dispose]: end,
  }
  return stores
}
