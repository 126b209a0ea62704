import { ApiError } from '../../../gateway/lib/errors.ts'
import type { Paged } from '../../../gateway/domain/resources/index.ts'
import type { Place } from '../../../gateway/domain/application/index.ts'
import { json, listOf } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import type { Reply, RouteRequest } from '../registry.ts'

export const success = (): Reply => json({ message: 'success' })

/** Where a route's path points. */
export function placeOf({ params }: RouteRequest): Place {
  const { workspace, namespace } = params
  return { ...(workspace ? { workspace } : {}), ...(namespace ? { namespace } : {}) }
}

/** The query and the states of `conditions=status=a|b`. Throws ApiError 422 for conditions that are none. */
export function listArgs(rq: RouteRequest) {
  return { ...placeOf(rq), query: listQuery(rq.query), states: states(rq) }
}

function states(rq: RouteRequest): readonly string[] | undefined {
  const conditions = rq.query.get('conditions') ?? ''
  if (conditions === '') return undefined
  let found: readonly string[] | undefined
  for (const condition of conditions.split(',')) {
    const parts = /^(?<key>[^=~]+)(?<operator>[=~])(?<value>[^=~]*)$/.exec(condition.trim())?.groups
    if (!parts) throw new ApiError(422, 'Invalid', 'invalid conditions')
    if (parts['operator'] === '=' && parts['key'] === 'status') {
      found = (parts['value'] ?? '').split('|')
    }
  }
  return found
}

/**
 * @NOTE `items` is null when nothing is left and a filter was given, or the list is one that starts from nothing
 * (`nullEmpty`); `[]` otherwise (platform-apis.md §0.6).
 */
export function storeList(
  rq: RouteRequest,
  { items, totalItems }: Paged<object>,
  nullEmpty = false,
): Reply {
  const filtered = Object.keys(listQuery(rq.query).filters ?? {}).length > 0
  return listOf(totalItems === 0 && (nullEmpty || filtered) ? null : items, totalItems)
}

export function param(rq: RouteRequest, name: string): string {
  return rq.params[name] ?? ''
}
