import type { Entry } from '../../kube/api.ts'
import { parseLabelSelector, type LabelSelector } from '../../lib/labels.ts'
import { ALIAS, entryMatcher, mention, OWNER_UIDS } from '../selection/index.ts'
import {
  columnOf,
  equals,
  fields,
  never,
  type Condition,
  type Filter,
  type FilterContext,
} from './condition.ts'
import { parseFieldSelector } from './field-selector.ts'

const OWNER_KINDS = fields('owner-kinds', ({ metadata }) =>
  (metadata.ownerReferences ?? []).map(({ kind }) => kind),
)

/** Filters that every kind has, by query parameter. */
export type FilterTable = Readonly<Record<string, Filter>>

const common: FilterTable = {
  names: (value) => {
    const names = new Set(value.split(','))
    return value === '' ? never : { holds: ({ name }) => names.has(name) }
  },
  uid: (value) => ({ holds: ({ uid }) => uid === value }),
  namespace: (value) => ({
    holds: ({ namespace }) => namespace === value,
    view: { namespace: value },
  }),
  ownerReference: equals(OWNER_UIDS, { filled: true }),
  ownerKind: equals(OWNER_KINDS, { filled: true }),
}

function named(aliasMatches: (alias: string, value: string) => boolean): Filter {
  return (value, { store }) => {
    if (value === '') return { holds: () => true }
    const alias = columnOf(store, ALIAS)
    return {
      holds: (entry) => {
        if (entry.name.includes(value)) return true
        const text = alias.of(entry)
        return text !== '' && aliasMatches(text, value)
      },
    }
  }
}

function annotationsOf(context: FilterContext, entry: Entry): Readonly<Record<string, string>> {
  return context.object(entry).metadata.annotations ?? {}
}

/** The condition that labels match; an equality goes by the index. */
export function labelCondition(selector: LabelSelector): Condition {
  const [only] = selector.requirements
  const single =
    selector.requirements.length === 1 && only?.operator === 'in' && only.values.length === 1
  return {
    holds: ({ labels }) => selector.matches(labels),
    view: single ? { label: { key: only.key, value: only.values[0] as string } } : undefined,
  }
}

const namedA = named((alias, value) => alias.includes(value))

/** Filters of the first engine (resources-tenant.md §3.2): selectors of labels and annotations are Kubernetes' own. */
export const filtersA: FilterTable = {
  ...common,
  name: namedA,
  nameAndAlias: namedA,
  label: (value) => {
    const selector = parseLabelSelector(value)
    return selector ? labelCondition(selector) : never
  },
  annotation: (value, context) => {
    const selector = parseLabelSelector(value)
    if (!selector) return never
    const needed = selector.requirements.filter(({ operator }) => NEEDED.has(operator))
    const may = needed.map(({ key }) => mention(key))
    return {
      holds: (entry) =>
        may.every((one) => one(entry)) && selector.matches(annotationsOf(context, entry)),
    }
  },
}

/** Operators of a selector that nothing meets which has not the key. */
const NEEDED = new Set(['in', 'exists'])

const namedB = named((alias, value) => alias.toLowerCase().includes(value.toLowerCase()))

/** Filters of the second engine (resources-tenant.md §3.4). */
export const filtersB: FilterTable = {
  ...common,
  name: namedB,
  nameAndAlias: namedB,
  label: (value) => {
    const { key, matches } = entryMatcher(value)
    return key === '' ? never : { holds: ({ labels }) => matches(labels) }
  },
  annotation: (value, context) => {
    const { key, matches } = entryMatcher(value)
    if (key === '') return never
    const may = mention(key)
    return { holds: (entry) => may(entry) && matches(annotationsOf(context, entry)) }
  },
  fieldSelector: (value, context) => {
    const matches = parseFieldSelector(value, false)
    return matches ? { holds: (entry) => matches(context.object(entry)) } : never
  },
}
