import { wideInteger } from '../../gateway/lib/wide-json.ts'
import type { Catalog } from './catalog.ts'
import type { Shape } from './definitions.ts'
import { EXTRA, type PropertyTable } from './fields.ts'

type Fields = Readonly<Record<string, unknown>>

interface Entry {
  readonly key: string
  readonly value?: unknown
}

/**
 * Turns the value of an input type into the JSON that the API server reads: names of the wire, entries as members, wide
 * integers as numbers. Null stays null and what is absent stays absent.
 */
export function createWire(catalog: Catalog, table: PropertyTable) {
  function toWire(shape: Shape, value: unknown): unknown {
    if (value === null || value === undefined) return value
    const at = catalog.settle(shape)
    if ('scalar' in at) {
      return at.scalar === 'Int64' && typeof value === 'string' ? wideInteger(value) : value
    }
    if ('list' in at) return (value as readonly unknown[]).map((item) => toWire(at.list, item))
    if ('map' in at) {
      const of = { ref: at.map }
      // Of plain values it is JSON, as it is read.
      if (!('ref' in catalog.settle(of))) return value
      const entries = value as readonly Entry[]
      return Object.fromEntries(
        entries.map((entry) => [entry.key, toWire(of, entry.value ?? null)]),
      )
    }
    return objectToWire(at.ref, value as Fields)
  }

  function objectToWire(key: string, value: Fields): Fields {
    const definition = catalog.definition(key)
    if (!definition) return value
    const written: [string, unknown][] = []
    for (const { name, wire, shape } of table(definition)) {
      if (Object.hasOwn(value, name)) written.push([wire, toWire(shape, value[name])])
    }
    const extra = definition.open ? value[EXTRA] : undefined
    const more = extra && typeof extra === 'object' ? Object.entries(extra) : []
    return Object.fromEntries([...more, ...written])
  }

  return { object: objectToWire }
}

export type Wire = ReturnType<typeof createWire>
