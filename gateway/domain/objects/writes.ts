import type { DeleteOptions, PatchOptions, WriteOptions } from '../../kube/api.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { ApiError, badRequest, forbidden, isNotFound } from '../../lib/errors.ts'
import { USERS, WORKSPACE_TEMPLATES } from '../names.ts'
import { attributes, type Operation, type OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import { demandAddress, objectAttributes, placeOfObject, type Address } from './address.ts'
import { visible } from './visible.ts'

type Write = Pick<WriteOptions, 'dryRun' | 'fieldManager' | 'fieldValidation'>

/** A field that somebody else owns, out of a refused apply. */
export interface ApplyConflict {
  readonly field: string
  readonly manager: string | undefined
  readonly message: string
}

export interface Applied {
  /** Absent when there were conflicts. */
  readonly object: KubeObject | undefined
  readonly conflicts: readonly ApplyConflict[]
}

export interface CreateArgs {
  readonly info: KindInfo
  readonly object: KubeObject
  readonly options: Write
}

export interface ApplyArgs extends CreateArgs {
  readonly force: boolean
}

export interface PatchArgs extends Address {
  readonly patch: unknown
  readonly type: 'merge' | 'json' | 'strategic'
  readonly options: Write
}

export interface DeleteArgs extends Address {
  readonly options: Pick<
    DeleteOptions,
    'dryRun' | 'propagationPolicy' | 'gracePeriodSeconds' | 'preconditions'
  >
}

/** Kinds whose writes the platform judges beyond RBAC; only those who hold everything write them as plain objects. */
const guarded = [USERS, WORKSPACE_TEMPLATES]

async function demandUnguarded(
  scope: OperationScope,
  { group, resource }: KindInfo,
): Promise<void> {
  if (!guarded.some((gvr) => gvr.group === group && gvr.resource === resource)) return
  const everything = attributes({ verb: '*', apiGroup: '*', resource: '*', scope: 'Global' })
  if (await scope.may(everything)) return
  throw forbidden(`${resource}.${group} are written through the mutations of the platform`)
}

function optionsAt(scope: OperationScope, namespace: string, options: Write): WriteOptions {
  return { ...options, namespace: namespace || undefined, signal: scope.signal }
}

function addressOf(info: KindInfo, object: KubeObject): Address {
  const address = { ...placeOfObject(info, object), name: object.metadata.name ?? '' }
  demandAddress(address)
  return address
}

async function settled(
  scope: OperationScope,
  info: KindInfo,
  object: KubeObject,
  dryRun: boolean | undefined,
): Promise<KubeObject> {
  if (!dryRun) await written(scope.cluster, info, object)
  return visible(info, object)
}

/** Creates an object of any kind. */
export const create: Operation<CreateArgs, KubeObject> = {
  name: 'objects.create',
  needs: ({ info, object }) =>
    objectAttributes('create', { info, namespace: object.metadata.namespace ?? '' }),
  async run(scope, { info, object, options }) {
    const { namespace } = placeOfObject(info, object)
    await demandUnguarded(scope, info)
    const at = optionsAt(scope, namespace, options)
    return settled(scope, info, await scope.cluster.client.create(info, object, at), options.dryRun)
  },
}

/** Conflicts of a server-side apply (Kubernetes documentation, "Server-Side Apply"), or undefined for another error. */
function conflictsOf(error: unknown): ApplyConflict[] | undefined {
  if (!(error instanceof ApiError) || error.code !== 409) return undefined
  const causes = (error.details?.causes ?? []).filter(
    ({ reason }) => reason === 'FieldManagerConflict',
  )
  if (causes.length === 0) return undefined
  return causes.map(({ field = '', message = '' }) => ({
    field,
    message,
    manager: /conflict with "([^"]*)"/.exec(message)?.[1],
  }))
}

/** An apply may create: whoever may only patch must not do so by the back door. */
async function demandCreateIfNew(scope: OperationScope, address: Address): Promise<void> {
  const { info, namespace, name } = address
  if (await scope.may(objectAttributes('create', address))) return
  try {
    await scope.cluster.client.get(info, name, {
      namespace: namespace || undefined,
      signal: scope.signal,
    })
  } catch (error) {
    if (isNotFound(error)) throw forbidden(`not allowed to create ${info.resource} "${name}"`)
    throw error
  }
}

/** Server-side apply; conflicts without `force` are part of the answer. */
export const apply: Operation<ApplyArgs, Applied> = {
  name: 'objects.apply',
  needs: ({ info, object: { metadata } }) =>
    objectAttributes('patch', { info, namespace: metadata.namespace ?? '' }, metadata.name),
  async run(scope, { info, object, options, force }) {
    const address = addressOf(info, object)
    await demandUnguarded(scope, info)
    await demandCreateIfNew(scope, address)
    const at: PatchOptions = {
      ...optionsAt(scope, address.namespace, options),
      type: 'apply',
      force,
    }
    try {
      const applied = await scope.cluster.client.patch<KubeObject>(info, address.name, object, at)
      const shown = await settled(scope, info, applied, options.dryRun)
      return { object: shown, conflicts: [] }
    } catch (error) {
      const conflicts = conflictsOf(error)
      if (!conflicts) throw error
      return { object: undefined, conflicts }
    }
  },
}

/** A JSON merge patch, a JSON patch or a strategic merge patch. */
export const patch: Operation<PatchArgs, KubeObject> = {
  name: 'objects.patch',
  needs: (args) => objectAttributes('patch', args, args.name),
  async run(scope, args) {
    demandAddress(args)
    const { info, namespace, name, type, options } = args
    await demandUnguarded(scope, info)
    const at: PatchOptions = { ...optionsAt(scope, namespace, options), type }
    const patched = await scope.cluster.client.patch<KubeObject>(info, name, args.patch, at)
    return settled(scope, info, patched, options.dryRun)
  },
}

/** Deletes an object of any kind; false while something still holds it. */
export const remove: Operation<DeleteArgs, boolean> = {
  name: 'objects.delete',
  needs: (args) => objectAttributes('delete', args, args.name),
  async run(scope, args) {
    demandAddress(args)
    const { info, namespace, name, options } = args
    await demandUnguarded(scope, info)
    const cached = scope.cluster.caches.peek(info)?.get(namespace, name)
    const answer = await scope.cluster.client.delete(info, name, {
      ...options,
      namespace: namespace || undefined,
      signal: scope.signal,
    })
    if (cached && !options.dryRun) await removed(scope.cluster, info, cached)
    return answer.kind === 'Status' || answer.metadata?.deletionTimestamp === undefined
  },
}

/** An object out of a JSON value. Throws ApiError 400 for anything else. */
export function objectFrom(value: unknown): KubeObject & { apiVersion: string; kind: string } {
  const object = value as Partial<KubeObject> | null
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw badRequest('an object is needed')
  }
  const { apiVersion, kind, metadata } = object
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !apiVersion || !kind) {
    throw badRequest('the object needs apiVersion and kind')
  }
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw badRequest('the object needs metadata')
  }
  for (const key of ['name', 'namespace'] as const) {
    const text: unknown = metadata[key]
    if (text !== undefined && typeof text !== 'string')
      throw badRequest(`metadata.${key} is no text`)
  }
  return { ...object, apiVersion, kind, metadata }
}
