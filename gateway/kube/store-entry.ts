import { hasWideInteger } from '../lib/wide-json.ts'
import type { Column, Entry } from './api.ts'
import { groupVersion } from './types.ts'
import type { GVR, KubeObject } from './types.ts'

/** Most characters of JSON whose parsed objects a store keeps at hand. */
const PARSED_LIMIT = 2 * 1024 * 1024
/** Most label sets that are shared between entries. */
const SHARED_LIMIT = 10_000

/** An object at hand, and whether anybody has looked at it since it was made or last spared. */
interface Parsed {
  readonly object: KubeObject
  used: boolean
}

/** What the entries of one store have in common: parsed objects at hand, label sets shared, computed columns. */
export class EntryKit {
  readonly columns: ColumnSpec[] = []
  readonly #stamp: string
  readonly #kind: string
  readonly #apiVersion: string
  readonly #parsed = new Map<StoredEntry, Parsed>()
  #parsedSize = 0
  readonly #labels = new Map<string, Readonly<Record<string, string>>>()

  constructor(gvr: GVR, kind: string) {
    this.#kind = kind
    this.#apiVersion = groupVersion(gvr)
    const head = JSON.stringify({ kind, apiVersion: this.#apiVersion })
    this.#stamp = head.slice(0, -1)
  }

  /** An entry of `object`; `rawJson` is its text as the API server sent it. */
  entry(object: KubeObject, rawJson?: string): StoredEntry {
    const entry = new StoredEntry(this, object, this.#stamped(object, rawJson))
    for (const column of this.columns) entry.values[column.index] = column.compute(object)
    return entry
  }

  object(entry: StoredEntry): KubeObject {
    const kept = this.#parsed.get(entry)
    if (kept) {
      kept.used = true
      return kept.object
    }
    const object = JSON.parse(entry.json) as KubeObject
    this.#parsed.set(entry, { object, used: false })
    this.#parsedSize += entry.json.length
    if (this.#parsedSize > PARSED_LIMIT) this.#makeRoom()
    return object
  }

  /**
   * Lets the oldest go, those that were looked at since last time in the next round only. Looking at one changes nothing in
   * the map: maps that are changed all the time leave garbage that young collections do not get at.
   */
  #makeRoom(): void {
    for (const [oldest, kept] of this.#parsed) {
      if (this.#parsedSize <= PARSED_LIMIT) break
      if (kept.used) {
        kept.used = false
        this.#parsed.delete(oldest)
        this.#parsed.set(oldest, kept)
      } else this.forget(oldest)
    }
  }

  forget(entry: StoredEntry): void {
    if (this.#parsed.delete(entry)) this.#parsedSize -= entry.json.length
  }

  /** One object for equal label sets: pods of one template have the same. */
  labels(of: Record<string, string> | undefined): Readonly<Record<string, string>> {
    if (!of) return none
    const key = JSON.stringify(of)
    const shared = this.#labels.get(key)
    if (shared) return shared
    if (this.#labels.size >= SHARED_LIMIT) this.#labels.clear()
    this.#labels.set(key, of)
    return of
  }

  #stamped(object: KubeObject, rawJson: string | undefined): string {
    if (rawJson === undefined) {
      const { kind = this.#kind, apiVersion = this.#apiVersion, ...rest } = object
      return JSON.stringify({ kind, apiVersion, ...rest })
    }
    const text =
      object.kind === undefined || object.apiVersion === undefined
        ? `${this.#stamp},${rawJson.slice(rawJson.indexOf('{') + 1)}`
        : rawJson
    // A copy: a slice would keep the whole answer that it was cut from.
    return Buffer.from(text).toString()
  }
}

const none: Readonly<Record<string, string>> = Object.freeze({})

export interface ColumnSpec extends Column {
  readonly index: number
  readonly compute: (object: KubeObject) => string
}

export class StoredEntry implements Entry {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly created: number
  readonly labels: Readonly<Record<string, string>>
  readonly json: string
  /** Values of columns, computed so far. */
  readonly values: string[] = []
  readonly #kit: EntryKit
  #wide: boolean | undefined

  constructor(kit: EntryKit, { metadata }: KubeObject, json: string) {
    this.namespace = metadata.namespace ?? ''
    this.name = metadata.name ?? ''
    this.uid = metadata.uid ?? ''
    this.resourceVersion = metadata.resourceVersion ?? ''
    const created = Date.parse(metadata.creationTimestamp ?? '')
    this.created = Number.isNaN(created) ? 0 : created
    this.labels = kit.labels(metadata.labels)
    this.json = json
    this.#kit = kit
  }

  get annotations(): Readonly<Record<string, string>> {
    return this.object.metadata.annotations ?? none
  }

  get wide(): boolean {
    return (this.#wide ??= hasWideInteger(this.json))
  }

  get object(): KubeObject {
    return this.#kit.object(this)
  }
}
