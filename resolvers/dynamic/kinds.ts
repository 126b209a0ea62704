import {
  GraphQLNonNull,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  type GraphQLObjectType,
} from 'graphql'
import { isCached } from '../../gateway/domain/objects/index.ts'
import type { GraphqlContext } from '../context.ts'
import { foundOrNull } from '../loaders.ts'
import { readList, type ListObjectsArgs } from '../object-lists.ts'
import type { Target } from '../object-writes.ts'
import { loadObject, readObject } from '../objects.ts'
import type { CatalogKind } from './catalog.ts'
import { argumentsOf, filled, type KindTools, type KindTypes } from './tools.ts'
import { scaleField } from './kind-scale.ts'
import { writeFields } from './kind-writes.ts'
import { rootField } from './root-field.ts'
import { watchField } from './watch.ts'

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>

/** What a kind adds to the roots of the schema. */
export interface KindFields {
  readonly query: Fields
  readonly mutation: Fields
  readonly subscription: Fields
}

/** The root fields of one kind, by the verbs that it is served with. */
export function kindFields(kind: CatalogKind, types: KindTypes, tools: KindTools): KindFields {
  const { type, connection } = types
  const { info, names } = kind
  const serves = (verb: string) => info.verbs.includes(verb)
  const writes = writeFields(kind, type, tools).filter(([verb]) => serves(verb))
  return {
    query: {
      ...(serves('get') ? { [names.getField]: getField(kind, type) } : {}),
      ...(serves('list') ? { [names.listField]: listField(kind, connection, tools) } : {}),
    },
    mutation: {
      ...Object.fromEntries(writes.map(([, name, field]) => [name + names.type, field])),
      ...(info.subresources?.scale?.includes('patch')
        ? { [`scale${names.type}`]: scaleField(kind, tools) }
        : {}),
    },
    subscription: isCached(info) ? { [names.watchField]: watchField(kind, types, tools) } : {},
  }
}

const text = new GraphQLNonNull(GraphQLString)

function getField(
  { info, names }: CatalogKind,
  type: GraphQLObjectType,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  return rootField({
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
    resolve: async (args: Target & { readonly resourceVersion?: string | null }, context) => {
      const { group, version, resource } = info
      const { name, cluster, resourceVersion } = args
      const at = { group, version, resource, namespace: args.namespace ?? '', name }
      return resourceVersion
        ? foundOrNull(readObject(await context.at(cluster), { ...at, resourceVersion }))
        : loadObject(context, cluster ? { ...at, cluster } : at)
    },
  })
}

function listField(
  { info, names }: CatalogKind,
  connection: GraphQLObjectType,
  { core }: KindTools,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  const without = info.namespaced ? ['kind'] : ['kind', 'namespace']
  return rootField({
    type: filled(connection),
    description: `Objects of kind ${info.kind} (${names.type}).`,
    args: argumentsOf(core, 'Query', 'resources', without),
    resolve: (args: ListObjectsArgs, context) => readList(context, info, args),
  })
}
