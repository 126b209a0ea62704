import {
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import type { DynamicTypes } from './types.ts'

/** The types that lists and watches of a kind are made of. */
export interface KindTypes {
  readonly type: GraphQLObjectType
  readonly connection: GraphQLObjectType
  readonly change: GraphQLObjectType
}

export interface KindTools {
  /** The hand-written schema, with its resolvers. */
  readonly core: GraphQLSchema
  readonly types: DynamicTypes
  /** The types of another kind in the version that its group prefers; undefined where the graph does not have it. */
  readonly kind: (group: string, resource: string) => KindTypes | undefined
}

/** A type of the hand-written schema. Throws TypeError where it is missing or of another sort. */
export function typed<T extends GraphQLNamedType>(
  core: GraphQLSchema,
  name: string,
  is: abstract new (...args: never[]) => T,
): T {
  const type = core.getType(name)
  if (!(type instanceof is)) throw new TypeError(`the schema has no ${is.name} ${name}`)
  return type
}

/** Arguments of a field of the hand-written schema, without those in `but`. */
export function argumentsOf(
  core: GraphQLSchema,
  type: string,
  field: string,
  but: readonly string[] = [],
): GraphQLFieldConfigArgumentMap {
  const args = typed(core, type, GraphQLObjectType).toConfig().fields[field]?.args ?? {}
  return Object.fromEntries(Object.entries(args).filter(([name]) => !but.includes(name)))
}

export function filled<T extends GraphQLObjectType>(type: T): GraphQLNonNull<T> {
  return new GraphQLNonNull(type)
}
