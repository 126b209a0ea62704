import { badRequest, notFound } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { APPS, isSubdomain, storeAttributes, suffix, VERSIONS, type Place } from './names.ts'
import { isOwned, type StoreDeps } from './stored.ts'
import type { Application } from './types.ts'

export interface AttachmentOperations {
  /** Stores a file; returns its id. */
  readonly create: Operation<Place & { readonly field: string; readonly data: Uint8Array }, string>
  readonly get: Operation<Place & { readonly id: string }, Uint8Array>
  /** Unknown ids are none of its business. */
  readonly delete: Operation<Place & { readonly ids: readonly string[] }, void>
}

/** Files that belong to applications, like pictures of them: platform-apis.md §10.7. */
export function attachmentOperations(deps: StoreDeps): AttachmentOperations {
  return {
    create: {
      name: 'application.attachments.create',
      needs: (place) => storeAttributes('create', 'attachments', place),
      async run(scope, { field, data }) {
        const id = `${field}-att-${suffix()}`
        if (!isSubdomain(id)) throw badRequest(`"${field}" cannot be part of a name`)
        await deps.packages.put(id, data, scope.signal)
        return id
      },
    },
    get: {
      name: 'application.attachments.get',
      needs: (args) => storeAttributes('get', 'attachments', args, args.id),
      async run(scope, { id }) {
        if (!(await isAttachment(deps, scope, id))) throw notFound('', 'ConfigMap', id)
        return deps.packages.get(id, scope.signal)
      },
    },
    delete: {
      name: 'application.attachments.delete',
      needs: (args) => storeAttributes('delete', 'attachments', args, args.ids.join(',')),
      run: (scope, { ids, ...place }) => deleteAttachments(deps, scope, ids, place),
    },
  }
}

/** Deletes attachments, but for those that an application which may not be changed from the place shows. */
export async function deleteAttachments(
  deps: StoreDeps,
  scope: OperationScope,
  ids: readonly string[],
  place: Place,
): Promise<void> {
  const apps = await deps.host.caches.store(APPS, scope.signal)
  const kept = new Set<string>()
  for (const entry of apps.entries()) {
    if (isOwned(entry, place)) continue
    const { attachments } = (entry.object['spec'] ?? {}) as Partial<Application['spec']>
    for (const id of attachments ?? []) kept.add(id)
  }
  for (const id of ids) {
    if (kept.has(id) || !(await isAttachment(deps, scope, id))) continue
    await deps.packages.remove(id, scope.signal)
  }
}

/** Packages of versions are kept in the same place and are none of them. */
async function isAttachment(deps: StoreDeps, scope: OperationScope, id: string): Promise<boolean> {
  if (!/-att-[a-z0-9]{5}$/.test(id)) return false
  const versions = await deps.host.caches.store(VERSIONS, scope.signal)
  return versions.get('', id) === undefined
}
