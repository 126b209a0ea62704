import type { Store } from '../../kube/api.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { ApiError, badRequest, notFound } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { rowOf, type Row } from '../selection/index.ts'
import {
  demandAddress,
  demandPlace,
  objectAttributes,
  type Address,
  type Place,
} from './address.ts'
import { visible, visibleRows, whole } from './visible.ts'

/** All objects of a kind in one namespace or in all. */
export interface ObjectList {
  readonly rows: readonly Row[]
  readonly resourceVersion: string
  readonly fresh: 'CACHE' | 'LIVE'
}

export interface ListArgs extends Place {
  /** The list must be at least as new. */
  readonly resourceVersion?: string | undefined
}

/** Longest wait for a cache to reach a version, in milliseconds. */
const freshnessWait = 3000

/** Most objects of a kind that cannot be watched, and so is read from the API server each time. */
const liveLimit = 500

function cached({ verbs }: KindInfo): boolean {
  return verbs.includes('watch') && verbs.includes('list')
}

async function listCached(scope: OperationScope, args: ListArgs): Promise<ObjectList> {
  const { info, namespace, resourceVersion } = args
  const store = await scope.cluster.caches.store(info, scope.signal)
  if (resourceVersion) await reach(store, resourceVersion)
  const rows = visibleRows(info, store.entries(namespace || undefined))
  return { rows, resourceVersion: store.resourceVersion, fresh: 'CACHE' }
}

async function reach(store: Store, version: string): Promise<void> {
  if (!/^\d+$/.test(version)) throw badRequest(`"${version}" is not a resource version`)
  try {
    await store.waitFor(version, freshnessWait)
  } catch (error) {
    throw new ApiError(504, 'Timeout', `version ${version} has not been reached`, { cause: error })
  }
}

async function listLive(scope: OperationScope, { info, namespace }: Place): Promise<ObjectList> {
  const { items, metadata } = await scope.cluster.client.list(info, {
    namespace: namespace || undefined,
    limit: liveLimit,
    signal: scope.signal,
    wide: true,
  })
  if (metadata.continue) {
    throw badRequest(
      `there are more than ${liveLimit} objects of kind ${info.kind}: name a namespace`,
    )
  }
  const { group, version, kind } = info
  const apiVersion = group ? `${group}/${version}` : version
  const rows = items.map((item) => rowOf(visible(info, { apiVersion, kind, ...item })))
  return { rows, resourceVersion: metadata.resourceVersion ?? '', fresh: 'LIVE' }
}

/** Objects of any kind, from the watch cache where the kind can be watched. */
export const list: Operation<ListArgs, ObjectList> = {
  name: 'objects.list',
  needs: (args) => objectAttributes('list', args),
  async run(scope, args) {
    demandPlace(args, true)
    if (!args.info.verbs.includes('list')) {
      throw new ApiError(405, 'MethodNotAllowed', `objects of kind ${args.info.kind} have no list`)
    }
    return cached(args.info) ? listCached(scope, args) : listLive(scope, args)
  },
}

export interface GetArgs extends Address {
  /** The object must be at least as new. */
  readonly resourceVersion?: string | undefined
}

/** One object of any kind. Throws ApiError 404. */
export const get: Operation<GetArgs, KubeObject> = {
  name: 'objects.get',
  needs: (address) => objectAttributes('get', address, address.name),
  async run(scope, address) {
    demandAddress(address)
    const { info, namespace, name, resourceVersion } = address
    if (cached(info)) {
      const store = await scope.cluster.caches.store(info, scope.signal)
      if (resourceVersion) await reach(store, resourceVersion)
      const entry = store.get(namespace, name)
      if (!entry) throw notFound(info.group, info.resource, name)
      return visible(info, whole(entry))
    }
    const at = { namespace: namespace || undefined, signal: scope.signal, wide: true }
    return visible(info, await scope.cluster.client.get(info, name, at))
  },
}
