import type { JsonObject, ManagedFields } from './edit.ts'

/** A set of fields as `managedFields` has it: FieldsV1 of the Kubernetes API. */
export interface FieldSet {
  readonly fields: Map<string, FieldSet>
  /** Items of a list that is merged by keys, under the values of the keys. */
  readonly items: Map<string, FieldSet>
  /** The keys that the list is merged by. */
  keys: readonly string[] | undefined
}

const empty = (): FieldSet => ({ fields: new Map(), items: new Map(), keys: undefined })

function inner(map: Map<string, FieldSet>, key: string): FieldSet {
  const set = map.get(key) ?? empty()
  map.set(key, set)
  return set
}

function read(wire: JsonObject, into: FieldSet): void {
  for (const [key, value] of Object.entries(wire)) {
    const below = (value ?? {}) as JsonObject
    if (key.startsWith('f:')) read(below, inner(into.fields, key.slice(2)))
    else if (key.startsWith('k:')) {
      const id = JSON.parse(key.slice(2)) as JsonObject
      into.keys = Object.keys(id)
      read(below, inner(into.items, JSON.stringify(Object.values(id))))
    }
  }
}

/** Fields that any of these managers has. */
export function fieldsOf(managed: readonly ManagedFields[]): FieldSet {
  const set = empty()
  for (const { fieldsV1 } of managed) if (fieldsV1) read(fieldsV1, set)
  return set
}

/** The keys that a list is merged by; undefined for a list that is replaced as a whole, or is a set. */
export const keysOf = (set: FieldSet | undefined): readonly string[] | undefined => set?.keys
