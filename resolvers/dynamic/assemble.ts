import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLUnionType,
  isObjectType,
  type GraphQLFieldConfigMap,
  type GraphQLNamedType,
} from 'graphql'
import type { GraphqlContext } from '../context.ts'
import type { KindIndex } from '../kind-index.ts'

export type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>

/** Lets other work run, at the least after a slice of ours, and always before what is one by itself. */
export type Breathe = (before?: 'little' | 'a slice') => Promise<void>

export type Root = 'Query' | 'Mutation' | 'Subscription'

/** A root type of a schema. Throws TypeError where it has none. */
export function rootOf(core: GraphQLSchema, name: Root): GraphQLObjectType {
  const type = core.getType(name)
  if (!isObjectType(type)) throw new TypeError(`the schema has no ${name}`)
  return type
}

/**
 * The hand-written schema with more root fields and types: `index` says what kinds are called in it, `sdl` is the text of the
 * subgraph. In slices.
 */
export async function assemble(
  core: GraphQLSchema,
  added: {
    query: Fields
    mutation: Fields
    subscription: Fields
    types: readonly GraphQLObjectType[]
  },
  index: KindIndex,
  sdl: () => string,
  breathe: Breathe,
): Promise<GraphQLSchema> {
  const config = core.toConfig()
  const replaced = new Map<string, GraphQLNamedType>()
  const entities = core.getType('_Entity')
  const query = rootOf(core, 'Query').toConfig()
  const queryFields: Fields = { ...(query.fields as Fields), ...added.query }
  if (entities instanceof GraphQLUnionType && queryFields['_entities']) {
    const union = entities.toConfig()
    const wider = new GraphQLUnionType({ ...union, types: [...union.types, ...added.types] })
    replaced.set('_Entity', wider)
    queryFields['_entities'] = {
      ...queryFields['_entities'],
      type: new GraphQLNonNull(new GraphQLList(wider)),
    }
  }
  if (queryFields['_service']) {
    queryFields['_service'] = { ...queryFields['_service'], resolve: () => ({ sdl: sdl() }) }
  }
  const withFields = (name: Root, more: Fields) => {
    const root = rootOf(core, name).toConfig()
    return new GraphQLObjectType({ ...root, fields: { ...(root.fields as Fields), ...more } })
  }
  const roots = {
    Query: new GraphQLObjectType({ ...query, fields: queryFields }),
    Mutation: withFields('Mutation', added.mutation),
    Subscription: withFields('Subscription', added.subscription),
  }
  for (const [name, root] of Object.entries(roots)) {
    replaced.set(name, root)
    // Works them out here, so that making the schema has nothing left to do.
    root.getFields()
    await breathe('a slice')
  }
  return new GraphQLSchema({
    ...config,
    query: roots.Query,
    mutation: roots.Mutation,
    subscription: roots.Subscription,
    types: [...config.types.map((type) => replaced.get(type.name) ?? type), ...added.types],
    extensions: { ...config.extensions, kinds: index },
    assumeValid: true,
  })
}
