import type { Catalog, CatalogKind } from './catalog.ts'
import type { Definition, Shape } from './definitions.ts'
import type { KindFields } from './kinds.ts'
import { kindKey } from './names.ts'
import type { KindTypes } from './tools.ts'
import type { Made, MadeTypes } from './types.ts'

/** A kind whose types are all worked out. */
export interface BuiltKind {
  readonly kind: CatalogKind
  readonly types: KindTypes
  readonly fields: KindFields
}

/** What a schema was made of. */
export interface Merged {
  readonly catalog: Catalog
  readonly made: MadeTypes
  /** By `kindKey`. */
  readonly kinds: ReadonlyMap<string, BuiltKind>
}

/** What the next schema takes over: of `made`, more may be added to it. */
export interface TakenOver {
  readonly made: MadeTypes
  readonly kinds: ReadonlyMap<string, BuiltKind>
}

/** Words of types that follow from a definition. */
const words = ['Input', 'MapEntry', 'MapEntryInput'] as const

function rootsOf({ kinds }: Catalog): ReadonlySet<string> {
  return new Set(kinds.map(({ definition }) => definition.key))
}

/** The name that a shape leads to, if it leads to one. */
function leafOf(shape: Shape): string | undefined {
  if ('ref' in shape) return shape.ref
  if ('map' in shape) return shape.map
  return 'list' in shape ? leafOf(shape.list) : undefined
}

/** A shape in full, down to definitions and scalars; `leads` is told of the definitions. */
function outline(catalog: Catalog, shape: Shape, leads: (key: string) => void): string {
  const at = catalog.settle(shape)
  if ('scalar' in at) return at.scalar
  if ('list' in at) return `[${outline(catalog, at.list, leads)}]`
  if ('map' in at) return `{${at.map}: ${outline(catalog, { ref: at.map }, leads)}}`
  leads(at.ref)
  return at.ref
}

/**
 * Definitions that are the same in two catalogs, that are called the same, and that lead to nothing but such: what is made of
 * them in one is right in the other.
 */
function unchanged(before: Catalog, now: Catalog): ReadonlySet<string> {
  const roots = { before: rootsOf(before), now: rootsOf(now) }
  const same = new Set<string>()
  const changed: string[] = []
  const users = new Map<string, string[]>()

  function isSame(key: string, definition: Definition): boolean {
    const root = roots.now.has(key)
    return (
      before.definitions.get(key) === definition &&
      roots.before.has(key) === root &&
      before.nameOf(key) === now.nameOf(key) &&
      words.every((word) => before.companionOf(key, word) === now.companionOf(key, word)) &&
      (!root || before.companionOf(key, 'Value') === now.companionOf(key, 'Value'))
    )
  }

  /** Notes what a definition leads to; false where that is not what it was. */
  function leadsOn(key: string, { properties }: Definition): boolean {
    const uses = (of: string) => {
      const known = users.get(of)
      if (known) known.push(key)
      else users.set(of, [key])
    }
    return properties.every(({ shape }) => {
      const leaf = leafOf(shape)
      if (leaf === undefined) return true
      if (before.definitions.has(leaf) && now.definitions.has(leaf)) {
        uses(leaf)
        return true
      }
      return outline(before, shape, () => {}) === outline(now, shape, uses)
    })
  }

  for (const [key, definition] of now.definitions) {
    if (isSame(key, definition) && leadsOn(key, definition)) same.add(key)
    else changed.push(key)
  }
  for (let key = changed.pop(); key !== undefined; key = changed.pop()) {
    for (const user of users.get(key) ?? []) if (same.delete(user)) changed.push(user)
  }
  return same
}

function kept<T>(types: ReadonlyMap<string, Made<T>>, same: ReadonlySet<string>) {
  return new Map([...types].filter(([, { of }]) => same.has(of)))
}

function keptKinds(
  { kinds }: Merged,
  now: Catalog,
  same: ReadonlySet<string>,
): ReadonlyMap<string, BuiltKind> {
  const found = new Map<string, BuiltKind>()
  for (const { info, names, definition } of now.kinds) {
    const before = kinds.get(kindKey(info))
    if (!before || !same.has(definition.key)) continue
    const is = JSON.stringify([info, names])
    if (is === JSON.stringify([before.kind.info, before.kind.names])) {
      found.set(kindKey(info), before)
    }
  }
  // Edges of kinds lead to those of the core group: with one of them, all are made anew.
  const isCore = ({ info }: CatalogKind) => info.group === ''
  const core = {
    now: now.kinds.filter(isCore),
    before: [...kinds.values()].filter(({ kind }) => isCore(kind)),
  }
  const stands =
    core.now.length === core.before.length && core.now.every(({ info }) => found.has(kindKey(info)))
  return stands ? found : new Map()
}

/** What of the last schema is right in one of `now`; nothing without a last one. */
export function takenOver(last: Merged | undefined, now: Catalog): TakenOver {
  if (!last) return { made: { outputs: new Map(), inputs: new Map() }, kinds: new Map() }
  const same = unchanged(last.catalog, now)
  return {
    made: { outputs: kept(last.made.outputs, same), inputs: kept(last.made.inputs, same) },
    kinds: keptKinds(last, now, same),
  }
}
