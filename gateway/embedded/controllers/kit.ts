import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { ClusterAccess, Entry, KubeClient, Store } from '../../kube/api.ts'
import type { GVR, KubeObject, OwnerReference } from '../../kube/types.ts'
import { isAlreadyExists, isConflict, isNotFound } from '../../lib/errors.ts'

/** What controllers need to know of the configuration. */
export interface ControllerSettings {
  /** Name of the Cluster object of this cluster. */
  readonly hostName: string
  /** Version of the platform that the host Cluster shows. */
  readonly platformVersion: string
  /** How long a member cluster is believed, in milliseconds. */
  readonly clusterResyncMs: number
  readonly maxLoginFailures: number
  readonly loginFailureWindowMs: number
  readonly loginHistoryMs: number
  readonly loginHistoryEntries: number
}

/** How long a write may take to show in a cache before it is not waited for any longer, in milliseconds. */
const visibleWithinMs = 2000
const conflictRetries = 8

/** The cluster as reconcilers see it: reads from watch caches, writes that are safe to repeat. */
export class Kit {
  readonly host: ClusterAccess
  readonly settings: ControllerSettings
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly #stores: ReadonlyMap<string, Store>

  constructor(of: {
    host: ClusterAccess
    settings: ControllerSettings
    log: Logger
    now: () => number
    stores: ReadonlyMap<string, Store>
  }) {
    this.host = of.host
    this.settings = of.settings
    this.log = of.log
    this.now = of.now
    this.#stores = of.stores
  }

  get client(): KubeClient {
    return this.host.client
  }

  /** The synced cache of a resource that some reconciler watches. Throws TypeError for any other. */
  store(gvr: GVR): Store {
    const store = this.#stores.get(storeKey(gvr))
    if (!store) throw new TypeError(`no reconciler watches ${gvr.resource}.${gvr.group}`)
    return store
  }

  /** The cached object, shared and not to be changed. */
  get(gvr: GVR, name: string, namespace = ''): KubeObject | undefined {
    return this.store(gvr).get(namespace, name)?.object
  }

  /** Kubernetes' time format: UTC, whole seconds. */
  time(): string {
    return `${new Date(this.now()).toISOString().slice(0, 19)}Z`
  }

  /** Creates `object` unless one of its name is there; resolves when the cache shows it. Returns whether it was made. */
  async create(gvr: GVR, object: KubeObject, signal?: AbortSignal): Promise<boolean> {
    try {
      const made = await this.client.create(gvr, object, {
        namespace: object.metadata.namespace,
        signal,
      })
      await this.visible(gvr, made)
      return true
    } catch (error) {
      if (isAlreadyExists(error)) return false
      throw error
    }
  }

  /**
   * Changes an object with `change`, which gets a copy and edits it in place; nothing is written when it is the same
   * afterwards. A conflict is answered with the live object. Returns what is stored, undefined when it is gone.
   */
  async edit(
    gvr: GVR,
    object: KubeObject,
    change: (draft: KubeObject) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<KubeObject | undefined> {
    const { name = '', namespace } = object.metadata
    let current = object
    for (let attempt = 0; ; attempt++) {
      const draft = structuredClone(current)
      await change(draft)
      if (isDeepStrictEqual(draft, current)) return current
      try {
        const stored = await this.client.update<KubeObject>(gvr, draft, { namespace, signal })
        await this.visible(gvr, stored)
        return stored
      } catch (error) {
        if (isNotFound(error)) return undefined
        if (!isConflict(error) || attempt >= conflictRetries) throw error
      }
      const live = await this.live(gvr, name, namespace, signal)
      if (!live || live.metadata.uid !== object.metadata.uid) return undefined
      current = live
    }
  }

  /** The object as the API server has it; undefined when there is none. */
  async live(
    gvr: GVR,
    name: string,
    namespace?: string,
    signal?: AbortSignal,
  ): Promise<KubeObject | undefined> {
    try {
      return await this.client.get(gvr, name, { namespace, signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** Deletes exactly this object, not a later one of the same name; nothing happens when it is gone. */
  async remove(
    gvr: GVR,
    entry: Pick<Entry, 'name' | 'namespace' | 'uid'>,
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await this.client.delete(gvr, entry.name, {
        namespace: entry.namespace || undefined,
        preconditions: { uid: entry.uid },
        propagationPolicy: 'Background',
        signal,
      })
    } catch (error) {
      // A conflict means that another object has the name by now.
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }

  /** Merges into the status of an object; nothing happens when it is gone. */
  async setStatus(gvr: GVR, name: string, status: object, signal?: AbortSignal): Promise<void> {
    try {
      const patch = { status }
      const options = { type: 'merge', subresource: 'status', signal } as const
      await this.visible(gvr, await this.client.patch<KubeObject>(gvr, name, patch, options))
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  /** Resolves when the cache has seen `object`, or is too late to be waited for. */
  async visible(gvr: GVR, object: KubeObject): Promise<void> {
    const store = this.#stores.get(storeKey(gvr))
    const version = object.metadata.resourceVersion
    if (store && version) await store.waitFor(version, visibleWithinMs).catch(() => {})
  }
}

export function storeKey(gvr: GVR): string {
  return `${gvr.resource}.${gvr.group}`
}

export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined
}

/** Puts a finalizer on in place. */
export function addFinalizer(draft: KubeObject, finalizer: string): void {
  const present = draft.metadata.finalizers ?? []
  if (!present.includes(finalizer)) draft.metadata.finalizers = [...present, finalizer]
}

/** Takes a finalizer off in place. */
export function dropFinalizer(draft: KubeObject, finalizer: string): void {
  const rest = (draft.metadata.finalizers ?? []).filter((one) => one !== finalizer)
  if (rest.length > 0) draft.metadata.finalizers = rest
  else delete draft.metadata.finalizers
}

/** The reference by which `owner` controls another object. */
export function controllerReference(owner: KubeObject): OwnerReference {
  const { apiVersion = '', kind = '', metadata } = owner
  return {
    apiVersion,
    kind,
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}
