import type {
  CacheSet,
  ClusterAccess,
  Discovery,
  KubeClient,
  ListOptions,
} from '../../gateway/kube/api.ts'
import { createStore, type WritableStore } from '../../gateway/kube/store.ts'
import { resourcePath, type GVR, type KubeObject } from '../../gateway/kube/types.ts'
import type { Attributes, OperationScope } from '../../gateway/domain/operation.ts'
import { alreadyExists, notFound } from '../../gateway/lib/errors.ts'
import { applyPatch, type PatchOperation } from '../../gateway/lib/json-patch.ts'
import { parseLabelSelector } from '../../gateway/lib/labels.ts'

/** A generator of numbers in [0, 1) that repeats for a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const pick = <T>(next: () => number, from: readonly T[]): T =>
  from[Math.floor(next() * from.length)] as T

/** One call of the client. */
export interface Call {
  readonly verb: 'create' | 'update' | 'delete' | 'get' | 'list' | 'patch'
  readonly path: string
  readonly body?: KubeObject | undefined
  readonly options?: unknown
}

export interface FakeCluster extends ClusterAccess {
  readonly calls: Call[]
  seed(gvr: GVR, kind: string, objects: readonly KubeObject[]): WritableStore
  /** Answers the next calls instead of storing; undefined lets the call through. */
  answer: (call: Call) => KubeObject | Error | undefined
}

/** A cluster in memory: stores that writes go straight into. */
export function fakeCluster(): FakeCluster {
  const stores = new Map<string, WritableStore>()
  const calls: Call[] = []
  let version = 1000
  const key = ({ group, resource }: GVR): string => `${group}/${resource}`
  const storeOf = (gvr: GVR, kind = 'Thing'): WritableStore => {
    let store = stores.get(key(gvr))
    if (!store) {
      store = createStore(gvr, kind)
      store.replace([], '1')
      stores.set(key(gvr), store)
    }
    return store
  }
  const call = (of: Call): KubeObject | undefined => {
    calls.push(of)
    const answer = cluster.answer(of)
    if (answer instanceof Error) throw answer
    return answer
  }
  const write = (
    verb: 'create' | 'update',
    gvr: GVR,
    body: KubeObject,
    options: { namespace?: string; dryRun?: boolean },
  ): KubeObject => {
    const path = resourcePath(gvr, { namespace: options.namespace })
    const answered = call({ verb, path, body, options })
    if (answered) return answered
    const { name = '' } = body.metadata
    const taken = verb === 'create' && storeOf(gvr).get(options.namespace ?? '', name)
    if (taken && !options.dryRun) throw alreadyExists(gvr.group, gvr.resource, name)
    const stored = {
      ...body,
      metadata: {
        uid: `uid-${version}`,
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...body.metadata,
        resourceVersion: String(++version),
      },
    }
    if (!options.dryRun) storeOf(gvr).apply(verb === 'create' ? 'ADDED' : 'MODIFIED', stored)
    return stored
  }
  const client = {
    create: async (gvr: GVR, body: KubeObject, options = {}) => write('create', gvr, body, options),
    update: async (gvr: GVR, body: KubeObject, options = {}) => write('update', gvr, body, options),
    async patch(gvr: GVR, name: string, body: unknown, options: { type: string }) {
      const path = resourcePath(gvr, { name })
      const answered = call({ verb: 'patch', path, body: body as KubeObject, options })
      if (answered) return answered
      const entry = storeOf(gvr).get('', name)
      if (!entry || options.type !== 'json') throw notFound(gvr.group, gvr.resource, name)
      const patched = applyPatch(entry.object, body as PatchOperation[]) as KubeObject
      const metadata = { ...patched.metadata, resourceVersion: String(++version) }
      storeOf(gvr).apply('MODIFIED', { ...patched, metadata })
      return { ...patched, metadata }
    },
    async get(gvr: GVR, name: string, { namespace = '' }: { namespace?: string } = {}) {
      const answered = call({ verb: 'get', path: resourcePath(gvr, { namespace, name }) })
      if (answered) return answered
      const entry = storeOf(gvr).get(namespace, name)
      if (!entry) throw notFound(gvr.group, gvr.resource, name)
      return entry.object
    },
    async list(gvr: GVR, { namespace = '', labelSelector = '' }: ListOptions = {}) {
      const answered = call({ verb: 'list', path: resourcePath(gvr, { namespace }) })
      if (answered) return answered
      const selector = parseLabelSelector(labelSelector)
      const entries = [...storeOf(gvr).entries(namespace || undefined)]
      const selected = entries.filter(({ labels }) => selector?.matches(labels) ?? true)
      return { items: selected.map(({ object }) => object) }
    },
    async delete(gvr: GVR, name: string, options: { namespace?: string } = {}) {
      const { namespace = '' } = options
      const answered = call({
        verb: 'delete',
        path: resourcePath(gvr, { namespace, name }),
        options,
      })
      if (answered) return answered
      const entry = storeOf(gvr).get(namespace, name)
      if (!entry) throw notFound(gvr.group, gvr.resource, name)
      const { object } = entry
      const metadata = { ...object.metadata, resourceVersion: String(++version) }
      storeOf(gvr).apply('DELETED', { ...object, metadata })
      return object
    },
  } as unknown as KubeClient
  const caches: CacheSet = {
    store: async (gvr) => storeOf(gvr),
    peek: (gvr) => stores.get(key(gvr)),
    status: () => [],
    [Symbol.asyncDispose]: async () => {},
  }
  const cluster: FakeCluster = {
    name: 'host',
    client,
    caches,
    discovery: {} as Discovery,
    calls,
    answer: () => undefined,
    seed(gvr, kind, objects) {
      stores.delete(key(gvr))
      const store = storeOf(gvr, kind)
      store.replace(objects, '1')
      return store
    },
    [Symbol.asyncDispose]: async () => {},
  }
  return cluster
}

/** Somebody who may do what `may` allows. */
export function scopeOf(
  cluster: ClusterAccess,
  may: (attributes: Attributes) => boolean = () => true,
): OperationScope {
  return {
    user: { name: 'carol', uid: '', groups: ['system:authenticated'], extra: {} },
    cluster,
    signal: new AbortController().signal,
    now: () => 1_700_000_000_000,
    sourceIP: '127.0.0.1',
    userAgent: 'test',
    may: async (attributes) => may(attributes),
  }
}
