import { legalName } from './names.ts'
import type { Catalog } from './catalog.ts'
import type { Definition, Property } from './definitions.ts'

/** A property with its name in the graph. */
export interface NamedProperty extends Property {
  readonly name: string
}

/** Members that no property names, where a definition is open. */
export const EXTRA = '_extra'

/** What a kind already is in every schema; the rest of its properties give way to `injected` names. */
export const standard = new Set(['apiVersion', 'kind', 'metadata'])

/**
 * The properties of a definition under names that the graph allows. A name that is not legal is spelt with `_`, one that
 * is taken gets a number, in byte order of the originals; names in `injected` belong to the graph and end a property's
 * in `_`.
 */
export function namedProperties(
  { properties, open }: Definition,
  injected: ReadonlySet<string>,
): readonly NamedProperty[] {
  const taken = new Set(injected)
  if (open) taken.add(EXTRA)
  const legal = (wire: string) => legalName(wire) === wire
  // What is legal as it is keeps its name, whatever else there is.
  const sorted = properties.toSorted(
    (a, b) => Number(legal(b.wire)) - Number(legal(a.wire)) || (a.wire < b.wire ? -1 : 1),
  )
  return sorted.map((property) => {
    const wanted = legalName(property.wire)
    let name = taken.has(wanted) && legal(property.wire) ? `${wanted}_` : wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`
    taken.add(name)
    return { ...property, name }
  })
}

/** The named properties of the definitions of a catalog, worked out once each. */
export function propertyTable(catalog: Catalog, injected: ReadonlySet<string>) {
  const roots = new Set(catalog.kinds.map(({ definition }) => definition.key))
  const none: ReadonlySet<string> = new Set()
  const tables = new Map<string, readonly NamedProperty[]>()
  return (definition: Definition): readonly NamedProperty[] => {
    const known = tables.get(definition.key)
    if (known) return known
    const table = namedProperties(definition, roots.has(definition.key) ? injected : none)
    tables.set(definition.key, table)
    return table
  }
}

export type PropertyTable = ReturnType<typeof propertyTable>
