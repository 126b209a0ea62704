import type { ListQuery } from './types.ts'

/**
 * Positions `[start, end)` of `total` rows that a query asks for (resources-tenant.md §2.1): all without a limit; none
 * for a negative limit, a page before the first or one that starts behind the last row.
 */
export function slicePositions(
  total: number,
  { limit = -1, page = 1 }: Pick<ListQuery, 'limit' | 'page'>,
): { start: number; end: number } {
  if (limit === -1) return { start: 0, end: total }
  const start = (page - 1) * limit
  if (limit < 0 || start < 0 || start > total) return { start: 0, end: 0 }
  return { start, end: Math.min(start + limit, total) }
}
