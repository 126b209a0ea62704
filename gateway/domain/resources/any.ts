import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { despiteConflicts } from '../../lib/conflicts.ts'
import { ApiError, notFound } from '../../lib/errors.ts'
import type { Effects } from '../effects.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import {
  anyAttributes,
  belongs,
  demandWritable,
  fits,
  inWorkspace,
  placed,
  type AnyAddress,
  type AnyPlace,
} from './any-place.ts'
import { customCondition, typeOf } from './custom-filters.ts'
import { select } from './engine.ts'
import { filtersB } from './filters.ts'
import { filterContext } from './reads.ts'
import { redactorOf } from '../redact.ts'
import { demandOwnCreator } from '../release-creator.ts'
import { shapeFor } from './shapes/index.ts'
import { ShapedEntry, shapeOf } from './shown.ts'
import type { ListQuery, ResourcePage, Shown } from './types.ts'

export type { AnyAddress, AnyPlace } from './any-place.ts'

/** Objects of any kind that discovery knows, by the second engine; writes stay where the address points. */
export interface AnyOperations {
  readonly list: Operation<AnyPlace & { readonly query: ListQuery }, ResourcePage>
  readonly get: Operation<AnyAddress, Shown>
  readonly create: Operation<AnyPlace & { readonly object: KubeObject }, KubeObject>
  /** Without a resourceVersion in the object kube-apiserver decides, or with `overwrite` the stored one is taken. */
  readonly update: Operation<
    AnyAddress & { readonly object: KubeObject; readonly overwrite?: boolean | undefined },
    KubeObject
  >
  readonly delete: Operation<AnyAddress, void>
}

const isRole = ({ group, resource }: KindInfo): boolean =>
  group === 'iam.kubesphere.io' &&
  ['globalroles', 'workspaceroles', 'clusterroles', 'roles'].includes(resource)

export function anyOperations(effects: Effects): AnyOperations {
  const settle = async (
    { cluster }: OperationScope,
    info: KindInfo,
    object: KubeObject,
  ): Promise<KubeObject> => {
    const settled = isRole(info) ? await effects.roleWritten(object) : object
    await written(cluster, info, settled)
    return redactorOf(info)?.(settled) ?? settled
  }
  return {
    list: { name: 'resources.any.list', needs: (place) => anyAttributes('list', place), run: list },
    get: {
      name: 'resources.any.get',
      needs: (address) => anyAttributes('get', address, address.name),
      async run(scope, address) {
        const entry = await entryAt(scope, address)
        return new ShapedEntry(entry, { shape: shapeOfInfo(address.info), variant: 'any' })
      },
    },
    create: {
      name: 'resources.any.create',
      needs: (place) => anyAttributes('create', place),
      async run(scope, place) {
        const { info, namespace, object } = place
        const name = object.metadata.name ?? ''
        await demandWritable(scope, place, 'create', name)
        const at = { namespace: namespace || undefined, signal: scope.signal }
        const draft = placed(place, undefined, object)
        await demandOwnCreator(scope, info, draft)
        return settle(scope, info, await scope.cluster.client.create(info, draft, at))
      },
    },
    update: {
      name: 'resources.any.update',
      needs: (address) => anyAttributes('update', address, address.name),
      async run(scope, address) {
        const { info, namespace, name, object, overwrite } = address
        const { client } = scope.cluster
        await demandWritable(scope, address, 'update', name)
        const at = { namespace: namespace || undefined, signal: scope.signal }
        const isAnyVersion = overwrite && object.metadata.resourceVersion === undefined
        const stored = await despiteConflicts(
          undefined,
          async () => {
            const draft = placed(address, name, object)
            const current = await entryAt(scope, address)
            await demandOwnCreator(scope, info, draft, current.object)
            const { resourceVersion } = current
            if (overwrite) draft.metadata = { resourceVersion, ...draft.metadata }
            return client.update<KubeObject>(info, draft, at)
          },
          async () => {
            await written(scope.cluster, info, await client.get(info, name, at))
            return undefined
          },
          { stated: !isAnyVersion },
        )
        return settle(scope, info, stored)
      },
    },
    delete: {
      name: 'resources.any.delete',
      needs: (address) => anyAttributes('delete', address, address.name),
      async run(scope, address) {
        const { info, namespace, name } = address
        await demandWritable(scope, address, 'delete', name)
        const entry = await entryAt(scope, address)
        await scope.cluster.client.delete(info, name, {
          namespace: namespace || undefined,
          signal: scope.signal,
          preconditions: { uid: entry.uid },
        })
        await removed(scope.cluster, info, entry)
      },
    },
  }
}

function shapeOfInfo(info: KindInfo) {
  return shapeOf(redactorOf(info), shapeFor(info))
}

async function storeOf({ cluster, signal }: OperationScope, info: KindInfo) {
  if (!info.verbs.includes('list') || !info.verbs.includes('watch')) {
    throw new ApiError(405, 'MethodNotAllowed', `objects of kind ${info.kind} have no list`)
  }
  return cluster.caches.store(info, signal)
}

async function entryAt(scope: OperationScope, address: AnyAddress) {
  const { info, namespace, name } = address
  const store = await storeOf(scope, info)
  const entry = fits(address) ? store.get(namespace, name) : undefined
  if (!entry) throw notFound(info.group, info.kind, name)
  if (!belongs(address, entry)) throw notFound(info.group, info.resource, name)
  return entry
}

async function list(
  scope: OperationScope,
  place: AnyPlace & { readonly query: ListQuery },
): Promise<ResourcePage> {
  const { info, namespace, query } = place
  const store = await storeOf(scope, info)
  const custom = await customCondition(scope, query, typeOf(store))
  const { entries, totalItems, end } = await select({
    context: { ...filterContext(scope.cluster, store, scope.signal), custom },
    semantics: { filters: filtersB },
    query,
    namespace: namespace || undefined,
    also: inWorkspace(place),
  })
  const shape = shapeOfInfo(info)
  return {
    items: entries.map((entry) => new ShapedEntry(entry, { shape, variant: 'any' })),
    totalItems,
    remainingItems: totalItems - end,
  }
}
