import type { KubeObject } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'
import { parseLabelSelector } from '../../lib/labels.ts'
import { fieldCondition, pathOf, textOf, valueAt } from './fields.ts'
import { ownerTest } from './owner.ts'
import type { KindWords, Row, Selection } from './types.ts'

/** Whether a row is wanted. */
export type Predicate = (row: Row) => boolean

const ALIAS = 'kubesphere.io/alias-name'

/** Deepest nesting of `all`, `any` and `not`. */
const maxDepth = 8

/** `key`, `key=*`, `key=value`, or `key!=value` where the key must be there (resources-tenant.md §3.4). */
function entryMatcher(text: string): (of: Readonly<Record<string, string>>) => boolean {
  const at = text.indexOf('=')
  if (at < 0) return (of) => text in of
  const negative = text[at - 1] === '!'
  const key = text.slice(0, negative ? at - 1 : at)
  const value = text.slice(at + 1)
  if (!key) throw badRequest(`"${text}" names no key`)
  if (negative) return (of) => key in of && of[key] !== value
  if (value === '*') return (of) => key in of
  return (of) => of[key] === value
}

const fieldTerm = /^(?<path>[^=!,]+?)(?<operator>!=|==|=)(?<value>[^=]*)$/

function fieldTermMatcher(term: string): Predicate {
  const { path, operator, value = '' } = fieldTerm.exec(term)?.groups ?? {}
  if (!path || !operator) throw badRequest(`"${term}" is not a term of a field selector`)
  const keys = pathOf(path.trim())
  const equal = operator !== '!='
  return ({ object }) => (textOf(valueAt(object, keys)) === value) === equal
}

function fieldMatcher(selector: string): Predicate {
  return every(selector.split(',').map((term) => fieldTermMatcher(term)))
}

function time(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw badRequest(`"${text}" is not a moment in RFC 3339 form`)
  return ms
}

function every(predicates: readonly Predicate[]): Predicate {
  return (row) => predicates.every((holds) => holds(row))
}

function oneOf(values: readonly string[], of: (row: Row) => string): Predicate {
  const wanted = new Set(values)
  return (row) => wanted.has(of(row))
}

/** Status words of a kind without a table: its phase, whatever the case. */
function hasPhase(object: KubeObject, word: string): boolean {
  return textOf(valueAt(object, ['status', 'phase'])).toLowerCase() === word.toLowerCase()
}

type Members = { [Key in keyof Selection]-?: (value: NonNullable<Selection[Key]>) => Predicate }

function members(words: KindWords, depth: number): Members {
  const nested = (selection: Selection) => compile(selection, words, depth + 1)
  const owners = ({ object }: Row) => object.metadata.ownerReferences ?? []
  const hasStatus = words.hasStatus ?? hasPhase
  return {
    name: (text) => (row) =>
      row.name.includes(text) || (row.annotations[ALIAS]?.includes(text) ?? false),
    names: (values) => oneOf(values, (row) => row.name),
    uids: (values) => oneOf(values, (row) => row.uid),
    namespaces: (values) => oneOf(values, (row) => row.namespace),
    labelSelector: (text) => {
      const selector = parseLabelSelector(text)
      if (!selector) throw badRequest(`unable to parse the label selector "${text}"`)
      return (row) => selector.matches(row.labels)
    },
    fieldSelector: fieldMatcher,
    label: (text) => {
      const matches = entryMatcher(text)
      return (row) => matches(row.labels)
    },
    annotation: (text) => {
      const matches = entryMatcher(text)
      return (row) => matches(row.annotations)
    },
    ownerUid: (uid) => (row) => owners(row).some((owner) => owner.uid === uid),
    ownerKind: (kind) => (row) => owners(row).some((owner) => owner.kind === kind),
    owner: (of) => {
      const { depth: levels, is } = ownerTest(of)
      if (levels > 1) throw badRequest('"owner": this list has no "depth"')
      return (row) => owners(row).some(is)
    },
    status: (wanted) => (row) => wanted.some((word) => hasStatus(row.object, word)),
    createdAfter: (text) => {
      const from = time(text)
      return (row) => row.created >= from
    },
    createdBefore: (text) => {
      const to = time(text)
      return (row) => row.created < to
    },
    fields: (conditions) =>
      every(
        conditions.map((condition) => {
          const holds = fieldCondition(condition)
          return ({ object }) => holds(object)
        }),
      ),
    all: (of) => every(of.map(nested)),
    any: (of) => {
      const predicates = of.map(nested)
      return (row) => predicates.some((holds) => holds(row))
    },
    not: (of) => {
      const holds = nested(of)
      return (row) => !holds(row)
    },
  }
}

function compile(selection: Selection, words: KindWords, depth: number): Predicate {
  if (depth > maxDepth) throw badRequest(`a filter may nest ${maxDepth} levels`)
  const of = members(words, depth)
  const predicates: Predicate[] = []
  for (const key of Object.keys(selection) as (keyof Selection)[]) {
    const value = selection[key]
    if (value === undefined || value === null) continue
    predicates.push((of[key] as (value: unknown) => Predicate)(value))
  }
  return every(predicates)
}

/**
 * The predicate that `selection` describes, with the meanings of the REST parameters of the same names.
 * Throws ApiError 400 for a selector, a time or a nesting that cannot be used: never "everything" in its place.
 */
export function predicate(selection: Selection, words: KindWords = {}): Predicate {
  return compile(selection, words, 0)
}
