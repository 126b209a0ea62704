import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  type GraphQLInputFieldConfigMap,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLScalarType,
} from 'graphql'
import { wideDigits } from '../../gateway/lib/wide-json.ts'
import type { GraphqlContext } from '../context.ts'
import type { Catalog } from './catalog.ts'
import type { Definition, ScalarName, Shape } from './definitions.ts'
import { EXTRA, type NamedProperty, type PropertyTable } from './fields.ts'
import type { InputExtensions, InputFieldExtensions } from './wire.ts'

type Read<Source> = (source: Source) => unknown

/** What the hand-written schema lends to the types of kinds. */
export interface CoreTypes {
  scalar(name: string): GraphQLScalarType
  /** A type for values of metadata that both parts of the schema share. */
  object(name: string): GraphQLObjectType | undefined
}

/** A type that is made, and the definition that it follows from. */
export interface Made<T> {
  readonly type: T
  readonly of: string
}

/** Types by their names, some of them of an earlier schema. */
export interface MadeTypes {
  readonly outputs: Map<string, Made<GraphQLObjectType>>
  readonly inputs: Map<string, Made<GraphQLInputObjectType>>
}

export interface DynamicTypes {
  /** The type of values of a shape. */
  output(shape: Shape): GraphQLOutputType
  input(shape: Shape): GraphQLInputType
  /** Fields of an object's own properties; `read` finds the plain object in what a resolver gets. */
  properties<Source>(
    definition: Definition,
    read: Read<Source>,
    leave?: ReadonlySet<string>,
  ): GraphQLFieldConfigMap<Source, GraphqlContext>
  /** The input type of a definition. */
  inputObject(key: string): GraphQLInputObjectType
}

const builtIn: Readonly<Partial<Record<ScalarName, GraphQLScalarType>>> = {
  String: GraphQLString,
  Boolean: GraphQLBoolean,
  Int: GraphQLInt,
  Float: GraphQLFloat,
}

function member(value: unknown, wire: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, wire)
    ? (value as Record<string, unknown>)[wire]
    : undefined
}

/** Entries of an object in the order of keys. */
function entriesOf(value: unknown): { key: string; value: unknown }[] | null {
  if (value === null || typeof value !== 'object') return null
  const entries = Object.entries(value).map(([key, of]) => ({ key, value: of as unknown }))
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** A double of more digits than a double has. */
function narrow(value: unknown): unknown {
  const digits = wideDigits(value)
  return digits === undefined ? value : Number(digits)
}

const itself = (source: unknown): unknown => source

/** Resolves a property; of nothing else than what it is given, since it may outlive the schema that it is made for. */
function resolverOf<Source>(read: Read<Source>, wire: string, show: Read<unknown> | undefined) {
  return show
    ? (source: Source) => show(member(read(source), wire))
    : (source: Source) => member(read(source), wire)
}

/** Resolves what no property in `known` names. */
function restOf<Source>(read: Read<Source>, known: ReadonlySet<string>) {
  return (source: Source) => {
    const value = read(source)
    if (value === null || typeof value !== 'object') return null
    const rest = Object.entries(value).filter(([wire]) => !known.has(wire))
    return rest.length > 0 ? Object.fromEntries(rest) : null
  }
}

function eachOf(show: Read<unknown>): Read<unknown> {
  return (value) => (Array.isArray(value) ? value.map(show) : value)
}

/**
 * The types of a catalog's definitions, each made when it is first asked for, its fields when they are: recursion is
 * kept as it is. Outputs are nullable, since an old object may lack what a schema requires, and inputs are, since the
 * API server validates.
 */
export function createTypes(
  catalog: Catalog,
  core: CoreTypes,
  table: PropertyTable,
  made: MadeTypes = { outputs: new Map(), inputs: new Map() },
): DynamicTypes {
  const { outputs, inputs } = made
  const roots = new Set(catalog.kinds.map(({ definition }) => definition.key))
  const scalarOf = (name: ScalarName) => builtIn[name] ?? core.scalar(name)

  function once<T>(types: Map<string, Made<T>>, name: string, of: string, make: () => T): T {
    const known = types.get(name)
    if (known) return known.type
    const type = make()
    types.set(name, { type, of })
    return type
  }

  function output(shape: Shape): GraphQLOutputType {
    const at = catalog.settle(shape)
    if ('scalar' in at) return scalarOf(at.scalar)
    if ('list' in at) return new GraphQLList(new GraphQLNonNull(output(at.list)))
    if ('ref' in at) return objectType(at.ref)
    const values = catalog.settle({ ref: at.map })
    if (!('ref' in values)) return core.scalar('JSON')
    return new GraphQLList(new GraphQLNonNull(entryType(at.map, values.ref)))
  }

  function input(shape: Shape): GraphQLInputType {
    const at = catalog.settle(shape)
    if ('scalar' in at) return scalarOf(at.scalar)
    if ('list' in at) return new GraphQLList(new GraphQLNonNull(input(at.list)))
    if ('ref' in at) return inputObject(at.ref)
    const values = catalog.settle({ ref: at.map })
    if (!('ref' in values)) return core.scalar('JSON')
    return new GraphQLList(new GraphQLNonNull(entryInput(at.map, values.ref)))
  }

  function entryType(key: string, of: string): GraphQLObjectType {
    const name = catalog.companionOf(key, 'MapEntry')
    return once(outputs, name, of, () => {
      return new GraphQLObjectType({
        name,
        description: 'A member of a map.',
        fields: () => ({
          key: { type: new GraphQLNonNull(GraphQLString), description: 'Its key.' },
          value: { type: objectType(of), description: 'Its value.' },
        }),
      })
    })
  }

  function entryInput(key: string, of: string): GraphQLInputObjectType {
    const name = catalog.companionOf(key, 'MapEntryInput')
    return once(inputs, name, of, () => {
      return new GraphQLInputObjectType({
        name,
        description: 'A member of a map.',
        extensions: { entry: true } satisfies InputExtensions,
        fields: () => ({
          key: { type: new GraphQLNonNull(GraphQLString), description: 'Its key.' },
          value: { type: inputObject(of), description: 'Its value.' },
        }),
      })
    })
  }

  function objectType(key: string): GraphQLObjectType {
    const definition = catalog.definition(key)
    // An object inside of another has no id and no place: it is not of the kind's own type.
    const name = roots.has(key) ? catalog.companionOf(key, 'Value') : catalog.nameOf(key)
    return once(outputs, name, key, () => {
      const shared = core.object(name)
      if (shared) return shared
      return new GraphQLObjectType({
        name,
        description: definition?.description,
        fields: () => (definition ? properties(definition, itself) : {}),
      })
    })
  }

  function inputObject(key: string): GraphQLInputObjectType {
    const definition = catalog.definition(key)
    const name = catalog.companionOf(key, 'Input')
    return once(inputs, name, key, () => {
      return new GraphQLInputObjectType({
        name,
        description: definition?.description,
        extensions: { open: definition?.open === true } satisfies InputExtensions,
        fields: () => (definition ? inputFields(definition) : {}),
      })
    })
  }

  function inputFields(definition: Definition): GraphQLInputFieldConfigMap {
    const fields: GraphQLInputFieldConfigMap = {}
    for (const { name, wire, shape, description } of table(definition)) {
      const extensions = { wire } satisfies InputFieldExtensions
      fields[name] = { type: input(shape), description, extensions }
    }
    if (definition.open) {
      fields[EXTRA] = { type: core.scalar('JSON'), description: 'Members without a field.' }
    }
    return fields
  }

  function properties<Source>(
    definition: Definition,
    read: Read<Source>,
    leave?: ReadonlySet<string>,
  ): GraphQLFieldConfigMap<Source, GraphqlContext> {
    const fields: GraphQLFieldConfigMap<Source, GraphqlContext> = {}
    const named = table(definition)
    for (const property of named) {
      if (!leave?.has(property.wire)) fields[property.name] = field(property, read)
    }
    if (!definition.open) return fields
    const known = new Set([...named.map(({ wire }) => wire), ...(leave ?? [])])
    fields[EXTRA] = {
      type: core.scalar('JSON'),
      description: 'Members without a field.',
      resolve: restOf(read, known),
    }
    return fields
  }

  function field<Source>(
    { wire, shape, description }: NamedProperty,
    read: Read<Source>,
  ): GraphQLFieldConfig<Source, GraphqlContext> {
    return {
      type: output(shape),
      description,
      resolve: resolverOf(read, wire, projection(shape)),
    }
  }

  /** How values of a shape differ from their JSON, if they do. */
  function projection(shape: Shape): Read<unknown> | undefined {
    const at = catalog.settle(shape)
    if ('map' in at) return 'ref' in catalog.settle({ ref: at.map }) ? entriesOf : undefined
    if ('scalar' in at) return at.scalar === 'Float' ? narrow : undefined
    const inner = 'list' in at ? projection(at.list) : undefined
    return inner && eachOf(inner)
  }

  return { output, input, properties, inputObject }
}
