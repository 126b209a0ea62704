import type { Store } from '../../kube/api.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { ApiError, badRequest, notFound } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { rowOf, type Row, type Sorted, type Texts } from '../selection/index.ts'
import {
  demandAddress,
  demandPlace,
  objectAttributes,
  type Address,
  type Place,
} from './address.ts'
import { listWhole } from './live.ts'
import { orderedRows, textsOf, type Arrangement } from './ordered.ts'
import { visible, visibleRows, whole } from './visible.ts'

/** How to read. */
export interface Reading {
  /** From the API server, even where a watch cache could be asked. */
  readonly live?: boolean | undefined
}

/** All objects of a kind in one namespace or in all. */
export interface ObjectList {
  /** In no order. */
  readonly rows: readonly Row[]
  /** Filtered and in the order that is asked for, where that costs less than to sort `rows`. */
  arranged?(of: Arrangement): Promise<Sorted<Row> | undefined>
  /** Where its rows have their texts. Default: out of their objects. */
  readonly texts?: Texts | undefined
  readonly resourceVersion: string
  readonly fresh: 'CACHE' | 'LIVE'
}

export interface ListArgs extends Place, Reading {
  /** The list must be at least as new. */
  readonly resourceVersion?: string | undefined
}

export interface GetArgs extends Address, Reading {
  /** The object must be at least as new. */
  readonly resourceVersion?: string | undefined
}

/** Longest wait for a cache to reach a version, in milliseconds. */
const freshnessWait = 3000

/** Whether objects of a kind can be followed by a watch cache. */
export function isCached({ verbs }: KindInfo): boolean {
  return verbs.includes('watch') && verbs.includes('list')
}

async function listCached(scope: OperationScope, args: ListArgs): Promise<ObjectList> {
  const { info, resourceVersion } = args
  const store = await scope.cluster.caches.store(info, scope.signal)
  if (resourceVersion && !(await reaches(store, resourceVersion))) return listLive(scope, args)
  return new CachedList(store, args)
}

/** What is in a cache, looked at when somebody asks: most lists take a page of it. */
class CachedList implements ObjectList {
  readonly fresh = 'CACHE'
  readonly resourceVersion: string
  readonly #store: Store
  readonly #place: Place

  constructor(store: Store, place: Place) {
    this.resourceVersion = store.resourceVersion
    this.#store = store
    this.#place = place
  }

  get rows(): readonly Row[] {
    const { info, namespace } = this.#place
    return visibleRows(info, this.#store.entries(namespace || undefined))
  }

  get texts(): Texts {
    return textsOf(this.#store, this.#place.info)
  }

  arranged(of: Arrangement): Promise<Sorted<Row> | undefined> {
    return orderedRows(this.#store, this.#place, of)
  }
}

/** Whether a cache reaches a version in time; who asks for one that it does not is answered by the API server. */
async function reaches(store: Store, version: string): Promise<boolean> {
  if (!/^\d+$/.test(version)) throw badRequest(`"${version}" is not a resource version`)
  return store.waitFor(version, freshnessWait).then(
    () => true,
    () => false,
  )
}

async function listLive(scope: OperationScope, place: Place): Promise<ObjectList> {
  const { items, resourceVersion } = await listWhole(scope, place)
  return { rows: items.map(rowOf), resourceVersion, fresh: 'LIVE' }
}

/** Objects of any kind, from the watch cache where the kind can be watched. */
export const list: Operation<ListArgs, ObjectList> = {
  name: 'objects.list',
  ofCluster: true,
  needs: (args) => objectAttributes('list', args),
  async run(scope, args) {
    demandPlace(args, true)
    if (!args.info.verbs.includes('list')) {
      throw new ApiError(405, 'MethodNotAllowed', `objects of kind ${args.info.kind} have no list`)
    }
    return isCached(args.info) && !args.live ? listCached(scope, args) : listLive(scope, args)
  },
}

/** One object, for who may read it. Throws ApiError 404. */
export async function readOne(
  { cluster, signal }: OperationScope,
  { info, namespace, name, resourceVersion, live }: GetArgs,
): Promise<KubeObject> {
  if (isCached(info) && !live) {
    const store = await cluster.caches.store(info, signal)
    if (!resourceVersion || (await reaches(store, resourceVersion))) {
      const entry = store.get(namespace, name)
      if (!entry) throw notFound(info.group, info.resource, name)
      return visible(info, whole(entry))
    }
  }
  const at = { namespace: namespace || undefined, signal, wide: true }
  return visible(info, await cluster.client.get(info, name, at))
}

/** One object of any kind. Throws ApiError 404. */
export const get: Operation<GetArgs, KubeObject> = {
  name: 'objects.get',
  ofCluster: true,
  needs: (address) => objectAttributes('get', address, address.name),
  async run(scope, address) {
    demandAddress(address)
    return readOne(scope, address)
  },
}
