import type { KubeObject } from '../../kube/types.ts'
import { ApiError, alreadyExists, badRequest } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import type { ListQuery, Paged } from '../resources/index.ts'
import {
  ALIAS,
  APP_CATEGORY,
  APPS,
  DESCRIPTION,
  GROUP,
  REPO_NAME,
  STORE_CATEGORIES,
  storeAttributes,
  UNCATEGORIZED,
  UPLOAD,
} from './names.ts'
import { showCategory } from './shapes.ts'
import {
  createStored,
  deleteStored,
  listStored,
  patchStored,
  storedEntry,
  type StoreDeps,
} from './stored.ts'
import type { StoreCategory } from './types.ts'

export interface CategoryDraft {
  readonly name: string
  readonly alias: string
  readonly description: string
  readonly icon: string
}

export interface CategoryOperations {
  readonly list: Operation<{ readonly query: ListQuery }, Paged<StoreCategory>>
  readonly get: Operation<{ readonly name: string }, StoreCategory>
  readonly create: Operation<CategoryDraft, StoreCategory>
  readonly update: Operation<CategoryDraft, StoreCategory>
  /** Throws ApiError 409 for a category that applications are in. */
  readonly delete: Operation<{ readonly name: string }, void>
}

const needs = (verb: string, name = '') => storeAttributes(verb, 'categories', {}, name)

/** Headings of the store: platform-apis.md §10.7. */
export function categoryOperations(deps: StoreDeps): CategoryOperations {
  const stored = (scope: OperationScope, name: string) =>
    storedEntry(deps, scope, { gvr: STORE_CATEGORIES, kind: 'Category', name })
  const shown = async (scope: OperationScope, object: KubeObject): Promise<StoreCategory> => {
    const totals = await countApps(deps, scope)
    return showCategory(object, totals.get(object.metadata.name ?? '') ?? 0)
  }
  const written = async (scope: OperationScope, object: KubeObject): Promise<StoreCategory> => {
    const { managedFields } = object.metadata
    const { metadata, ...rest } = await shown(scope, object)
    return { ...rest, metadata: { ...metadata, ...(managedFields && { managedFields }) } }
  }
  return {
    list: {
      name: 'application.categories.list',
      needs: () => needs('list'),
      async run(scope, { query }) {
        const totals = await countApps(deps, scope)
        return listStored(
          deps,
          scope,
          STORE_CATEGORIES,
          { query: { ...query, labelSelector: '' } },
          (object) => showCategory(object, totals.get(object.metadata.name ?? '') ?? 0),
          () => true,
        )
      },
    },
    get: {
      name: 'application.categories.get',
      needs: ({ name }) => needs('get', name),
      run: async (scope, { name }) => shown(scope, (await stored(scope, name)).object),
    },
    create: {
      name: 'application.categories.create',
      needs: () => needs('create'),
      async run(scope, draft) {
        const store = await deps.host.caches.store(STORE_CATEGORIES, scope.signal)
        if (store.get('', draft.name)) throw alreadyExists(GROUP, 'categories', draft.name)
        const object = {
          apiVersion: `${GROUP}/v2`,
          kind: 'Category',
          metadata: { name: draft.name, annotations: annotations(draft) },
          spec: { icon: draft.icon },
        }
        return written(scope, await createStored(deps, scope, STORE_CATEGORIES, object))
      },
    },
    update: {
      name: 'application.categories.update',
      needs: ({ name }) => needs('create', name),
      async run(scope, draft) {
        await stored(scope, draft.name)
        const patch = {
          metadata: { annotations: annotations(draft) },
          spec: { icon: draft.icon },
        }
        return written(scope, await patchStored(deps, scope, STORE_CATEGORIES, draft.name, patch))
      },
    },
    delete: {
      name: 'application.categories.delete',
      needs: ({ name }) => needs('delete', name),
      async run(scope, { name }) {
        if (name === UNCATEGORIZED) {
          throw badRequest(`${UNCATEGORIZED} is default Category can't be delete`)
        }
        const entry = await stored(scope, name)
        if (((await countApps(deps, scope)).get(name) ?? 0) > 0) {
          const why = `can not delete helm category: ${name} which owns applications`
          throw new ApiError(409, 'Conflict', why)
        }
        await deleteStored(deps, scope, STORE_CATEGORIES, entry)
      },
    },
  }
}

function annotations({ alias, description }: CategoryDraft): Record<string, string> {
  return { [ALIAS]: alias, [DESCRIPTION]: description }
}

/** Uploaded applications by category. */
async function countApps(
  deps: StoreDeps,
  { signal }: OperationScope,
): Promise<Map<string, number>> {
  const store = await deps.host.caches.store(APPS, signal)
  const totals = new Map<string, number>()
  for (const { labels } of store.withLabel(REPO_NAME, UPLOAD)) {
    const category = labels[APP_CATEGORY] ?? ''
    totals.set(category, (totals.get(category) ?? 0) + 1)
  }
  return totals
}
