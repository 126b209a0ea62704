import type { Entry } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { Shape } from './kind.ts'
import type { Shown } from './types.ts'

/** Most characters of text that are kept. */
const LIMIT = 24 * 1024 * 1024

/** Texts made from versions of objects, the least recently used forgotten. One variant of each is kept. */
export class TextCache {
  readonly #texts = new Map<Entry, { readonly variant: string; readonly text: string }>()
  #size = 0

  /** The text that `make` gives, made once as long as it is kept. */
  of({ entry, variant }: Shown, make: () => string): string {
    if (variant === undefined) return make()
    let kept = this.#texts.get(entry)
    if (kept) {
      this.#texts.delete(entry)
      this.#size -= kept.text.length
    }
    if (kept?.variant !== variant) kept = { variant, text: make() }
    this.#texts.set(entry, kept)
    this.#size += kept.text.length
    for (const [oldest, dropped] of this.#texts) {
      if (this.#size <= LIMIT) break
      this.#texts.delete(oldest)
      this.#size -= dropped.text.length
    }
    return kept.text
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
