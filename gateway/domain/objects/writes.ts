import { isDeepStrictEqual } from 'node:util'
import type { DeleteOptions, PatchOptions, WriteOptions } from '../../kube/api.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { badRequest, forbidden, isNotFound } from '../../lib/errors.ts'
import { APP_RELEASES, USERS, WORKSPACE_TEMPLATES } from '../names.ts'
import { attributes, type Operation, type OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import {
  demandAddress,
  demandPart,
  objectAttributes,
  placeOfObject,
  type Address,
} from './address.ts'
import { conflictsOf, type ApplyConflict } from './conflicts.ts'
import { visible } from './visible.ts'

export type Write = Pick<WriteOptions, 'dryRun' | 'fieldManager' | 'fieldValidation'>

/** What became of a write. */
export interface Written {
  /** Absent when there were conflicts. */
  readonly object: KubeObject | undefined
  readonly conflicts: readonly ApplyConflict[]
  /** What the API server warns of. */
  readonly warnings: readonly string[]
  /** Whether the object is another than before; undefined unless the caller had it compared. */
  readonly changed: boolean | undefined
}

export interface WriteArgs {
  readonly info: KindInfo
  readonly object: KubeObject
  readonly options: Write
  /** Reads the object before it is written, to tell whether it changed. */
  readonly compare?: boolean | undefined
  /** The part that is written; absent: all the rest. */
  readonly part?: 'status' | undefined
}

export interface ApplyArgs extends WriteArgs {
  readonly force: boolean
}

export interface PatchArgs extends Address, Pick<WriteArgs, 'options' | 'compare' | 'part'> {
  readonly patch: unknown
  readonly type: 'merge' | 'json' | 'strategic'
}

export interface DeleteArgs extends Address {
  readonly options: Pick<
    DeleteOptions,
    'dryRun' | 'propagationPolicy' | 'gracePeriodSeconds' | 'preconditions'
  >
}

/** What became of a deletion. */
export interface Removed {
  /** False while something still holds the object. */
  readonly gone: boolean
  readonly warnings: readonly string[]
}

/** Kinds whose writes the platform judges beyond RBAC; only those who hold everything write them as plain objects. */
const guarded = [USERS, WORKSPACE_TEMPLATES, APP_RELEASES]

export async function demandUnguarded(
  scope: OperationScope,
  { group, resource }: KindInfo,
): Promise<void> {
  if (!guarded.some((gvr) => gvr.group === group && gvr.resource === resource)) return
  const everything = attributes({ verb: '*', apiGroup: '*', resource: '*', scope: 'Global' })
  if (await scope.may(everything)) return
  throw forbidden(`${resource}.${group} are written through the mutations of the platform`)
}

function addressOf(info: KindInfo, object: KubeObject): Address {
  const address = { ...placeOfObject(info, object), name: object.metadata.name ?? '' }
  demandAddress(address)
  return address
}

/** The object as it is stored; undefined where there is none. */
async function stored(
  { cluster, signal }: OperationScope,
  { info, namespace, name }: Address,
): Promise<KubeObject | undefined> {
  try {
    return await cluster.client.get(info, name, { namespace: namespace || undefined, signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** What an object says, without what every write leaves behind. */
function content({ metadata, ...rest }: KubeObject): object {
  const { resourceVersion: _rv, managedFields: _managers, generation: _count, ...kept } = metadata
  return { ...rest, metadata: kept }
}

/** Does a write and waits until readers see it. `before` is what it may have changed; undefined: do not compare. */
export async function write(
  scope: OperationScope,
  { info, namespace }: Pick<Address, 'info' | 'namespace'>,
  options: Write,
  run: (at: WriteOptions) => Promise<KubeObject>,
  before?: { readonly object: KubeObject | undefined },
): Promise<Written> {
  const warnings: string[] = []
  const object = await run({
    ...options,
    namespace: namespace || undefined,
    signal: scope.signal,
    wide: true,
    onWarning: (text) => warnings.push(text),
  })
  if (!options.dryRun) await written(scope.cluster, info, object)
  const changed =
    before && !isDeepStrictEqual(before.object && content(before.object), content(object))
  return { object: visible(info, object), conflicts: [], warnings, changed }
}

async function beforeOf(
  scope: OperationScope,
  address: Address,
  compare: boolean | undefined,
): Promise<{ readonly object: KubeObject | undefined } | undefined> {
  return compare ? { object: await stored(scope, address) } : undefined
}

/** Creates an object of any kind. */
export const create: Operation<WriteArgs, Written> = {
  name: 'objects.create',
  ofCluster: true,
  needs: ({ info, object }) =>
    objectAttributes('create', { info, namespace: object.metadata.namespace ?? '' }),
  async run(scope, { info, object, options }) {
    const { namespace } = placeOfObject(info, object)
    await demandUnguarded(scope, info)
    const nothing = { object: undefined }
    return write(
      scope,
      { info, namespace },
      options,
      (at) => scope.cluster.client.create<KubeObject>(info, object, at),
      nothing,
    )
  },
}

/** Replaces an object of any kind. Throws ApiError 400 without a resourceVersion: nobody is overwritten unseen. */
export const update: Operation<WriteArgs, Written> = {
  name: 'objects.update',
  ofCluster: true,
  needs: ({ info, object: { metadata }, part }) =>
    objectAttributes('update', { info, namespace: metadata.namespace ?? '' }, metadata.name, part),
  async run(scope, { info, object, options, compare, part }) {
    const address = addressOf(info, object)
    if (part) demandPart(info, part, 'update')
    if (!object.metadata.resourceVersion) {
      throw badRequest('an update needs metadata.resourceVersion, as it was read')
    }
    await demandUnguarded(scope, info)
    const before = await beforeOf(scope, address, compare)
    const put = (at: WriteOptions) =>
      scope.cluster.client.update<KubeObject>(info, object, { ...at, subresource: part })
    return write(scope, address, options, put, before)
  },
}

/** An apply may create: whoever may only patch must not do so by the back door. */
async function demandCreateIfNew(scope: OperationScope, address: Address): Promise<void> {
  if (await scope.may(objectAttributes('create', address))) return
  if (await stored(scope, address)) return
  throw forbidden(`not allowed to create ${address.info.resource} "${address.name}"`)
}

/** Server-side apply; conflicts without `force` are part of the answer. */
export const apply: Operation<ApplyArgs, Written> = {
  name: 'objects.apply',
  ofCluster: true,
  needs: ({ info, object: { metadata }, part }) =>
    objectAttributes('patch', { info, namespace: metadata.namespace ?? '' }, metadata.name, part),
  async run(scope, { info, object, options, force, compare, part }) {
    const address = addressOf(info, object)
    if (part) demandPart(info, part, 'patch')
    await demandUnguarded(scope, info)
    // A part of what is not there is not created.
    if (!part) await demandCreateIfNew(scope, address)
    const before = await beforeOf(scope, address, compare)
    const { managedFields: _managers, ...metadata } = object.metadata
    const body = { ...object, metadata }
    const patched = (at: WriteOptions) =>
      scope.cluster.client.patch<KubeObject>(info, address.name, body, {
        ...at,
        type: 'apply',
        force,
        subresource: part,
      })
    try {
      return await write(scope, address, options, patched, before)
    } catch (error) {
      const conflicts = conflictsOf(error)
      if (!conflicts) throw error
      return { object: undefined, conflicts, warnings: [], changed: false }
    }
  },
}

/** A JSON merge patch, a JSON patch or a strategic merge patch. */
export const patch: Operation<PatchArgs, Written> = {
  name: 'objects.patch',
  ofCluster: true,
  needs: (args) => objectAttributes('patch', args, args.name, args.part),
  async run(scope, args) {
    demandAddress(args)
    const { info, name, type, options, compare, part } = args
    if (part) demandPart(info, part, 'patch')
    await demandUnguarded(scope, info)
    const before = await beforeOf(scope, args, compare)
    const patched = (at: WriteOptions) => {
      const how: PatchOptions = { ...at, type, subresource: part }
      return scope.cluster.client.patch<KubeObject>(info, name, args.patch, how)
    }
    return write(scope, args, options, patched, before)
  },
}

/** Deletes an object of any kind. */
export const remove: Operation<DeleteArgs, Removed> = {
  name: 'objects.delete',
  ofCluster: true,
  needs: (args) => objectAttributes('delete', args, args.name),
  async run(scope, args) {
    demandAddress(args)
    const { info, namespace, name, options } = args
    await demandUnguarded(scope, info)
    const cached = scope.cluster.caches.peek(info)?.get(namespace, name)
    const warnings: string[] = []
    const answer = await scope.cluster.client.delete(info, name, {
      ...options,
      namespace: namespace || undefined,
      signal: scope.signal,
      onWarning: (text) => warnings.push(text),
    })
    if (cached && !options.dryRun) await removed(scope.cluster, info, cached)
    const gone = answer.kind === 'Status' || answer.metadata?.deletionTimestamp === undefined
    return { gone, warnings }
  },
}
