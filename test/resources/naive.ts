import type { ListQuery } from '../../gateway/domain/resources/index.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'

/**
 * The lists of resources-tenant.md §2 and §3 in the plainest form: filter everything, sort everything, slice. Written
 * without the gateway's engine, parsers and stores, so that the two can disagree.
 */
export interface NaivePage {
  readonly names: readonly string[]
  readonly totalItems: number
}

/** What one kind adds: filters of its own and sort keys. */
export interface NaiveKind {
  readonly filters?: Readonly<Record<string, (object: KubeObject, value: string) => boolean>>
  readonly sorts?: Readonly<Record<string, (object: KubeObject) => string>>
}

export type Dialect = 'A' | 'B'

const ALIAS = 'kubesphere.io/alias-name'

type Labels = Record<string, string>

/** Only the forms that the generator of queries makes. */
function selectorHolds(text: string, labels: Labels): boolean {
  if (text === '') return true
  const among = /^([\w./]+) (in|notin) \(([^)]*)\)$/.exec(text)
  if (among) {
    const [, key = '', operator, list = ''] = among
    const has = key in labels && list.split(',').includes(labels[key] ?? '')
    return operator === 'in' ? has : !has
  }
  return text.split(',').every((term) => {
    if (term.startsWith('!')) return !(term.slice(1) in labels)
    const negative = /^([\w./]+)!=(\w*)$/.exec(term)
    if (negative) return labels[negative[1] ?? ''] !== negative[2]
    const equal = /^([\w./]+)=(\w*)$/.exec(term)
    if (equal) return labels[equal[1] ?? ''] === equal[2]
    return term in labels
  })
}

/** One condition of engine B on labels or annotations: `k`, `k=*`, `k=v`, `k!=v`. */
function entryHolds(text: string, of: Labels): boolean {
  const [, key = '', operator, value = ''] = /^(.*?)(!=|=)(.*)$/.exec(text) ?? [text, text]
  if (!(key in of)) return false
  if (operator === undefined || (operator === '=' && value === '*')) return true
  return (of[key] === value) === (operator === '=')
}

/** Only dotted keys, as the generator makes them. */
function fieldsHold(text: string, object: KubeObject): boolean {
  if (text === '') return true
  return text.split(',').every((term) => {
    const [, path = '', operator, wanted = ''] = /^(.*?)(!=|==|=)(.*)$/.exec(term) ?? []
    let found: unknown = object
    for (const key of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[key]
    const value = typeof found === 'string' ? found : ''
    const same = wanted.startsWith('~')
      ? value.toLowerCase() === wanted.slice(1).toLowerCase()
      : value === wanted
    return same === (operator !== '!=')
  })
}

function filterHolds(dialect: Dialect, key: string, value: string, object: KubeObject): boolean {
  const { name = '', uid, namespace, labels = {}, annotations = {} } = object.metadata
  const owners = object.metadata.ownerReferences ?? []
  const alias = annotations[ALIAS] ?? ''
  switch (key) {
    case 'name':
    case 'nameAndAlias':
      return dialect === 'A'
        ? name.includes(value) || alias.includes(value)
        : name.includes(value) || alias.toLowerCase().includes(value.toLowerCase())
    case 'names':
      return value.split(',').includes(name)
    case 'uid':
      return uid === value
    case 'namespace':
      return namespace === value
    case 'ownerKind':
      return owners.some((owner) => owner.kind === value)
    case 'ownerReference':
      return owners.some((owner) => owner.uid === value)
    case 'label':
      return dialect === 'A' ? selectorHolds(value, labels) : entryHolds(value, labels)
    case 'annotation':
      return dialect === 'A' ? selectorHolds(value, annotations) : entryHolds(value, annotations)
    case 'fieldSelector':
      return dialect === 'A' || fieldsHold(value, object)
    default:
      return true
  }
}

export function naiveList(
  objects: readonly KubeObject[],
  query: ListQuery,
  namespace: string | undefined,
  dialect: Dialect = 'A',
  { filters = {}, sorts = {} }: NaiveKind = {},
): NaivePage {
  const holds = (key: string, value: string, object: KubeObject): boolean =>
    filters[key]?.(object, value) ?? filterHolds(dialect, key, value, object)
  const sort = sorts[query.sortBy ?? '']
  const kept = objects.filter(
    (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      selectorHolds(query.labelSelector ?? '', object.metadata.labels ?? {}) &&
      Object.entries(query.filters ?? {}).every(([key, value]) => holds(key, value, object)),
  )
  const text = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`
  kept.sort((a, b) => {
    const at = (o: KubeObject): string => o.metadata.creationTimestamp ?? ''
    if (sort && sort(a) !== sort(b)) return sort(a) < sort(b) ? -1 : 1
    if (!sort && query.sortBy !== 'name' && at(a) !== at(b)) return at(a) < at(b) ? -1 : 1
    const [nameA = '', nameB = ''] = [a.metadata.name, b.metadata.name]
    if (nameA !== nameB) return nameA < nameB ? -1 : 1
    return text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0
  })
  if (!query.ascending) kept.reverse()
  const names = kept.map(text)
  const { limit = -1, page = 1 } = query
  if (limit === -1) return { names, totalItems: names.length }
  const offset = (page - 1) * limit
  if (limit < 0 || offset < 0 || offset > names.length) {
    return { names: [], totalItems: names.length }
  }
  return { names: names.slice(offset, offset + limit), totalItems: names.length }
}
