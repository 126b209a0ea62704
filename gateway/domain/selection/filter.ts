import { badRequest } from '../../lib/errors.ts'
import { parseLabelSelector } from '../../lib/labels.ts'
import { entryMatcher, type EntryMatcher } from './entry.ts'
import { demandedText, fieldCondition, pathOf, textOf, valueAt } from './fields.ts'
import { OWNERS, ownersIn, ownerTest, type OwnerTest } from './owner.ts'
import { ALIAS, mention, PHASE, textsOfObjects, type Texts } from './texts.ts'
import type { KindWords, Row, Selection } from './types.ts'

/** Whether a row is wanted. */
export type Predicate = (row: Row) => boolean

/** Deepest nesting of `all`, `any` and `not`. */
const maxDepth = 8

function entryOf(text: string): EntryMatcher {
  const matcher = entryMatcher(text)
  if (text && !matcher.key) throw badRequest(`"${text}" names no key`)
  return matcher
}

const fieldTerm = /^(?<path>[^=!,]+?)(?<operator>!=|==|=)(?<value>[^=]*)$/

function fieldTermMatcher(term: string): Predicate {
  const { path, operator, value = '' } = fieldTerm.exec(term)?.groups ?? {}
  if (!path || !operator) throw badRequest(`"${term}" is not a term of a field selector`)
  const keys = pathOf(path.trim())
  const equal = operator !== '!='
  const may = mention(equal ? value : undefined)
  return (row) => may(row) && (textOf(valueAt(row.object, keys)) === value) === equal
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

type Members = { [Key in keyof Selection]-?: (value: NonNullable<Selection[Key]>) => Predicate }

/** What the members of a selection need to know. */
interface Reading {
  readonly words: KindWords
  readonly texts: Texts
}

function members(reading: Reading, depth: number): Members {
  const { words, texts } = reading
  const nested = (selection: Selection) => compile(selection, reading, depth + 1)
  const owned = (is: OwnerTest['is']): Predicate => {
    const owners = texts(OWNERS)
    return (row) => ownersIn(owners(row)).some(is)
  }
  return {
    name: (text) => {
      const alias = texts(ALIAS)
      return (row) => row.name.includes(text) || alias(row).includes(text)
    },
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
      const { matches } = entryOf(text)
      return (row) => matches(row.labels)
    },
    annotation: (text) => {
      const { key, matches } = entryOf(text)
      const may = mention(key)
      return (row) => may(row) && matches(row.annotations)
    },
    ownerUid: (uid) => owned((owner) => owner.uid === uid),
    ownerKind: (kind) => owned((owner) => owner.kind === kind),
    owner: (of) => {
      const { depth: levels, is } = ownerTest(of)
      if (levels > 1) throw badRequest('"owner": this list has no "depth"')
      return owned(is)
    },
    status: (wanted) => {
      if (words.status) return oneOf(wanted, texts(words.status))
      const phase = texts(PHASE)
      const phases = wanted.map((word) => word.toLowerCase())
      return oneOf(phases, (row) => phase(row).toLowerCase())
    },
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
          const may = mention(demandedText(condition))
          return (row: Row) => may(row) && holds(row.object)
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

function compile(selection: Selection, reading: Reading, depth: number): Predicate {
  if (depth > maxDepth) throw badRequest(`a filter may nest ${maxDepth} levels`)
  const of = members(reading, depth)
  const predicates: Predicate[] = []
  for (const key of Object.keys(selection) as (keyof Selection)[]) {
    const value = selection[key]
    if (value === undefined || value === null) continue
    predicates.push((of[key] as (value: unknown) => Predicate)(value))
  }
  return every(predicates)
}

/**
 * The predicate that `selection` describes, with the meanings of the REST parameters of the same names. `texts` must know
 * the rows that it is asked about.
 * Throws ApiError 400 for a selector, a time or a nesting that cannot be used: never "everything" in its place.
 */
export function predicate(
  selection: Selection,
  words: KindWords = {},
  texts: Texts = textsOfObjects,
): Predicate {
  return compile(selection, { words, texts }, 0)
}
