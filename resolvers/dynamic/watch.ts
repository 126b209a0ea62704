import { GraphQLObjectType, type GraphQLFieldConfig } from 'graphql'
import type { GraphqlContext } from '../context.ts'
import { asField } from '../event-streams.ts'
import { watchKind, type WatchFieldArgs } from '../live/watch.ts'
import type { CatalogKind } from './catalog.ts'
import { argumentsOf, filled, typed, type KindTools, type KindTypes } from './tools.ts'

/** The type of the events of a kind. */
export function changeType(
  { info, names }: CatalogKind,
  { type, connection }: Pick<KindTypes, 'type' | 'connection'>,
  { core }: KindTools,
): GraphQLObjectType {
  const config = typed(core, 'KubernetesObjectChange', GraphQLObjectType).toConfig()
  return new GraphQLObjectType({
    ...config,
    name: names.change,
    description: `An event of a watch of objects of kind ${info.kind}.`,
    fields: () => ({
      ...config.fields,
      object: { ...config.fields['object'], type },
      previous: { ...config.fields['previous'], type },
      rows: { ...config.fields['rows'], type: connection },
    }),
    astNode: null,
    extensionASTNodes: [],
  })
}

/** The subscription field that follows a kind. */
export function watchField(
  { info, names }: CatalogKind,
  { change }: KindTypes,
  { core }: KindTools,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  const without = info.namespaced ? ['kind'] : ['kind', 'namespaces', 'accessibleOnly']
  return {
    type: filled(change),
    description: `What happens to objects of kind ${info.kind} (${names.type}), as \`resourcesChanged\` tells it.`,
    args: argumentsOf(core, 'Subscription', 'resourcesChanged', without),
    subscribe: async (_root, args, context, field) => {
      // Of the types that the schema gives the arguments.
      const given = { accessibleOnly: false, ...(args as object) } as WatchFieldArgs
      const changes = await watchKind(context, info, given, field)
      return asField(names.watchField, changes)
    },
  }
}
