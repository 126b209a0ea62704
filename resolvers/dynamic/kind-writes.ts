import {
  GraphQLInputObjectType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLResolveInfo,
} from 'graphql'
import { groupVersion, type KindInfo, type KubeObject } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import { inputError } from '../errors.ts'
import {
  applyObject,
  createObject,
  deleteObject,
  patchObject,
  updateObject,
  type Payload,
  type Target,
  type Way,
} from '../object-writes.ts'
import { selects } from '../selects.ts'
import type {
  ApplyOptionsInput,
  DeleteOptionsInput,
  PatchInput,
  WriteOptionsInput,
} from '../types.generated.ts'
import type { CatalogKind } from './catalog.ts'
import { argumentsOf, filled, typed, type KindTools } from './tools.ts'
import { rootField } from './root-field.ts'
import { objectToWire } from './wire.ts'

export type WriteField = readonly [
  /** The verb that the kind must be served with. */
  verb: string,
  /** What the name of the field begins with. */
  name: string,
  field: GraphQLFieldConfig<unknown, GraphqlContext>,
]

/** The mutations of a kind. */
export function writeFields(
  kind: CatalogKind,
  node: GraphQLObjectType,
  { core, types }: KindTools,
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
  const inputType = types.inputObject(definition.key)
  const objectOf = (input: Readonly<Record<string, unknown>>) =>
    stamped(info, objectToWire(inputType, input))
  const written = {
    input: {
      type: new GraphQLNonNull(inputType),
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
  type Part = Pick<Way, 'subresource'>
  const wayOf = (of: GraphQLResolveInfo, subresource: Part['subresource']): Way => ({
    compare: selects(of, 'changed'),
    subresource,
  })
  // A kind without parts has no argument to choose one by.
  const parts = info.subresources?.status ? [] : ['subresource']
  const writing = (verb: string, field: string) => ({
    type: filled(payload),
    description: `${verb} an object of kind ${info.kind} (${names.type}).`,
    args: { ...written, ...argumentsOf(core, 'Mutation', field, ['object', ...parts]) },
  })
  return [
    [
      'create',
      'create',
      rootField({
        ...writing('Creates', 'createResource'),
        resolve: ({ input, options }: Input & { options?: WriteOptionsInput | null }, context) =>
          createObject(context, info, objectOf(input), options),
      }),
    ],
    [
      'patch',
      'apply',
      rootField({
        ...writing('Applies by server-side apply', 'applyResource'),
        resolve: (
          { input, options, subresource }: Input & Part & { options: ApplyOptionsInput },
          context,
          of,
        ) => applyObject(context, info, objectOf(input), options, wayOf(of, subresource)),
      }),
    ],
    [
      'update',
      'update',
      rootField({
        ...writing('Replaces', 'updateResource'),
        resolve: (
          { input, options, subresource }: Input & Part & { options?: WriteOptionsInput | null },
          context,
          of,
        ) => updateObject(context, info, objectOf(input), options, wayOf(of, subresource)),
      }),
    ],
    [
      'patch',
      'patch',
      rootField({
        ...writing('Changes by a patch', 'patchResource'),
        args: { ...target, ...argumentsOf(core, 'Mutation', 'patchResource', ['ref', ...parts]) },
        resolve: (
          {
            target: at,
            patch,
            options,
            subresource,
          }: Part & { target: Target; patch: PatchInput; options?: WriteOptionsInput | null },
          context,
          of,
        ) => patchObject(context, info, at, patch, options, wayOf(of, subresource)),
      }),
    ],
    [
      'delete',
      'delete',
      rootField({
        type: filled(typed(core, 'DeletePayload', GraphQLObjectType)),
        description: `Deletes an object of kind ${info.kind} (${names.type}).`,
        args: { ...target, ...argumentsOf(core, 'Mutation', 'deleteResource', ['ref']) },
        resolve: (
          { target: at, options }: { target: Target; options?: DeleteOptionsInput | null },
          context,
        ) => deleteObject(context, info, at, options),
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
