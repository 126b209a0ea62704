import {
  GraphQLScalarType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import type { KindInfo } from '../../gateway/kube/types.ts'
import type { KindIndex } from '../kind-index.ts'
import { assemble, rootOf, type Breathe, type Fields } from './assemble.ts'
import { createCatalog, type CatalogKind } from './catalog.ts'
import type { Compiled } from './definitions.ts'
import { propertyTable, standard } from './fields.ts'
import { edgeNames } from './edges.ts'
import { kindFields, type KindFields } from './kinds.ts'
import { kindTypes } from './kind-types.ts'
import { type KindTools, type KindTypes } from './tools.ts'
import { kindKey } from './names.ts'
import { takenOver, type BuiltKind, type Merged } from './reuse.ts'
import { createTypes, type CoreTypes } from './types.ts'

export interface MergerOptions {
  /** The hand-written schema with its resolvers. */
  readonly core: GraphQLSchema
  /** Awaited between parts of the work. */
  readonly breathe: Breathe
  /** Told of each kind that could not be built. */
  readonly failed: (info: KindInfo, error: unknown) => void
  /** The text of the subgraph for `_service`. */
  readonly sdl: () => string
}

/** What the types of kinds are made of. */
export interface KindParts {
  /** By group and version, in one fixed order. */
  readonly documents: readonly Compiled[]
  readonly kinds: readonly KindInfo[]
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

/** Names that the types of kinds may not have. */
function reservedNames(core: GraphQLSchema) {
  const fields = (['Query', 'Mutation', 'Subscription'] as const).flatMap((root) =>
    Object.keys(rootOf(core, root).getFields()),
  )
  return { types: Object.keys(core.getTypeMap()), fields }
}

/**
 * Merges the hand-written schema with the types and root fields of every kind that has a schema: one executable schema, valid
 * by construction. Works in slices; a kind that cannot be built is left out and told of. What has not changed since the last
 * merge is taken over from it, as the same types.
 */
export function createMerger(options: MergerOptions): (parts: KindParts) => Promise<MergedSchema> {
  const { core, breathe, failed, sdl } = options
  const reserved = reservedNames(core)
  const injected = new Set(
    [...Object.keys(genericFields(core)), ...edgeNames].filter((name) => !standard.has(name)),
  )
  const inCore = new Set<GraphQLNamedType>(Object.values(core.getTypeMap()))
  let last: Merged | undefined

  return async (parts) => {
    const served = parts.kinds.filter(({ verbs }) => useful.some((verb) => verbs.includes(verb)))
    await breathe('a slice')
    const catalog = createCatalog(parts.documents, served, reserved)
    await breathe('a slice')
    const kept = takenOver(last, catalog)
    await breathe('a slice')
    const table = propertyTable(catalog, injected)
    const tools: KindTools = {
      core,
      types: createTypes(catalog, coreTypes(core), table, kept.made),
      kind: (group, resource) => preferred.get(`${group}/${resource}`),
    }
    const seen = new Set<GraphQLNamedType>(inCore)
    for (const { type } of kept.made.outputs.values()) seen.add(type)
    for (const { type } of kept.made.inputs.values()) seen.add(type)
    const types = new Map<CatalogKind, KindTypes>()
    const preferred = new Map<string, KindTypes>()
    for (const kind of catalog.kinds) {
      const made = kept.kinds.get(kindKey(kind.info))?.types ?? kindTypes(kind, tools)
      types.set(kind, made)
      const { group, resource } = kind.info
      if (kind.info.preferred) preferred.set(`${group}/${resource}`, made)
    }
    const built = new Map<string, BuiltKind>()
    const errors = new Map(
      catalog.shapeless.map((info) => [kindKey(info), 'the kind has no schema']),
    )
    for (const [kind, made] of types) {
      const key = kindKey(kind.info)
      const before = kept.kinds.get(key)
      try {
        if (before) built.set(key, before)
        else {
          const fields = kindFields(kind, made, tools)
          await resolveKind(made, fields, seen, breathe)
          built.set(key, { kind, types: made, fields })
        }
      } catch (error) {
        errors.set(key, error instanceof Error ? error.message : String(error))
        failed(kind.info, error)
      }
    }
    const index: KindIndex = {
      names: (of) => built.get(kindKey(of))?.kind.names,
      error: (of) => errors.get(kindKey(of)),
    }
    await breathe()
    const schema = await assemble(core, rootFields(built.values()), index, sdl, breathe)
    // What a failure left half done is of no use to the next merge.
    const whole = built.size === catalog.kinds.length
    last = whole ? { catalog, made: kept.made, kinds: built } : undefined
    return { schema, kinds: [...built.values()].map(addedBy) }
  }
}

function addedBy({ kind: { info }, types, fields }: BuiltKind): KindSchema {
  return {
    info,
    type: types.type,
    query: Object.keys(fields.query),
    mutation: Object.keys(fields.mutation),
    subscription: Object.keys(fields.subscription),
  }
}

function rootFields(kinds: Iterable<BuiltKind>) {
  const all = [...kinds]
  const merged = (root: keyof KindFields): Fields =>
    Object.assign({}, ...all.map(({ fields }) => fields[root])) as Fields
  return {
    query: merged('query'),
    mutation: merged('mutation'),
    subscription: merged('subscription'),
    types: all.map(({ types }) => types.type),
  }
}

/** Works out all types that a kind leads to. */
async function resolveKind(
  { type }: KindTypes,
  { query, mutation, subscription }: KindFields,
  seen: Set<GraphQLNamedType>,
  breathe: () => Promise<void>,
): Promise<void> {
  await resolveFields(type, seen, breathe)
  for (const field of Object.values({ ...query, ...mutation, ...subscription })) {
    await resolveFields(getNamedType(field.type), seen, breathe)
    for (const arg of Object.values(field.args ?? {})) {
      await resolveFields(getNamedType(arg.type), seen, breathe)
    }
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
