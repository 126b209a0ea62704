import { pino } from 'pino'
import type { AccessChanges } from '../../gateway/domain/access/index.ts'
import {
  createLive,
  type LiveService,
  type Position,
  type WatchArgs,
  type WatchEvent,
  type WatchScope,
} from '../../gateway/domain/live/index.ts'
import type { QueueLimits } from '../../gateway/domain/live/queue.ts'
import type { Attributes } from '../../gateway/domain/operation.ts'
import type { ClusterAccess, KindInfo, KubeObject } from '../../gateway/kube/api.ts'
import { createStore } from '../../gateway/kube/store.ts'
import { forbidden } from '../../gateway/lib/errors.ts'

export const MAPS: KindInfo = {
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  singular: 'configmap',
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  shortNames: ['cm'],
  categories: [],
  preferred: true,
}

/** A cluster in memory: the truth, and a watch cache that learns it event by event or by a list. */
export class Model implements Disposable {
  readonly store = createStore(MAPS, 'ConfigMap')
  readonly live: LiveService
  /** Namespaces that the caller may watch; undefined: all of them. */
  allowed: ReadonlySet<string> | undefined
  readonly #truth = new Map<string, KubeObject>()
  readonly #namespaces = createStore(
    { group: '', version: 'v1', resource: 'namespaces' },
    'Namespace',
  )
  readonly #cluster: ClusterAccess
  readonly #listeners = new Set<() => void>()
  #version = 100
  #uids = 0
  /** Changes that the watch cache has not been told. */
  #cut = false
  stores = 0

  constructor(
    options: { limits?: QueueLimits; markMs?: number; namespaces?: readonly string[] } = {},
  ) {
    const { namespaces = [], ...rest } = options
    this.store.replace([], '100')
    this.#namespaces.replace(
      namespaces.map((name) => ({ metadata: { name, uid: `of ${name}` } })),
      '1',
    )
    const caches = {
      store: async ({ resource }: { resource: string }) => {
        if (resource !== MAPS.resource) return this.#namespaces
        this.stores++
        return this.store
      },
    }
    const discovery = { onChange: () => () => {}, find: async () => MAPS }
    const client = { stream: () => Promise.reject(new Error('nothing but the cache answers here')) }
    this.#cluster = { name: 'host', caches, discovery, client } as unknown as ClusterAccess
    const access: AccessChanges = {
      follow: async (listener) => {
        this.#listeners.add(listener)
        return () => void this.#listeners.delete(listener)
      },
      ended: () => undefined,
      [Symbol.dispose]() {},
    }
    const log = pino({ level: 'silent' })
    this.live = createLive({ host: this.#cluster, access, log, now: Date.now, ...rest })
  }

  /** `namespace/name version` of everything that there is. */
  get list(): string[] {
    return Array.from(this.#truth.values(), told).toSorted()
  }

  /** Of everything that a caller may see and a label selects. */
  listOf(wanted: (object: KubeObject) => boolean): string[] {
    return Array.from(this.#truth.values()).filter(wanted).map(told).toSorted()
  }

  put(namespace: string, name: string, labels: Record<string, string> = {}, data = ''): void {
    const key = `${namespace}/${name}`
    const before = this.#truth.get(key)
    const uid = before?.metadata.uid ?? `uid-${++this.#uids}`
    const metadata = { namespace, name, uid, labels, resourceVersion: String(++this.#version) }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { data } }
    this.#truth.set(key, object)
    if (!this.#cut) this.store.apply(before ? 'MODIFIED' : 'ADDED', object)
  }

  remove(namespace: string, name: string): void {
    const key = `${namespace}/${name}`
    const before = this.#truth.get(key)
    if (!before) return
    this.#truth.delete(key)
    const metadata = { ...before.metadata, resourceVersion: String(++this.#version) }
    if (!this.#cut) this.store.apply('DELETED', { ...before, metadata })
  }

  /** The watch is lost: the cache hears nothing until `relist`. */
  cut(): void {
    this.#cut = true
  }

  relist(): void {
    this.#cut = false
    this.store.replace(this.#truth.values(), String(this.#version))
  }

  /** Rights have changed. */
  judge(): void {
    for (const listener of this.#listeners) listener()
  }

  scope(signal: AbortSignal = new AbortController().signal): WatchScope {
    const may = async ({ namespace }: Attributes) =>
      this.allowed === undefined || (namespace !== '' && this.allowed.has(namespace))
    return {
      user: { name: 'ann', uid: '', groups: [], extra: {} },
      cluster: this.#cluster,
      signal,
      now: Date.now,
      sourceIP: '',
      userAgent: '',
      may,
      demand: async (asked) => {
        if (!(await may(asked))) throw forbidden(`not in ${asked.namespace || 'all namespaces'}`)
      },
    }
  }

  async watch(
    args: Omit<WatchArgs, 'targets'> & { from?: Position | undefined; signal?: AbortSignal } = {},
  ): Promise<AsyncIterableIterator<WatchEvent, undefined>> {
    const { from, signal, ...rest } = args
    const targets = [{ scope: this.scope(signal), info: MAPS, from }]
    return (await this.live.watch({ targets, ...rest })).events
  }

  [Symbol.dispose](): void {
    this.live[Symbol.dispose]()
  }
}

function told({ metadata: { namespace, name, resourceVersion } }: KubeObject): string {
  return `${namespace}/${name} ${resourceVersion}`
}

/** What a subscriber knows of a cluster after its events. */
export class Known {
  readonly objects = new Map<string, string>()
  position: Position | undefined
  synced = false

  take({ type, object, positions }: WatchEvent): void {
    this.position = positions[0]
    if (type === 'RESYNC') this.objects.clear()
    if (type === 'SYNCED') this.synced = true
    if (!object) return
    const { metadata } = object.object
    const uid = metadata.uid ?? ''
    if (type === 'DELETED') this.objects.delete(uid)
    else this.objects.set(uid, told(object.object))
  }

  get list(): string[] {
    return [...this.objects.values()].toSorted()
  }
}

/** The next event; rejects when none comes. */
export async function next(events: AsyncIterator<WatchEvent, undefined>): Promise<WatchEvent> {
  const { done, value } = await events.next()
  if (done) throw new Error('the subscription ended')
  return value
}

/** Takes events until a subscriber knows this list, and is synced. */
export async function catchUp(
  events: AsyncIterator<WatchEvent, undefined>,
  known: Known,
  list: () => string[],
): Promise<void> {
  while (!known.synced || known.list.join() !== list().join()) known.take(await next(events))
}
