/** Query parameters of lists (resources-tenant.md §2), for the documentation. */
export const LIST = [
  { name: 'limit', description: 'items a page; absent = all' },
  { name: 'page', description: 'number of the page, from 1' },
  { name: 'sortBy', description: 'name or creationTimestamp' },
  { name: 'ascending', description: 'true = oldest or least first' },
  { name: 'labelSelector', description: 'Kubernetes label selector' },
  { name: 'name', description: 'part of a name or alias' },
] as const
