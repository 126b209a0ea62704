import type { ListQuery } from '../../gateway/domain/resources/index.ts'
import { goBool } from './typed.ts'

/** Parameters of paging and order; every other one is a filter. */
const RESERVED = new Set(['limit', 'page', 'sortBy', 'ascending', 'labelSelector'])

/**
 * The list that a query string asks for (resources-tenant.md §2). Nothing is an error: what cannot be read falls back
 * to its default. The first value of a repeated parameter counts.
 */
export function listQuery(query: URLSearchParams): ListQuery {
  const filters: Record<string, string> = {}
  for (const [key, value] of query) {
    if (RESERVED.has(key) || Object.hasOwn(filters, key)) continue
    Object.defineProperty(filters, key, { value, enumerable: true, configurable: true })
  }
  return {
    limit: integer(query.get('limit')) ?? -1,
    page: integer(query.get('page')) ?? 1,
    sortBy: query.get('sortBy') || 'creationTimestamp',
    ascending: goBool(query.get('ascending') ?? '') ?? false,
    labelSelector: query.get('labelSelector') ?? '',
    filters,
  }
}

/** A number as Go's strconv.Atoi reads it; undefined for anything else. */
export function integer(text: string | null): number | undefined {
  if (text === null || !/^[+-]?\d+$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}
