import type { KindInfo } from '../../gateway/kube/types.ts'
import type { Compiled, Definition, Shape } from './definitions.ts'
import { groupPrefix, kindKey, legalName, mark, nameKinds, Names, type KindNames } from './names.ts'

/** A kind of the graph: how it is served, called and shaped. */
export interface CatalogKind {
  readonly info: KindInfo
  readonly names: KindNames
  readonly definition: Definition
}

/** Words that the names of types beside a definition's own end in; a value is a kind's object inside of another. */
export type Companion = 'Input' | 'MapEntry' | 'MapEntryInput' | 'Value'

/** All definitions of a cluster with their names in the graph. */
export interface Catalog {
  readonly kinds: readonly CatalogKind[]
  /** Kinds that are served and have no schema. */
  readonly shapeless: readonly KindInfo[]
  readonly definitions: ReadonlyMap<string, Definition>
  definition(key: string): Definition | undefined
  /** The shape behind names of shapes: never a `ref` that leads to one. */
  settle(shape: Shape): Shape
  /** The name of the object type of a definition that is not a kind's own. */
  nameOf(key: string): string
  /** As `nameOf` with a word behind it. */
  companionOf(key: string, word: Companion): string
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.'
/** Types of meta/v1 that have no prefix. */
const bare = new Set([
  'ObjectMeta',
  'OwnerReference',
  'LabelSelector',
  'LabelSelectorRequirement',
  'Condition',
  'ManagedFieldsEntry',
])

function packageOf(key: string): string {
  return key.slice(0, key.lastIndexOf('.'))
}

/** Group and version of each package of schemas: that of any kind in it. */
function packages(documents: readonly Compiled[]): Map<string, { group: string; version: string }> {
  const found = new Map<string, { group: string; version: string }>()
  for (const { definitions } of documents) {
    for (const { key, kinds } of definitions.values()) {
      const [only, ...others] = kinds
      if (only && others.length === 0 && !key.startsWith(meta)) found.set(packageOf(key), only)
    }
  }
  return found
}

/**
 * Puts served kinds and their schemas together and names everything. A name depends on the group, version and kind that
 * it is for; `reserved` are names of the hand-written schema. Documents are by group and version, in one fixed order.
 */
export function createCatalog(
  documents: readonly Compiled[],
  kinds: readonly KindInfo[],
  reserved: { readonly types: Iterable<string>; readonly fields: Iterable<string> },
): Catalog {
  const definitions = new Map<string, Definition>()
  const aliases = new Map<string, Shape>()
  const byKind = new Map<string, Definition>()
  for (const document of documents) {
    for (const [key, shape] of document.aliases) aliases.set(key, shape)
    for (const [key, definition] of document.definitions) {
      if (definitions.has(key)) continue
      definitions.set(key, definition)
      for (const { group, version, kind } of definition.kinds) {
        if (definition.kinds.length === 1) byKind.set(`${group}/${version}/${kind}`, definition)
      }
    }
  }
  const types = new Names(reserved.types)
  const names = nameKinds(kinds, types, new Names(reserved.fields))
  const places = packages(documents)
  const preferred = new Map(
    kinds.filter((kind) => kind.preferred).map(({ group, version }) => [group, version]),
  )
  const given = new Map<string, string>()

  const found: CatalogKind[] = []
  const shapeless: KindInfo[] = []
  for (const info of kinds) {
    const definition = byKind.get(`${info.group}/${info.version}/${info.kind}`)
    const called = names.get(kindKey(info))
    if (definition && called) found.push({ info, names: called, definition })
    else shapeless.push(info)
  }
  // Two resources of one kind share its schema, and the nested types are called after the first.
  const inputs = new Map<string, string>()
  for (const { definition, names: called } of found.toReversed()) {
    given.set(definition.key, called.type)
    inputs.set(definition.key, called.input)
  }

  function proposal(definition: Definition): string {
    const { key, inline } = definition
    if (inline) {
      const owner = definitions.get(inline.owner)
      const path = inline.path.map((part) => {
        const legal = legalName(part)
        return legal.charAt(0).toUpperCase() + legal.slice(1)
      })
      return (given.get(inline.owner) ?? (owner ? proposal(owner) : '')) + path.join('')
    }
    const last = legalName(key.slice(key.lastIndexOf('.') + 1))
    if (key.startsWith(meta)) return bare.has(last) ? last : `Meta${last}`
    const place = places.get(packageOf(key))
    if (!place) return legalName(key.split('.').slice(-3).map(capital).join(''))
    const latest = preferred.get(place.group) === place.version
    return groupPrefix(place.group) + last + (latest ? '' : `_${legalName(place.version)}`)
  }

  const companions = new Map<string, string>()
  const nameOf = (key: string): string => {
    const known = given.get(key)
    if (known) return known
    const definition = definitions.get(key)
    const wanted = unlikePages(definition ? proposal(definition) : legalName(key))
    // The types of metadata are those of the hand-written schema.
    const shared = key.startsWith(meta) && bare.has(wanted)
    const name = shared ? wanted : types.take(wanted, () => `${wanted}_${mark(key)}`)
    given.set(key, name)
    return name
  }
  const companionOf: Catalog['companionOf'] = (key, word) => {
    const of = `${key} ${word}`
    const known = companions.get(of)
    if (known) return known
    const input = word === 'Input' ? inputs.get(key) : undefined
    const wanted = nameOf(key) + word
    const name = input ?? types.take(wanted, () => `${wanted}_${mark(key)}`)
    companions.set(of, name)
    return name
  }
  // In the order of keys, whatever is asked for first.
  for (const key of [...definitions.keys()].sort()) {
    nameOf(key)
    companionOf(key, 'Input')
    companionOf(key, 'MapEntry')
    companionOf(key, 'MapEntryInput')
  }
  for (const { definition } of found) companionOf(definition.key, 'Value')

  return {
    kinds: found,
    shapeless,
    definitions,
    definition: (key) => definitions.get(key),
    settle(shape) {
      let at = shape
      for (let hops = 0; 'ref' in at && !definitions.has(at.ref); hops++) {
        at = (hops < 8 && aliases.get(at.ref)) || { scalar: 'JSON' }
      }
      return at
    },
    nameOf,
    companionOf,
  }
}

/** Names that end like those of pages are for pages. */
function unlikePages(name: string): string {
  return /(?:Connection|Edge)$/.test(name) ? `${name}_` : name
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
