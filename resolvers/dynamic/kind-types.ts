import { GraphQLInterfaceType, GraphQLList, GraphQLNonNull, GraphQLObjectType } from 'graphql'
import type { KindInfo } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import { inputError } from '../errors.ts'
import { demandId } from '../ids.ts'
import type { ResourceObject } from '../models.ts'
import { loadObject } from '../objects.ts'
import type { CatalogKind } from './catalog.ts'
import { edgeFields } from './edges.ts'
import { standard } from './fields.ts'
import { filled, typed, type KindTools, type KindTypes } from './tools.ts'
import { changeType } from './watch.ts'

function filledList(type: GraphQLObjectType) {
  return new GraphQLNonNull(new GraphQLList(filled(type)))
}

/** The object type of a kind, with its edges, and the types of its lists and watches. */
export function kindTypes(kind: CatalogKind, tools: KindTools): KindTypes {
  const type = objectType(kind, tools)
  const connection = connectionType(kind, type, tools)
  return { type, connection, change: changeType(kind, { type, connection }, tools) }
}

/** Out here like `referencesTo`, so that a type that stays does not keep all that it was made with. */
const plain = ({ object }: ResourceObject) => object

function objectType({ info, names, definition }: CatalogKind, tools: KindTools) {
  const { core, types } = tools
  const generic = typed(core, 'GenericObject', GraphQLObjectType).toConfig()
  return new GraphQLObjectType<ResourceObject, GraphqlContext>({
    name: names.type,
    description: definition.description ?? `An object of kind ${info.kind}.`,
    interfaces: [
      typed(core, 'KubernetesObject', GraphQLInterfaceType),
      typed(core, 'Node', GraphQLInterfaceType),
    ],
    extensions: { apollo: { subgraph: { resolveReference: referencesTo(info) } } },
    fields: () => ({
      ...types.properties<ResourceObject>(definition, plain, standard),
      ...edgeFields(info, tools),
      ...generic.fields,
    }),
  })
}

interface Reference {
  readonly id?: string
  readonly cluster?: string
  readonly metadata?: { readonly namespace?: string | null; readonly name?: string }
}

function referencesTo(info: KindInfo) {
  return (reference: Reference, context: GraphqlContext) => referenced(info, reference, context)
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

function connectionType(
  { info, names }: CatalogKind,
  node: GraphQLObjectType,
  { core }: KindTools,
) {
  const edgeConfig = typed(core, 'KubernetesObjectEdge', GraphQLObjectType).toConfig()
  const edge = new GraphQLObjectType({
    ...edgeConfig,
    name: names.edge,
    description: `An object of kind ${info.kind} in a list.`,
    fields: () => ({
      ...edgeConfig.fields,
      node: { ...edgeConfig.fields['node'], type: filled(node) },
    }),
    astNode: null,
    extensionASTNodes: [],
  })
  const config = typed(core, 'KubernetesObjectConnection', GraphQLObjectType).toConfig()
  return new GraphQLObjectType({
    ...config,
    name: names.connection,
    description: `A page of objects of kind ${info.kind}.`,
    fields: () => ({
      ...config.fields,
      edges: { ...config.fields['edges'], type: filledList(edge) },
      nodes: { ...config.fields['nodes'], type: filledList(node) },
    }),
    astNode: null,
    extensionASTNodes: [],
  })
}
