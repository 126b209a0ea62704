import type { Logger } from 'pino'
import type { CacheSet, Change, GVR } from '../../kube/api.ts'
import { NAMESPACES, RIGHTS, USERS, WORKSPACE_LABEL } from '../names.ts'

/** Milliseconds between a change and the call that it leads to; many changes lead to one. */
const SETTLE_MS = 100

export interface AccessChanges extends Disposable {
  /**
   * Calls `listener` a tenth of a second after roles, bindings, accounts or the workspaces of namespaces changed, so that
   * verdicts may differ. Resolves with what ends it once every change from now on is heard.
   */
  follow(listener: () => void): Promise<() => void>
  /** Why an account may do nothing any more, as far as that was seen; undefined for all others. */
  ended(username: string): string | undefined
}

/** Changes of what access decisions are made of, for those who keep one for long. Nothing is followed before the first. */
export function createAccessChanges({
  caches,
  log,
}: {
  readonly caches: CacheSet
  readonly log: Logger
}): AccessChanges {
  const listeners = new Set<() => void>()
  const ended = new Map<string, string>()
  const stops = new Map<GVR, () => void>()
  let disposed = false
  let settling: NodeJS.Timeout | undefined
  let opening: Promise<void> | undefined

  function settle(): void {
    if (listeners.size === 0 || disposed) return
    settling ??= setTimeout(() => {
      settling = undefined
      for (const listener of listeners) listener()
    }, SETTLE_MS)
    settling.unref()
  }

  function onUser({ type, entry: { name, object } }: Change): void {
    const { state } = (object['status'] ?? {}) as { state?: string }
    const why = type === 'DELETED' ? 'deleted' : state === 'Disabled' ? 'disabled' : undefined
    if (why === undefined ? !ended.delete(name) : ended.get(name) === why) return
    if (why) ended.set(name, why)
    settle()
  }

  function onNamespace({ entry, previous }: Change): void {
    if (entry.labels[WORKSPACE_LABEL] !== previous?.labels[WORKSPACE_LABEL] || !previous) settle()
  }

  async function open(): Promise<void> {
    const start = async (gvr: GVR, listener: (change: Change) => void): Promise<void> => {
      if (stops.has(gvr)) return
      const store = await caches.store(gvr)
      if (!disposed) stops.set(gvr, store.subscribe(listener))
    }
    const all = [
      ...RIGHTS.map((gvr) => start(gvr, settle)),
      start(USERS, onUser),
      start(NAMESPACES, onNamespace),
    ]
    for (const outcome of await Promise.allSettled(all)) {
      if (outcome.status === 'rejected') {
        log.debug({ err: outcome.reason as unknown }, 'changes of a kind of rights are not heard')
      }
    }
  }

  return {
    async follow(listener) {
      const own = (): void => listener()
      listeners.add(own)
      opening ??= open().finally(() => (opening = undefined))
      await opening
      return () => void listeners.delete(own)
    },
    ended: (username) => ended.get(username),
    [Symbol.dispose]() {
      disposed = true
      clearTimeout(settling)
      listeners.clear()
      for (const stop of stops.values()) stop()
    },
  }
}
