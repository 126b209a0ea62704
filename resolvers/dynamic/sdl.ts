import {
  GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  printType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import type { KindSchema } from './schema.ts'

/** Keys of the federation that the objects of a kind have. */
function keysOf({ info }: KindSchema): string {
  const place = info.namespaced ? 'namespace name' : 'name'
  return `@key(fields: "id") @key(fields: "cluster metadata { ${place} }")`
}

/** Everything that `roots` lead to and `known` does not have. */
function reachable(roots: readonly GraphQLNamedType[], known: GraphQLSchema): GraphQLNamedType[] {
  const found = new Map<string, GraphQLNamedType>()
  const todo = [...roots]
  for (let type = todo.pop(); type; type = todo.pop()) {
    if (found.has(type.name) || known.getType(type.name)) continue
    found.set(type.name, type)
    if (isInputObjectType(type)) {
      todo.push(...Object.values(type.getFields()).map((field) => getNamedType(field.type)))
    } else if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        todo.push(getNamedType(field.type), ...field.args.map((arg) => getNamedType(arg.type)))
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function rootWith(
  schema: GraphQLSchema,
  name: 'Query' | 'Mutation' | 'Subscription',
  fields: readonly string[],
) {
  const root = schema.getType(name)
  if (!(root instanceof GraphQLObjectType) || fields.length === 0) return undefined
  const all = root.toConfig().fields
  const chosen = Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field)))
  return new GraphQLObjectType({ name, fields: chosen })
}

/**
 * The SDL that `kinds` add to the hand-written schema `core`, with the keys of the federation: texts that a composer reads
 * behind the text of `core`, one for each type. Kinds of `all` that an edge leads to are types in it, too, without root
 * fields.
 */
export function* kindTexts(
  schema: GraphQLSchema,
  core: GraphQLSchema,
  kinds: readonly KindSchema[],
  all: readonly KindSchema[],
): Generator<string> {
  const roots = [
    rootWith(
      schema,
      'Query',
      kinds.flatMap(({ query }) => query),
    ),
    rootWith(
      schema,
      'Mutation',
      kinds.flatMap(({ mutation }) => mutation),
    ),
    rootWith(
      schema,
      'Subscription',
      kinds.flatMap(({ subscription }) => subscription),
    ),
  ].filter((root) => root !== undefined)
  const used = roots.flatMap((root) =>
    Object.values(root.getFields()).flatMap((field) => [
      getNamedType(field.type),
      ...field.args.map((arg) => getNamedType(arg.type)),
    ]),
  )
  const keys = new Map(all.map((kind) => [kind.type.name, keysOf(kind)]))
  const types = reachable([...kinds.map(({ type }) => type), ...used], core)
  for (const type of types) {
    const key = keys.get(type.name)
    const text = printType(type)
    yield key ? text.replace(/ \{$/m, ` ${key} {`) : text
  }
  for (const root of roots) yield `extend ${printType(root)}`
}
