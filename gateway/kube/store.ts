import { ApiError } from '../lib/errors.ts'
import { inTurns } from '../lib/turns.ts'
import type { Change, ChangeType, Column, Entry, Found, Store, View, ViewOf } from './api.ts'
import { EntryKit, type ColumnSpec, type StoredEntry } from './store-entry.ts'
import { Indexes } from './store-index.ts'
import { Group, nothing, type Slot } from './store-view.ts'
import type { GVR, KubeObject } from './types.ts'
import { compareVersions, VersionWaiters } from './versions.ts'

/** An object as a list or a watch brought it. */
export interface Incoming {
  readonly object: KubeObject
  /** Its JSON text as received; made from `object` when absent. */
  readonly json?: string | undefined
}

/** A list on its way. One that breaks off is dropped, and changes nothing. */
export interface Listing {
  /** Takes objects out of a page, so that the page need not be kept. */
  add(items: Iterable<Incoming>): void
  done(resourceVersion: string): void
}

/** A store as its reflector sees it. */
export interface WritableStore extends Store {
  /**
   * Begins a whole list. When it is done, what differs from before is reported as changes, what is gone as DELETED; the
   * same version of the same object is no change. The store is synced from the first that is done. What is added is
   * held as entries from then on: nothing keeps the parsed objects of a long list until its end.
   */
  listing(): Listing
  /** A whole list at once. */
  replace(items: Iterable<KubeObject | Incoming>, resourceVersion: string): void
  /** One watch event; older than what is held counts as nothing. */
  apply(type: ChangeType, object: KubeObject, rawJson?: string): void
  bookmark(resourceVersion: string): void
}

export interface StoreOptions {
  /** Hears what a listener threw; the other listeners go on. */
  onListenerError?: (error: unknown) => void
}

/** An empty store of one resource. Objects are held as JSON text beside the few fields that queries read. */
export function createStore(gvr: GVR, kind: string, options: StoreOptions = {}): WritableStore {
  return new IndexedStore(gvr, kind, options)
}

class IndexedStore implements WritableStore {
  readonly gvr: GVR
  readonly kind: string
  readonly #kit: EntryKit
  /** By namespace, then name. */
  readonly #slots = new Map<string, Map<string, Slot<StoredEntry>>>()
  readonly #all = new Group<StoredEntry>()
  readonly #namespaces = new Map<string, Group<StoredEntry>>()
  readonly #indexes = new Indexes()
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #waiters = new VersionWaiters()
  readonly #onListenerError: (error: unknown) => void
  #synced = false
  #revision = 0
  #resourceVersion = ''

  constructor(gvr: GVR, kind: string, { onListenerError }: StoreOptions) {
    this.gvr = gvr
    this.kind = kind
    this.#kit = new EntryKit(gvr, kind)
    this.#onListenerError = onListenerError ?? (() => {})
  }

  get synced(): boolean {
    return this.#synced
  }

  get size(): number {
    return this.#all.size
  }

  get resourceVersion(): string {
    return this.#resourceVersion
  }

  get revision(): number {
    return this.#revision
  }

  get(namespace: string, name: string): Entry | undefined {
    return this.#slots.get(namespace)?.get(name)?.entry
  }

  entries(namespace?: string): Iterable<Entry> {
    return this.#group(namespace).scan('created')
  }

  byName(namespace?: string): Iterable<Entry> {
    return this.#group(namespace).scan('name')
  }

  count(namespace?: string): number {
    return this.#group(namespace).size
  }

  *withLabel(key: string, value: string, namespace?: string): IterableIterator<Entry> {
    for (const entry of this.view({ label: { key, value } }).scan('created')) {
      if (namespace === undefined || entry.namespace === namespace) yield entry
    }
  }

  view({ namespace, column, label }: ViewOf = {}): View {
    const slots = (): Iterable<Slot<StoredEntry>> => this.#all.slots()
    if (label) {
      const { key } = label
      return this.#indexes.view(
        `label ${key}`,
        label.value,
        (entry) => labelKeys(entry, key),
        slots,
      )
    }
    if (column) {
      const keysOf = (entry: StoredEntry): string[] => column.column.of(entry).split('\n')
      return this.#indexes.view(`column ${column.column.name}`, column.value, keysOf, slots)
    }
    return this.#group(namespace)
  }

  column(name: string, compute: (object: KubeObject) => string): Column {
    const known = this.#kit.columns.find((column) => column.name === name)
    if (known) return known
    const index = this.#kit.columns.length
    let filling: Promise<void> | undefined
    const column: ColumnSpec = {
      name,
      index,
      compute,
      of: (entry) => ((entry as StoredEntry).values[index] ??= compute(entry.object)),
      // What comes later has its text from the beginning.
      filled: () => (filling ??= inTurns([...this.entries()], (entry) => void column.of(entry))),
    }
    this.#kit.columns.push(column)
    return column
  }

  subscribe(listener: (change: Change) => void): () => void {
    // Wrapped, so that the same function may be subscribed twice.
    const own = (change: Change): void => listener(change)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  waitFor(resourceVersion: string, ms: number): Promise<void> {
    if (this.#reached(resourceVersion)) return Promise.resolve()
    return this.#waiters.wait(resourceVersion, ms, () => {
      const at = this.#resourceVersion
      return new ApiError(504, 'Timeout', `version ${resourceVersion} not reached, at ${at}`)
    })
  }

  listing(): Listing {
    const entries: StoredEntry[] = []
    return {
      add: (items) => {
        for (const { object, json } of items) {
          const held = this.#slotOf(object)?.entry
          const same = held !== undefined && sameVersion(held, versionOf(object))
          entries.push(same ? held : this.#kit.entry(object, json))
        }
      },
      done: (resourceVersion) => this.#replace(entries, resourceVersion),
    }
  }

  replace(items: Iterable<KubeObject | Incoming>, resourceVersion: string): void {
    const listing = this.listing()
    listing.add(Array.from(items, (item) => ('metadata' in item ? { object: item } : item)))
    listing.done(resourceVersion)
  }

  #replace(entries: readonly StoredEntry[], resourceVersion: string): void {
    const gone = new Set(this.#all.slots())
    const found = { version: resourceVersion, listed: true }
    for (const entry of entries) {
      const slot = this.#slots.get(entry.namespace)?.get(entry.name)
      if (slot) gone.delete(slot)
      if (!slot || !sameVersion(slot.entry, entry)) this.#put(slot, entry, found)
    }
    for (const slot of gone) this.#drop(slot, slot.entry, found)
    this.#synced = true
    this.#resourceVersion = resourceVersion
    this.#waiters.release((version) => this.#reached(version))
  }

  apply(type: ChangeType, object: KubeObject, rawJson?: string): void {
    const slot = this.#slotOf(object)
    const version = object.metadata.resourceVersion ?? ''
    const older = slot !== undefined && compareVersions(version, slot.entry.resourceVersion) < 0
    const found = { version, listed: false }
    if (type === 'DELETED') {
      if (slot && !older) this.#drop(slot, this.#kit.entry(object, rawJson), found)
    } else if (!slot || (!older && !sameVersion(slot.entry, versionOf(object)))) {
      this.#put(slot, this.#kit.entry(object, rawJson), found)
    }
    this.bookmark(version)
  }

  bookmark(resourceVersion: string): void {
    if (compareVersions(resourceVersion, this.#resourceVersion) <= 0) return
    this.#resourceVersion = resourceVersion
    this.#waiters.release((version) => this.#reached(version))
  }

  #reached(version: string): boolean {
    return this.#synced && compareVersions(this.#resourceVersion, version) >= 0
  }

  #slotOf({ metadata }: KubeObject): Slot<StoredEntry> | undefined {
    return this.#slots.get(metadata.namespace ?? '')?.get(metadata.name ?? '')
  }

  #group(namespace: string | undefined): Group<StoredEntry> | typeof nothing {
    return namespace === undefined ? this.#all : (this.#namespaces.get(namespace) ?? nothing)
  }

  #put(slot: Slot<StoredEntry> | undefined, entry: StoredEntry, found: Found): void {
    if (!slot) {
      this.#insert({ entry })
      this.#tell({ type: 'ADDED', entry, previous: undefined, ...found })
      return
    }
    const previous = slot.entry
    if (previous.created === entry.created) this.#indexes.replace(slot, entry)
    else {
      this.#remove(slot)
      slot.entry = entry
      this.#insert(slot)
    }
    this.#kit.forget(previous)
    this.#tell({ type: 'MODIFIED', entry, previous, ...found })
  }

  #drop(slot: Slot<StoredEntry>, last: StoredEntry, found: Found): void {
    const previous = slot.entry
    this.#remove(slot)
    this.#kit.forget(previous)
    this.#tell({ type: 'DELETED', entry: last, previous, ...found })
    this.#kit.forget(last)
  }

  #insert(slot: Slot<StoredEntry>): void {
    const { namespace, name } = slot.entry
    let names = this.#slots.get(namespace)
    if (!names) this.#slots.set(namespace, (names = new Map()))
    names.set(name, slot)
    this.#all.add(slot)
    let group = this.#namespaces.get(namespace)
    if (!group) this.#namespaces.set(namespace, (group = new Group<StoredEntry>()))
    group.add(slot)
    this.#indexes.add(slot)
  }

  #remove(slot: Slot<StoredEntry>): void {
    const { namespace, name } = slot.entry
    const names = this.#slots.get(namespace)
    names?.delete(name)
    if (names?.size === 0) this.#slots.delete(namespace)
    this.#all.remove(slot)
    const group = this.#namespaces.get(namespace)
    group?.remove(slot)
    if (group?.size === 0) this.#namespaces.delete(namespace)
    this.#indexes.remove(slot)
  }

  #tell(change: Change): void {
    this.#revision++
    for (const listener of this.#listeners) {
      try {
        listener(change)
      } catch (error) {
        this.#onListenerError(error)
      }
    }
  }
}

function labelKeys(entry: StoredEntry, key: string): readonly string[] {
  const value = Object.hasOwn(entry.labels, key) ? entry.labels[key] : undefined
  return value === undefined ? [] : [value]
}

function versionOf({ metadata }: KubeObject): Pick<Entry, 'uid' | 'resourceVersion'> {
  return { uid: metadata.uid ?? '', resourceVersion: metadata.resourceVersion ?? '' }
}

function sameVersion(entry: Entry, other: Pick<Entry, 'uid' | 'resourceVersion'>): boolean {
  return (
    entry.resourceVersion !== '' &&
    entry.resourceVersion === other.resourceVersion &&
    entry.uid === other.uid
  )
}
