import type { Entry } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { Shape } from './kind.ts'
import type { Shown } from './types.ts'

/** Most characters, and most bytes, of text that are kept. */
const LIMIT = 12 * 1024 * 1024
/** Longest list of objects whose text is kept. */
const LONGEST = 500

/** Texts made from versions of objects, the least recently used forgotten. */
export class TextCache {
  /** One variant of each entry. */
  readonly #texts = new Recent<Entry, { readonly variant: string; readonly text: string }>(LIMIT)
  readonly #lists = new Recent<string, Uint8Array>(LIMIT)

  /** The text that `make` gives, made once as long as it is kept. */
  of({ entry, variant }: Shown, make: () => string): string {
    if (variant === undefined) return make()
    const kept = this.#texts.get(entry)
    if (kept?.variant === variant) return kept.text
    const text = make()
    this.#texts.set(entry, { variant, text }, text.length)
    return text
  }

  /** The text of a list, encoded: `make` gives the text for these versions of these objects; `form` names what it is. */
  ofList(items: readonly Shown[], form: string, make: () => string): Uint8Array {
    const key = items.length > LONGEST ? undefined : listKey(items, form)
    const kept = key === undefined ? undefined : this.#lists.get(key)
    if (kept) return kept
    const text = Buffer.from(make())
    if (key !== undefined) this.#lists.set(key, text, text.length)
    return text
  }
}

/** Undefined where a text may not be kept. */
function listKey(items: readonly Shown[], form: string): string | undefined {
  let key = form
  for (const { entry, variant } of items) {
    if (variant === undefined || entry.uid === '' || entry.resourceVersion === '') return undefined
    key += ` ${variant} ${entry.uid} ${entry.resourceVersion}`
  }
  return key
}

/** A map bounded by the sizes of its values. */
class Recent<K, V> {
  readonly #values = new Map<K, { readonly value: V; readonly size: number }>()
  readonly #limit: number
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: K): V | undefined {
    const kept = this.#values.get(key)
    if (!kept) return undefined
    this.#values.delete(key)
    this.#values.set(key, kept)
    return kept.value
  }

  set(key: K, value: V, size: number): void {
    this.#drop(key)
    this.#values.set(key, { value, size })
    this.#size += size
    for (const oldest of this.#values.keys()) {
      if (this.#size <= this.#limit) break
      this.#drop(oldest)
    }
  }

  #drop(key: K): void {
    this.#size -= this.#values.get(key)?.size ?? 0
    this.#values.delete(key)
  }
}

export interface ShapedOptions {
  readonly shape: Shape | undefined
  /** Names `shape` among those of the same resource. */
  readonly variant: string
  readonly annotations?: Readonly<Record<string, string>> | undefined
}

/** An entry in the shape of its kind, made when it is read. */
export class ShapedEntry implements Shown {
  readonly entry: Entry
  readonly variant: string | undefined
  readonly #shape: Shape | undefined
  readonly #annotations: Readonly<Record<string, string>> | undefined

  constructor(entry: Entry, { shape, variant, annotations }: ShapedOptions) {
    this.entry = entry
    this.variant = annotations ? undefined : variant
    this.#shape = shape
    this.#annotations = annotations
  }

  get json(): string {
    return this.#shape || this.#annotations ? JSON.stringify(this.object) : this.entry.json
  }

  get object(): KubeObject {
    const shaped = this.#shape ? this.#shape(this.entry.object) : this.entry.object
    if (!this.#annotations) return shaped
    const annotations = { ...shaped.metadata.annotations, ...this.#annotations }
    return { ...shaped, metadata: { ...shaped.metadata, annotations } }
  }
}

/** What an answer shows: redacted, then shaped. */
export function shapeOf(...shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const present = shapes.filter((shape) => shape !== undefined)
  if (present.length === 0) return undefined
  return (object) => present.reduce((shaped, shape) => shape(shaped), object)
}
