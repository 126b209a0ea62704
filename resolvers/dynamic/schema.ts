import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLUnionType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLFieldConfigMap,
  type GraphQLNamedType,
} from 'graphql'
import type { KindInfo } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import type { KindIndex } from '../kind-index.ts'
import { createCatalog, type CatalogKind } from './catalog.ts'
import type { Compiled } from './definitions.ts'
import { propertyTable, standard } from './fields.ts'
import { edgeNames } from './edges.ts'
import { kindFields } from './kinds.ts'
import { kindTypes } from './kind-types.ts'
import { type KindTools, type KindTypes } from './tools.ts'
import { kindKey } from './names.ts'
import { createTypes, type CoreTypes } from './types.ts'
import { createWire } from './wire.ts'

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>

export interface MergeOptions {
  /** The hand-written schema with its resolvers. */
  readonly core: GraphQLSchema
  /** By group and version, in one fixed order. */
  readonly documents: readonly Compiled[]
  readonly kinds: readonly KindInfo[]
  /** Lets other work run; awaited between parts of the work. */
  readonly breathe: () => Promise<void>
  /** Told of each kind that could not be built. */
  readonly failed: (info: KindInfo, error: unknown) => void
  /** The text of the subgraph for `_service`. */
  readonly sdl: () => string
}

export interface MergedSchema {
  readonly schema: GraphQLSchema
  /** What each kind adds, in one fixed order. */
  readonly kinds: readonly KindSchema[]
}

/** What a kind adds to the schema, for those who print it. */
export interface KindSchema {
  readonly info: KindInfo
  readonly type: GraphQLObjectType
  readonly query: readonly string[]
  readonly mutation: readonly string[]
  readonly subscription: readonly string[]
}

/** Verbs of which a kind needs one to be of use in the graph. */
const useful = ['get', 'list', 'create', 'watch']

function coreTypes(core: GraphQLSchema): CoreTypes {
  return {
    scalar(name) {
      const type = core.getType(name)
      if (type instanceof GraphQLScalarType) return type
      throw new TypeError(`the schema has no scalar ${name}`)
    },
    object(name) {
      const type = core.getType(name)
      return isObjectType(type) ? type : undefined
    },
  }
}

type Root = 'Query' | 'Mutation' | 'Subscription'

function rootOf(core: GraphQLSchema, name: Root): GraphQLObjectType {
  const type = core.getType(name)
  if (!isObjectType(type)) throw new TypeError(`the schema has no ${name}`)
  return type
}

/** Names that the types of kinds may not have. */
function reservedNames(core: GraphQLSchema) {
  const fields = (['Query', 'Mutation', 'Subscription'] as const).flatMap((root) =>
    Object.keys(rootOf(core, root).getFields()),
  )
  return { types: Object.keys(core.getTypeMap()), fields }
}

/**
 * The hand-written schema with the types and root fields of every kind that has a schema: one executable schema, valid
 * by construction. Works in slices; a kind that cannot be built is left out and told of.
 */
export async function mergeKinds(options: MergeOptions): Promise<MergedSchema> {
  const { core, breathe, failed } = options
  const served = options.kinds.filter(({ verbs }) => useful.some((verb) => verbs.includes(verb)))
  const catalog = createCatalog(options.documents, served, reservedNames(core))
  await breathe()
  const own = [...Object.keys(genericFields(core)), ...edgeNames]
  const injected = new Set(own.filter((name) => !standard.has(name)))
  const table = propertyTable(catalog, injected)
  const types = createTypes(catalog, coreTypes(core), table)
  const tools: KindTools = {
    core,
    types,
    wire: createWire(catalog, table),
    kind: (group, resource) => preferred.get(`${group}/${resource}`),
  }
  const built = new Map<CatalogKind, KindTypes>()
  const preferred = new Map<string, KindTypes>()
  for (const kind of catalog.kinds) {
    const made = kindTypes(kind, tools)
    built.set(kind, made)
    const { group, resource } = kind.info
    if (kind.info.preferred) preferred.set(`${group}/${resource}`, made)
  }
  const query: Fields = {}
  const mutation: Fields = {}
  const subscription: Fields = {}
  const added: KindSchema[] = []
  const names = new Map(catalog.kinds.map((kind) => [kindKey(kind.info), kind.names]))
  const errors = new Map(catalog.shapeless.map((info) => [kindKey(info), 'the kind has no schema']))
  const seen = new Set<GraphQLNamedType>(Object.values(core.getTypeMap()))
  for (const [kind, made] of built) {
    const { info } = kind
    try {
      const fields = kindFields(kind, made, tools)
      await resolveFields(made.type, seen, breathe)
      for (const field of Object.values(Object.assign({}, ...Object.values(fields)) as Fields)) {
        await resolveFields(getNamedType(field.type), seen, breathe)
        for (const arg of Object.values(field.args ?? {})) {
          await resolveFields(getNamedType(arg.type), seen, breathe)
        }
      }
      Object.assign(query, fields.query)
      Object.assign(mutation, fields.mutation)
      Object.assign(subscription, fields.subscription)
      added.push({
        info,
        type: made.type,
        query: Object.keys(fields.query),
        mutation: Object.keys(fields.mutation),
        subscription: Object.keys(fields.subscription),
      })
    } catch (error) {
      names.delete(kindKey(info))
      errors.set(kindKey(info), error instanceof Error ? error.message : String(error))
      failed(info, error)
    }
  }
  const index: KindIndex = {
    names: (of) => names.get(kindKey(of)),
    error: (of) => errors.get(kindKey(of)),
  }
  await breathe()
  const parts = { query, mutation, subscription, types: added.map(({ type }) => type) }
  return {
    schema: assemble(core, parts, index, options.sdl),
    kinds: added,
  }
}

function genericFields(core: GraphQLSchema) {
  const generic = core.getType('GenericObject')
  if (!isObjectType(generic)) throw new TypeError('the schema has no GenericObject')
  return generic.getFields()
}

/** Works out the fields of everything that `root` leads to, so that making the schema has nothing left to do. */
async function resolveFields(
  root: GraphQLNamedType,
  seen: Set<GraphQLNamedType>,
  breathe: () => Promise<void>,
): Promise<void> {
  const todo = [root]
  for (let type = todo.pop(); type; type = todo.pop()) {
    if (seen.has(type)) continue
    seen.add(type)
    await breathe()
    if (isInputObjectType(type)) {
      todo.push(...Object.values(type.getFields()).map((field) => getNamedType(field.type)))
    } else if (isObjectType(type) || isInterfaceType(type)) {
      todo.push(...Object.values(type.getFields()).map((field) => getNamedType(field.type)))
    }
  }
}

function assemble(
  core: GraphQLSchema,
  added: {
    query: Fields
    mutation: Fields
    subscription: Fields
    types: readonly GraphQLObjectType[]
  },
  index: KindIndex,
  sdl: () => string,
): GraphQLSchema {
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
  for (const [name, root] of Object.entries(roots)) replaced.set(name, root)
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
