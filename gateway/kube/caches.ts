import type { Logger } from 'pino'
import { ApiError, notFound, unavailable } from '../lib/errors.ts'
import { outsideRequests, part } from '../telemetry/index.ts'
import type { CacheSet, CacheStatus, KubeClient, Store } from './api.ts'
import { createStore } from './store.ts'
import type { WritableStore } from './store.ts'
import { StoreHandle } from './store-handle.ts'
import type { GVR } from './types.ts'
import { startReflector } from './watch.ts'
import type { Reflector } from './watch.ts'

/** Milliseconds that a caller waits for the first list. */
const SYNC_MS = 30_000
/** Milliseconds without a holder after which a cache is stopped. */
const IDLE_MS = 10 * 60_000
/** Milliseconds for which "not served" is believed. */
const ABSENT_MS = 1000

export interface CachesOptions {
  client: KubeClient
  log: Logger
  now?: () => number
  random?: () => number
  syncMs?: number
  idleMs?: number
}

export interface PinnableCaches extends CacheSet {
  /** Starts these caches now and never stops them; does not wait. */
  pin(gvrs: readonly GVR[]): void
}

interface Slot {
  readonly gvr: GVR
  readonly reflector: Reflector
  store: WritableStore | undefined
  /** Weak, so that the garbage collector tells when nobody holds the store any more. */
  handle: WeakRef<StoreHandle> | undefined
  pinned: boolean
  listeners: number
  usedAt: number
}

/**
 * Watch caches of one cluster, each started when first asked for. A caller waits for the first list, up to 30 s or its
 * signal (ApiError 503 then); a resource that the cluster does not serve is ApiError 404 and asked about again next
 * time. A cache that nobody holds or listens to is stopped after ten minutes, unless pinned.
 */
export function createCaches(options: CachesOptions): PinnableCaches {
  const { client, log, now = Date.now } = options
  const slots = new Map<string, Slot>()
  const absent = new Map<string, { until: number; error: unknown }>()
  const idleMs = options.idleMs ?? IDLE_MS
  const sweeper = setInterval(sweep, Math.min(60_000, idleMs))
  sweeper.unref()

  function start(gvr: GVR): Slot {
    const reflector = startReflector({
      client,
      gvr,
      log,
      now,
      ...(options.random && { random: options.random }),
      onRecovery: hurryOthers,
      open(kind) {
        slot.store = createStore(gvr, kind, {
          onListenerError: (error) => log.error({ err: error }, 'a listener of a cache failed'),
        })
        return slot.store
      },
    })
    const slot: Slot = {
      gvr,
      reflector,
      store: undefined,
      handle: undefined,
      pinned: false,
      listeners: 0,
      usedAt: now(),
    }
    return slot
  }

  /** A server that answers one of them again will answer the others: none sits out a long pause. */
  function hurryOthers(): void {
    for (const { reflector } of slots.values()) {
      const { error } = reflector.status
      if (error !== undefined && !isAbsent(error)) reflector.hurry()
    }
  }

  function slotOf(gvr: GVR): Slot {
    const key = keyOf(gvr)
    let slot = slots.get(key)
    if (!slot) slots.set(key, (slot = outsideRequests(() => start(gvr))))
    slot.usedAt = now()
    return slot
  }

  function handleOf(slot: Slot, store: WritableStore): Store {
    let handle = slot.handle?.deref()
    if (!handle) {
      handle = new StoreHandle(store, (by) => (slot.listeners += by))
      slot.handle = new WeakRef(handle)
    }
    return handle
  }

  async function synced(slot: Slot, signal: AbortSignal | undefined): Promise<Store> {
    const deadline = AbortSignal.timeout(options.syncMs ?? SYNC_MS)
    const ends = signal ? AbortSignal.any([signal, deadline]) : deadline
    if (isAbsent(slot.reflector.status.error)) slot.reflector.hurry()
    while (!slot.store?.synced || isAbsent(slot.reflector.status.error)) {
      try {
        await abortable(slot.reflector.listed(), ends)
      } catch (error) {
        if (isAbsent(error)) {
          absent.set(keyOf(slot.gvr), { until: now() + ABSENT_MS, error })
          if (!slot.pinned && !slot.store) drop(slot)
          throw error
        }
        if (slots.get(keyOf(slot.gvr)) !== slot) throw notSynced(slot)
        if (error instanceof ApiError && error.code < 500 && error.code !== 429) throw error
        signal?.throwIfAborted()
        if (ends.aborted) throw notSynced(slot)
      }
    }
    return handleOf(slot, slot.store)
  }

  function drop(slot: Slot): void {
    if (slots.get(keyOf(slot.gvr)) === slot) slots.delete(keyOf(slot.gvr))
    void slot.reflector[Symbol.asyncDispose]()
  }

  function sweep(): void {
    const at = now()
    for (const [key, { until }] of absent) if (until < at) absent.delete(key)
    for (const slot of slots.values()) {
      if (slot.pinned || slot.handle?.deref() || slot.listeners > 0) slot.usedAt = at
      else if (at - slot.usedAt >= idleMs) drop(slot)
    }
  }

  return {
    async store(gvr, signal) {
      if (!isName(gvr)) throw notFound(gvr.group, gvr.resource, '')
      const key = keyOf(gvr)
      const missing = absent.get(key)
      if (missing && missing.until > now()) throw missing.error
      absent.delete(key)
      const slot = slotOf(gvr)
      const { store } = slot
      if (store?.synced && !isAbsent(slot.reflector.status.error)) return handleOf(slot, store)
      return part('cache', () => synced(slot, signal), `cache ${gvr.resource}`)
    },
    peek(gvr) {
      const slot = slots.get(keyOf(gvr))
      if (!slot?.store?.synced) return undefined
      return handleOf(slot, slot.store)
    },
    pin(gvrs) {
      for (const gvr of gvrs) slotOf(gvr).pinned = true
    },
    status(): CacheStatus[] {
      const at = now()
      return [...slots.values()].map(({ gvr, store, reflector: { status } }) => ({
        gvr,
        synced: store?.synced ?? false,
        objects: store?.size ?? 0,
        lagMs: status.heardAt === 0 ? 0 : at - status.heardAt,
        relists: status.relists,
      }))
    },
    async [Symbol.asyncDispose]() {
      clearInterval(sweeper)
      const all = [...slots.values()]
      slots.clear()
      await Promise.all(all.map(({ reflector }) => reflector[Symbol.asyncDispose]()))
    },
  }
}

function keyOf({ group, version, resource }: GVR): string {
  return `${group}/${version}/${resource}`
}

/** Whether it can be put into a path as it is. */
function isName({ group, version, resource }: GVR): boolean {
  return /^[a-z0-9-]+ [a-z0-9-]+ [a-z0-9.-]*$/.test(`${resource} ${version} ${group}`)
}

function isAbsent(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404
}

function notSynced({ gvr, reflector }: Slot): ApiError {
  const { error } = reflector.status
  const why = error instanceof Error ? `: ${error.message}` : ''
  return unavailable(`the cache of ${gvr.resource} is not synced yet${why}`, error)
}

/** `promise`, or the reason of `signal` once it aborts. */
async function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
