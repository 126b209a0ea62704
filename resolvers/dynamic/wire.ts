import {
  getNullableType,
  isInputObjectType,
  isListType,
  isScalarType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql'
import { wideInteger } from '../../gateway/lib/wide-json.ts'
import { EXTRA } from './fields.ts'

type Fields = Readonly<Record<string, unknown>>

interface Entry {
  readonly key: string
  readonly value?: unknown
}

/** What the input types of kinds say of themselves: how their values are written. */
export interface InputExtensions {
  /** An object with members that no field names. */
  readonly open?: boolean
  /** A member of a map. */
  readonly entry?: boolean
}

/** What a field of such a type says: its name in JSON. */
export interface InputFieldExtensions {
  readonly wire: string
}

function toWire(type: GraphQLInputType, value: unknown): unknown {
  if (value === null || value === undefined) return value
  const of = getNullableType(type)
  if (isScalarType(of)) {
    return of.name === 'Int64' && typeof value === 'string' ? wideInteger(value) : value
  }
  if (isListType(of)) {
    const items = value as readonly unknown[]
    const inner = getNullableType(of.ofType)
    return isInputObjectType(inner) && (inner.extensions as InputExtensions).entry
      ? mapToWire(inner, items as readonly Entry[])
      : items.map((item) => toWire(inner, item))
  }
  return isInputObjectType(of) ? objectToWire(of, value as Fields) : value
}

function mapToWire(type: GraphQLInputObjectType, entries: readonly Entry[]): Fields {
  const of = type.getFields()['value']
  return Object.fromEntries(
    entries.map(({ key, value = null }) => [key, of ? toWire(of.type, value) : value]),
  )
}

/**
 * Turns the value of a kind's input type into the JSON that the API server reads: names of the wire, entries as members,
 * wide integers as numbers. Null stays null and what is absent stays absent.
 */
export function objectToWire(type: GraphQLInputObjectType, value: Fields): Fields {
  const written: [string, unknown][] = []
  for (const { name, type: of, extensions } of Object.values(type.getFields())) {
    const { wire } = extensions as Partial<InputFieldExtensions>
    if (wire !== undefined && Object.hasOwn(value, name)) {
      written.push([wire, toWire(of, value[name])])
    }
  }
  const extra = (type.extensions as InputExtensions).open ? value[EXTRA] : undefined
  const more = extra && typeof extra === 'object' ? Object.entries(extra) : []
  return Object.fromEntries([...more, ...written])
}
