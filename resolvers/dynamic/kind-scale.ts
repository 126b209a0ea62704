import {
  GraphQLInputObjectType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfig,
} from 'graphql'
import type { GraphqlContext } from '../context.ts'
import type { ResourceObject } from '../models.ts'
import type { Target } from '../object-writes.ts'
import { scaleObject } from '../scales.ts'
import type { WriteOptionsInput } from '../types.generated.ts'
import type { CatalogKind } from './catalog.ts'
import { rootField } from './root-field.ts'
import { argumentsOf, filled, typed, type KindTools } from './tools.ts'

/** The edge of objects that have a scale: read of the API server for each that it is selected of. */
export function scaleEdge({ core }: KindTools): GraphQLFieldConfig<ResourceObject, GraphqlContext> {
  return {
    type: typed(core, 'Scale', GraphQLObjectType),
    description: 'How many copies are wanted, and how many there are.',
    resolve: ({ info, object: { metadata } }, _args, { loaders }) =>
      loaders.scales.load({
        info,
        namespace: metadata.namespace ?? '',
        name: metadata.name ?? '',
      }),
  }
}

/** The mutation that scales objects of a kind. */
export function scaleField(
  { info, names }: CatalogKind,
  { core }: KindTools,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  return rootField({
    type: filled(typed(core, 'ScalePayload', GraphQLObjectType)),
    description: `Says how many copies there shall be of an object of kind ${info.kind} (${names.type}).`,
    args: {
      target: {
        type: new GraphQLNonNull(typed(core, 'ObjectTarget', GraphQLInputObjectType)),
        description: 'Which object.',
      },
      ...argumentsOf(core, 'Mutation', 'scaleResource', ['ref']),
    },
    resolve: (
      {
        target,
        replicas,
        options,
      }: { target: Target; replicas: number; options?: WriteOptionsInput | null },
      context,
    ) => scaleObject(context, info, target, replicas, options),
  })
}
