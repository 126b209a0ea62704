import type { Change, Column, Entry, Store, View, ViewOf } from './api.ts'
import type { GVR, KubeObject } from './types.ts'

/**
 * What callers hold of a store. The cache set keeps it weakly: once the last holder lets go it can tell that a store
 * is no longer read. Listeners are counted by whoever made the handle.
 */
export class StoreHandle implements Store {
  readonly #store: Store
  readonly #listening: (by: 1 | -1) => void

  constructor(store: Store, listening: (by: 1 | -1) => void) {
    this.#store = store
    this.#listening = listening
  }

  get gvr(): GVR {
    return this.#store.gvr
  }
  get kind(): string {
    return this.#store.kind
  }
  get synced(): boolean {
    return this.#store.synced
  }
  get size(): number {
    return this.#store.size
  }
  get resourceVersion(): string {
    return this.#store.resourceVersion
  }
  get revision(): number {
    return this.#store.revision
  }

  get(namespace: string, name: string): Entry | undefined {
    return this.#store.get(namespace, name)
  }
  entries(namespace?: string): Iterable<Entry> {
    return this.#store.entries(namespace)
  }
  byName(namespace?: string): Iterable<Entry> {
    return this.#store.byName(namespace)
  }
  count(namespace?: string): number {
    return this.#store.count(namespace)
  }
  withLabel(key: string, value: string, namespace?: string): Iterable<Entry> {
    return this.#store.withLabel(key, value, namespace)
  }
  view(of?: ViewOf): View {
    return this.#store.view(of)
  }
  column(name: string, compute: (object: KubeObject) => string): Column {
    return this.#store.column(name, compute)
  }
  waitFor(resourceVersion: string, ms: number): Promise<void> {
    return this.#store.waitFor(resourceVersion, ms)
  }

  subscribe(listener: (change: Change) => void): () => void {
    const end = this.#store.subscribe(listener)
    this.#listening(1)
    let open = true
    return () => {
      if (!open) return
      open = false
      end()
      this.#listening(-1)
    }
  }
}
