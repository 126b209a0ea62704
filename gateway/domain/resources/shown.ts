import type { Entry } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { Shape } from './kind.ts'
import type { Shown } from './types.ts'

/** Most characters of text that are kept. */
const LIMIT = 24 * 1024 * 1024

/** Texts made from versions of objects, the least recently used forgotten. */
export class TextCache {
  readonly #texts = new Map<Entry, string>()
  #size = 0

  /** The text that `make` gives, made once as long as it is kept. */
  of(entry: Entry, make: () => string): string {
    let text = this.#texts.get(entry)
    if (text === undefined) {
      text = make()
      this.#size += text.length
    } else this.#texts.delete(entry)
    this.#texts.set(entry, text)
    for (const [oldest, dropped] of this.#texts) {
      if (this.#size <= LIMIT) break
      this.#texts.delete(oldest)
      this.#size -= dropped.length
    }
    return text
  }
}

/** An entry in the shape of its kind, made when it is read. */
export class ShapedEntry implements Shown {
  readonly entry: Entry
  readonly #shape: Shape | undefined
  readonly #extra: Readonly<Record<string, string>> | undefined

  constructor(
    entry: Entry,
    shape: Shape | undefined,
    annotations?: Readonly<Record<string, string>>,
  ) {
    this.entry = entry
    this.#shape = shape
    this.#extra = annotations
  }

  /** Whether this is what every answer shows of the entry. */
  get plain(): boolean {
    return this.#extra === undefined
  }

  get json(): string {
    return this.#shape || this.#extra ? JSON.stringify(this.object) : this.entry.json
  }

  get object(): KubeObject {
    const shaped = this.#shape ? this.#shape(this.entry.object) : this.entry.object
    if (!this.#extra) return shaped
    const annotations = { ...shaped.metadata.annotations, ...this.#extra }
    return { ...shaped, metadata: { ...shaped.metadata, annotations } }
  }
}

/** What an answer shows: redacted, then shaped. */
export function shapeOf(...shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const present = shapes.filter((shape) => shape !== undefined)
  if (present.length === 0) return undefined
  return (object) => present.reduce((shaped, shape) => shape(shaped), object)
}
