import { objects, type WriteArgs, type Written } from '../gateway/domain/objects/index.ts'
import type { KindInfo, KubeObject } from '../gateway/kube/types.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import { encodeId } from './ids.ts'
import type { ResourceObject } from './models.ts'
import { kindOf, modelOf } from './objects.ts'
import type {
  ApplyOptionsInput,
  DeleteOptionsInput,
  PatchInput,
  Subresource,
  WriteOptionsInput,
} from './types.generated.ts'
import { onePatch, propagations, writeOptions } from './write-options.ts'

type Optional<T> = T | null | undefined

/** How an object is written, beside the options that every write has. */
export interface Way {
  /** Whether `changed` is asked for, which costs a read. */
  readonly compare: boolean
  /** The part that is written; nothing: the object but for such parts. */
  readonly subresource?: Optional<Subresource>
}

/** `way` as operations take it. */
function wayOf({ compare, subresource }: Way): Pick<WriteArgs, 'compare' | 'part'> {
  return { compare, part: subresource ? 'status' : undefined }
}

/** Where an object is, beside its kind. */
export interface Target {
  readonly cluster?: Optional<string>
  readonly namespace?: Optional<string>
  readonly name: string
}

/** What every write of an object answers. */
export interface Payload {
  readonly object: ResourceObject | null
  readonly warnings: readonly string[]
  readonly conflicts: readonly {
    readonly field: string
    readonly manager: string | null
    readonly message: string
  }[]
  readonly changed: boolean
}

function payload({ ctx }: GraphqlContext, info: KindInfo, written: Written): Payload {
  const { object, conflicts, warnings, changed = false } = written
  return {
    object: object ? modelOf(ctx, info, object) : null,
    conflicts: conflicts.map(({ manager = null, ...rest }) => ({ manager, ...rest })),
    warnings,
    changed,
  }
}

/** The kind that an object says it is of. Throws BAD_USER_INPUT for one that is not served. */
export function kindOfObject(
  context: GraphqlContext,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  cluster: Optional<string>,
): Promise<KindInfo> {
  const [version = '', group = ''] = apiVersion.split('/').toReversed()
  return kindOf(context, { group, version, kind, cluster })
}

/** Creates `object`. */
export async function createObject(
  context: GraphqlContext,
  info: KindInfo,
  object: KubeObject,
  options: Optional<WriteOptionsInput>,
): Promise<Payload> {
  const here = await context.at(options?.cluster)
  const args = { info, object, options: writeOptions(options) }
  return payload(here, info, await here.ctx.call(objects.create, args))
}

/** Replaces the stored object by `object`. */
export async function updateObject(
  context: GraphqlContext,
  info: KindInfo,
  object: KubeObject,
  options: Optional<WriteOptionsInput>,
  way: Way,
): Promise<Payload> {
  const here = await context.at(options?.cluster)
  const args = { info, object, options: writeOptions(options), ...wayOf(way) }
  return payload(here, info, await here.ctx.call(objects.update, args))
}

/** Server-side apply. */
export async function applyObject(
  context: GraphqlContext,
  info: KindInfo,
  object: KubeObject,
  options: ApplyOptionsInput,
  way: Way,
): Promise<Payload> {
  const here = await context.at(options.cluster)
  const force = options.force ?? false
  const args = { info, object, force, options: writeOptions(options), ...wayOf(way) }
  return payload(here, info, await here.ctx.call(objects.apply, args))
}

/** The cluster that target and options name. Throws BAD_USER_INPUT where they name two. */
export function oneCluster(target: Optional<string>, option: Optional<string>): Optional<string> {
  if (target && option && target !== option) {
    throw inputError('target and options name different clusters')
  }
  return target || option
}

/** Patches the object at `target`. */
export async function patchObject(
  context: GraphqlContext,
  info: KindInfo,
  { cluster, namespace, name }: Target,
  patch: PatchInput,
  options: Optional<WriteOptionsInput>,
  way: Way,
): Promise<Payload> {
  const here = await context.at(oneCluster(cluster, options?.cluster))
  const at = { info, namespace: namespace ?? '', name }
  const args = { ...at, ...onePatch(patch), options: writeOptions(options), ...wayOf(way) }
  return payload(here, info, await here.ctx.call(objects.patch, args))
}

/** Deletes the object at `target`. */
export async function deleteObject(
  context: GraphqlContext,
  info: KindInfo,
  { cluster, namespace, name }: Target,
  options: Optional<DeleteOptionsInput>,
): Promise<{ id: string; gone: boolean; warnings: readonly string[] }> {
  const { ctx } = await context.at(cluster)
  const { propagationPolicy, gracePeriodSeconds, preconditions, dryRun } = options ?? {}
  const at = { info, namespace: namespace ?? '', name }
  const { gone, warnings } = await ctx.call(objects.remove, {
    ...at,
    options: {
      dryRun: dryRun ?? false,
      propagationPolicy: propagationPolicy ? propagations[propagationPolicy] : undefined,
      gracePeriodSeconds:
        gracePeriodSeconds === undefined || gracePeriodSeconds === null
          ? undefined
          : Number(gracePeriodSeconds),
      preconditions: preconditions ? given(preconditions) : undefined,
    },
  })
  const { group, resource } = info
  const id = encodeId({ cluster: ctx.cluster.name, group, resource, namespace: at.namespace, name })
  return { id, gone, warnings }
}

function given({
  uid,
  resourceVersion,
}: {
  readonly uid?: Optional<string>
  readonly resourceVersion?: Optional<string>
}) {
  return { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) }
}
