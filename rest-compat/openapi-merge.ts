import type { OpenApiDocument } from '../gateway/domain/extensions/index.ts'

type Json = Record<string, unknown>

/** Where each version keeps its named parts, with the prefix of references to them. */
const PARTS = {
  v2: [
    { at: ['definitions'], reference: '#/definitions/' },
    { at: ['parameters'], reference: '#/parameters/' },
  ],
  v3: [
    { at: ['components', 'schemas'], reference: '#/components/schemas/' },
    { at: ['components', 'parameters'], reference: '#/components/parameters/' },
  ],
} as const

/**
 * `own` with the paths and named parts of other documents added (platform-apis.md §3). Of a path that is in several the
 * first stays, `own` before all; a part that is there under the same name with another content gets the name
 * `<name>_v2`, `_v3`, …, and references to it follow. Everything else of the others is left out.
 */
export function mergeDocuments(
  own: OpenApiDocument,
  others: readonly OpenApiDocument[],
  version: 'v2' | 'v3',
): OpenApiDocument {
  if (others.length === 0) return own
  const merged = structuredClone(own) as Json
  const paths = partOf(merged, ['paths'], true)
  for (const other of others) {
    const renamed = new Map<string, string>()
    const additions: [Json, string, unknown][] = []
    for (const { at, reference } of PARTS[version]) {
      const part = partOf(other, at, false)
      if (Object.keys(part).length === 0) continue
      const target = partOf(merged, at, true)
      for (const [name, content] of Object.entries(part)) {
        const free = freeName(target, name, content)
        if (free === undefined) continue
        if (free !== name) renamed.set(reference + name, reference + free)
        additions.push([target, free, content])
      }
    }
    for (const [target, name, content] of additions) put(target, name, follow(content, renamed))
    for (const [path, item] of Object.entries(partOf(other, ['paths'], false))) {
      if (!Object.hasOwn(paths, path)) put(paths, path, follow(item, renamed))
    }
  }
  return merged
}

/** The object at a place; one that is missing is made where `make` says so. */
function partOf(document: OpenApiDocument, at: readonly string[], make: boolean): Json {
  let place = document as Json
  for (const step of at) {
    const below = Object.hasOwn(place, step) ? place[step] : undefined
    if (typeof below === 'object' && below !== null && !Array.isArray(below)) place = below as Json
    else if (make) place = place[step] = {}
    else return {}
  }
  return place
}

/** Undefined where the same content is there already. */
function freeName(target: Json, name: string, content: unknown): string | undefined {
  const text = JSON.stringify(content)
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}_v${count}`
    if (!Object.hasOwn(target, candidate)) return candidate
    if (JSON.stringify(target[candidate]) === text) return count === 1 ? undefined : candidate
  }
}

/** A copy with the references renamed; references may hold `~1` and `%20`, names in documents rarely do. */
function follow(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => follow(item, renamed))
  const out: Json = {}
  for (const [key, item] of Object.entries(value)) {
    const target = key === '$ref' && typeof item === 'string' ? renamed.get(item) : undefined
    put(out, key, target ?? follow(item, renamed))
  }
  return out
}

/** A document may name a part `__proto__`. */
function put(object: Json, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}
