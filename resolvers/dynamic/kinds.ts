import {
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql'
import { inputError } from '../errors.ts'
import { demandId } from '../ids.ts'
import type { GraphqlContext } from '../context.ts'
import type { ResourceObject } from '../models.ts'
import { loadObject, readObject } from '../objects.ts'
import { readList, type ListObjectsArgs } from '../object-lists.ts'
import {
  applyObject,
  createObject,
  deleteObject,
  patchObject,
  updateObject,
  type Payload,
  type Target,
} from '../object-writes.ts'
import { selects } from '../selects.ts'
import type {
  ApplyOptionsInput,
  DeleteOptionsInput,
  PatchInput,
  WriteOptionsInput,
} from '../types.generated.ts'
import { isNotFound } from '../../gateway/lib/errors.ts'
import { groupVersion, type KindInfo, type KubeObject } from '../../gateway/kube/types.ts'
import type { CatalogKind } from './catalog.ts'
import { standard } from './fields.ts'
import type { DynamicTypes } from './types.ts'
import type { Wire } from './wire.ts'

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>

/** What a kind adds to the schema. */
export interface KindParts {
  readonly type: GraphQLObjectType
  readonly query: Fields
  readonly mutation: Fields
}

export interface KindTools {
  /** The hand-written schema, with its resolvers. */
  readonly core: GraphQLSchema
  readonly types: DynamicTypes
  readonly wire: Wire
}

const text = new GraphQLNonNull(GraphQLString)

function typed<T extends GraphQLNamedType>(
  core: GraphQLSchema,
  name: string,
  is: abstract new (...args: never[]) => T,
): T {
  const type = core.getType(name)
  if (!(type instanceof is)) throw new TypeError(`the schema has no ${is.name} ${name}`)
  return type
}

/** Arguments of a root field of the hand-written schema, without those in `but`. */
function argumentsOf(
  core: GraphQLSchema,
  root: 'Query' | 'Mutation',
  field: string,
  but: readonly string[],
): GraphQLFieldConfigArgumentMap {
  const args = typed(core, root, GraphQLObjectType).toConfig().fields[field]?.args ?? {}
  return Object.fromEntries(Object.entries(args).filter(([name]) => !but.includes(name)))
}

/** A root field whose arguments have the types that the schema gives them. */
function rootField<Args>(
  field: Omit<GraphQLFieldConfig<unknown, GraphqlContext>, 'resolve'> & {
    resolve: (args: Args, context: GraphqlContext, info: GraphQLResolveInfo) => unknown
  },
): GraphQLFieldConfig<unknown, GraphqlContext> {
  const { resolve, ...rest } = field
  return { ...rest, resolve: (_root, args, context, info) => resolve(args as Args, context, info) }
}

/** The types and root fields of one kind, by the verbs that it is served with. */
export function kindParts(kind: CatalogKind, tools: KindTools): KindParts {
  const { info } = kind
  const type = objectType(kind, tools)
  const serves = (verb: string) => info.verbs.includes(verb)
  const query: Fields = {}
  const mutation: Fields = {}
  if (serves('get')) query[kind.names.getField] = getField(kind, type)
  if (serves('list')) query[kind.names.listField] = listField(kind, type, tools)
  const writes = writeFields(kind, type, tools)
  for (const [verb, name, field] of writes) {
    if (serves(verb)) mutation[name + kind.names.type] = field
  }
  return { type, query, mutation }
}

function objectType({ info, names, definition }: CatalogKind, { core, types }: KindTools) {
  const generic = typed(core, 'GenericObject', GraphQLObjectType).toConfig()
  const resolveReference = (reference: Reference, context: GraphqlContext) =>
    referenced(info, reference, context)
  return new GraphQLObjectType<ResourceObject, GraphqlContext>({
    name: names.type,
    description: definition.description ?? `An object of kind ${info.kind}.`,
    interfaces: [
      typed(core, 'KubernetesObject', GraphQLInterfaceType),
      typed(core, 'Node', GraphQLInterfaceType),
    ],
    extensions: { apollo: { subgraph: { resolveReference } } },
    fields: () => ({
      ...generic.fields,
      ...types.properties<ResourceObject>(definition, ({ object }) => object, standard),
    }),
  })
}

interface Reference {
  readonly id?: string
  readonly cluster?: string
  readonly metadata?: { readonly namespace?: string | null; readonly name?: string }
}

/** The object that a key of the federation names, if it is of this kind. */
function referenced(
  info: KindInfo,
  { id, cluster, metadata }: Reference,
  context: GraphqlContext,
): Promise<ResourceObject | null> | null {
  const { group, version, resource } = info
  if (id !== undefined) {
    const at = demandId(id)
    return at.group === group && at.resource === resource
      ? loadObject(context, { ...at, version })
      : null
  }
  if (!cluster || !metadata?.name) throw inputError(`a key of ${info.kind} needs cluster and name`)
  const namespace = metadata.namespace ?? ''
  return loadObject(context, { cluster, group, version, resource, namespace, name: metadata.name })
}

function getField(
  { info, names }: CatalogKind,
  type: GraphQLObjectType,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  return rootField<Target & { readonly resourceVersion?: string | null }>({
    type,
    description: `One object of kind ${info.kind} (${names.type}); null when there is none.`,
    args: {
      name: { type: text, description: 'Object name.' },
      ...(info.namespaced ? { namespace: { type: text, description: 'Namespace.' } } : {}),
      cluster: { type: GraphQLString, description: 'Cluster; the host cluster when absent.' },
      resourceVersion: {
        type: GraphQLString,
        description: 'The object must be at least as new as this version.',
      },
    },
    resolve: async ({ name, namespace, cluster, resourceVersion }, context) => {
      const at = { ...info, namespace: namespace ?? '', name }
      if (!resourceVersion) return loadObject(context, cluster ? { ...at, cluster } : at)
      const here = { ...at, cluster: cluster ?? context.ctx.cluster.name, resourceVersion }
      return readObject(context.app, context.ctx, here).catch((error: unknown) => {
        if (isNotFound(error)) return null
        throw error
      })
    },
  })
}

function listField(
  { info, names }: CatalogKind,
  node: GraphQLObjectType,
  { core }: KindTools,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  const edgeConfig = typed(core, 'KubernetesObjectEdge', GraphQLObjectType).toConfig()
  const edge = new GraphQLObjectType({
    ...edgeConfig,
    name: names.edge,
    description: `An object of kind ${info.kind} in a list.`,
    fields: { ...edgeConfig.fields, node: { ...edgeConfig.fields['node'], type: filled(node) } },
    astNode: null,
    extensionASTNodes: [],
  })
  const config = typed(core, 'KubernetesObjectConnection', GraphQLObjectType).toConfig()
  const connection = new GraphQLObjectType({
    ...config,
    name: names.connection,
    description: `A page of objects of kind ${info.kind}.`,
    fields: {
      ...config.fields,
      edges: { ...config.fields['edges'], type: filledList(edge) },
      nodes: { ...config.fields['nodes'], type: filledList(node) },
    },
    astNode: null,
    extensionASTNodes: [],
  })
  const without = info.namespaced ? ['kind'] : ['kind', 'namespace']
  return rootField<ListObjectsArgs>({
    type: filled(connection),
    description: `Objects of kind ${info.kind} (${names.type}).`,
    args: argumentsOf(core, 'Query', 'resources', without),
    resolve: (args, context) => readList(context, info, args),
  })
}

function filled<T extends GraphQLObjectType>(type: T): GraphQLNonNull<T> {
  return new GraphQLNonNull(type)
}

function filledList(type: GraphQLObjectType) {
  return new GraphQLNonNull(new GraphQLList(filled(type)))
}

type WriteField = readonly [
  verb: string,
  name: string,
  field: GraphQLFieldConfig<unknown, GraphqlContext>,
]

function writeFields(
  kind: CatalogKind,
  node: GraphQLObjectType,
  { core, types, wire }: KindTools,
): WriteField[] {
  const { info, names, definition } = kind
  const payloadConfig = typed(core, 'KubernetesObjectPayload', GraphQLObjectType).toConfig()
  const payload = new GraphQLObjectType<Payload, GraphqlContext>({
    ...payloadConfig,
    name: names.payload,
    description: `What a write of an object of kind ${info.kind} gives back.`,
    fields: {
      ...payloadConfig.fields,
      object: { ...payloadConfig.fields['object'], type: node },
    },
    astNode: null,
    extensionASTNodes: [],
  })
  const objectOf = (input: Readonly<Record<string, unknown>>) =>
    stamped(info, wire.object(definition.key, input))
  const written = {
    input: {
      type: new GraphQLNonNull(types.inputObject(definition.key)),
      description: 'The object; apiVersion and kind may be left out.',
    },
  }
  const target = {
    target: {
      type: new GraphQLNonNull(typed(core, 'ObjectTarget', GraphQLInputObjectType)),
      description: 'Which object.',
    },
  }
  type Input = { readonly input: Readonly<Record<string, unknown>> }
  const writing = (verb: string, field: string) => ({
    type: filled(payload),
    description: `${verb} an object of kind ${info.kind} (${names.type}).`,
    args: { ...written, ...argumentsOf(core, 'Mutation', field, ['object', 'ref']) },
  })
  return [
    [
      'create',
      'create',
      rootField<Input & { options?: WriteOptionsInput | null }>({
        ...writing('Creates', 'createResource'),
        resolve: ({ input, options }, context) =>
          createObject(context, info, objectOf(input), options),
      }),
    ],
    [
      'patch',
      'apply',
      rootField<Input & { options: ApplyOptionsInput }>({
        ...writing('Applies by server-side apply', 'applyResource'),
        resolve: ({ input, options }, context, of) =>
          applyObject(context, info, objectOf(input), options, selects(of, 'changed')),
      }),
    ],
    [
      'update',
      'update',
      rootField<Input & { options?: WriteOptionsInput | null }>({
        ...writing('Replaces', 'updateResource'),
        resolve: ({ input, options }, context, of) =>
          updateObject(context, info, objectOf(input), options, selects(of, 'changed')),
      }),
    ],
    [
      'patch',
      'patch',
      rootField<{ target: Target; patch: PatchInput; options?: WriteOptionsInput | null }>({
        ...writing('Changes by a patch', 'patchResource'),
        args: { ...target, ...argumentsOf(core, 'Mutation', 'patchResource', ['ref']) },
        resolve: ({ target: at, patch, options }, context, of) =>
          patchObject(context, info, at, patch, options, selects(of, 'changed')),
      }),
    ],
    [
      'delete',
      'delete',
      rootField<{ target: Target; options?: DeleteOptionsInput | null }>({
        type: filled(typed(core, 'DeletePayload', GraphQLObjectType)),
        description: `Deletes an object of kind ${info.kind} (${names.type}).`,
        args: { ...target, ...argumentsOf(core, 'Mutation', 'deleteResource', ['ref']) },
        resolve: ({ target: at, options }, context) => deleteObject(context, info, at, options),
      }),
    ],
  ]
}

/** The object with the kind that it is of. Throws BAD_USER_INPUT where it says another. */
function stamped(info: KindInfo, value: Readonly<Record<string, unknown>>): KubeObject {
  const apiVersion = groupVersion(info)
  for (const [key, own] of [
    ['apiVersion', apiVersion],
    ['kind', info.kind],
  ] as const) {
    const said = value[key]
    if (said !== undefined && said !== null && said !== own) {
      throw inputError(`"${key}" must be "${own}" here`)
    }
  }
  const metadata = value['metadata']
  return {
    ...value,
    apiVersion,
    kind: info.kind,
    metadata: metadata && typeof metadata === 'object' ? metadata : {},
  }
}
