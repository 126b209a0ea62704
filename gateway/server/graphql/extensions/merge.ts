import {
  extendSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isTypeDefinitionNode,
  Kind,
  specifiedScalarTypes,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type TypeNode,
} from 'graphql'
import { inputError } from '../../../../resolvers/errors.ts'
import { fieldsOf } from './surface.ts'

/** A schema that shows the fields of extensions beside the platform's. */
export interface JoinedSchema {
  readonly schema: GraphQLSchema
  /** Whether a document, valid on `schema`, needs an extension. */
  touches(document: DocumentNode): boolean
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type)
}

const builtIn = new Set(specifiedScalarTypes.map(({ name }) => name))

/**
 * `additions` as far as they fit `base`, which may be newer than what they were made for: what the platform has itself by
 * now wins, and what an interface gets all its types get.
 */
function fitting(base: GraphQLSchema, additions: DocumentNode): DocumentNode {
  const fresh = additions.definitions.filter(
    (node) => isTypeDefinitionNode(node) && !base.getType(node.name.value),
  )
  const known = new Set([
    ...builtIn,
    ...fresh.flatMap((node) => ('name' in node && node.name ? [node.name.value] : [])),
  ])
  const exists = (type: TypeNode) => {
    const name = namedType(type)
    return known.has(name) || base.getType(name) !== undefined
  }
  const extended = new Map<string, Map<string, FieldDefinitionNode>>()
  const extend = (name: string, fields: readonly FieldDefinitionNode[]) => {
    const type = base.getType(name)
    if (!isObjectType(type) && !isInterfaceType(type)) return
    const of = extended.get(name) ?? new Map<string, FieldDefinitionNode>()
    extended.set(name, of)
    for (const field of fields) {
      const types = [field.type, ...(field.arguments ?? []).map((argument) => argument.type)]
      const has = field.name.value in type.getFields() || of.has(field.name.value)
      if (!has && types.every(exists)) of.set(field.name.value, field)
    }
  }
  const interfaces: DefinitionNode[] = []
  for (const node of additions.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_EXTENSION && node.kind !== Kind.INTERFACE_TYPE_EXTENSION) {
      continue
    }
    const name = node.name.value
    const fields = fieldsOf(node) as readonly FieldDefinitionNode[]
    extend(name, fields)
    const type = base.getType(name)
    if (isAbstractType(type)) {
      for (const possible of base.getPossibleTypes(type)) extend(possible.name, fields)
    }
    const implemented = (node.interfaces ?? []).filter(exists)
    if (type && implemented.length > 0) {
      interfaces.push({ kind: node.kind, name: node.name, interfaces: implemented })
    }
  }
  const extensions = [...extended].flatMap(([name, fields]): DefinitionNode[] => {
    if (fields.size === 0) return []
    const kind = isInterfaceType(base.getType(name))
      ? Kind.INTERFACE_TYPE_EXTENSION
      : Kind.OBJECT_TYPE_EXTENSION
    return [{ kind, name: { kind: Kind.NAME, value: name }, fields: [...fields.values()] }]
  })
  return { kind: Kind.DOCUMENT, definitions: [...fresh, ...extensions, ...interfaces] }
}

/** Joins what extensions add to the schema of the platform; `base` stays as it is. */
export function joinAdditions(base: GraphQLSchema, additions: DocumentNode): JoinedSchema {
  const fits = fitting(base, additions)
  const schema = extendSchema(base, fits, { assumeValid: true, assumeValidSDL: true })
  const types = new Set<string>()
  const fields = new Map<string, Set<string>>()
  const names = new Set<string>()
  for (const node of fits.definitions) {
    if (!('name' in node) || !node.name) continue
    const owner = node.name.value
    if (isTypeDefinitionNode(node)) {
      types.add(owner)
      continue
    }
    for (const { name } of 'fields' in node ? (node.fields ?? []) : []) {
      const of = fields.get(owner) ?? new Set<string>()
      fields.set(owner, of.add(name.value))
      names.add(name.value)
      const type = schema.getType(owner)
      if (!isObjectType(type)) continue
      const added = type.getFields()[name.value]
      if (added) added.resolve = refuse
    }
    for (const { name } of 'interfaces' in node ? (node.interfaces ?? []) : [])
      types.add(name.value)
  }
  const known = new WeakMap<DocumentNode, boolean>()
  return {
    schema,
    touches(document) {
      const before = known.get(document)
      if (before !== undefined) return before
      const found = mentions(document, names, types) && uses(schema, document, fields, types)
      known.set(document, found)
      return found
    },
  }
}

/** Resolver of an extension's field on the platform's own schema, where only subscriptions come across one. */
function refuse(): never {
  throw inputError('fields of extensions cannot be part of a subscription')
}

/** Whether a name that extensions brought stands in a document, whatever it means there. */
function mentions(
  document: DocumentNode,
  names: ReadonlySet<string>,
  types: ReadonlySet<string>,
): boolean {
  let found = false
  visit(document, {
    Field: ({ name }) => void (found ||= names.has(name.value)),
    NamedType: ({ name }) => void (found ||= types.has(name.value)),
  })
  return found
}

function uses(
  schema: GraphQLSchema,
  document: DocumentNode,
  fields: ReadonlyMap<string, ReadonlySet<string>>,
  types: ReadonlySet<string>,
): boolean {
  let found = false
  const info = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name }) {
        found ||= fields.get(info.getParentType()?.name ?? '')?.has(name.value) ?? false
      },
      NamedType: ({ name }) => void (found ||= types.has(name.value)),
    }),
  )
  return found
}
