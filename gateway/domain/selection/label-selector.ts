import { badRequest } from '../../lib/errors.ts'
import type { LabelMatcher } from './filter.ts'

const name = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
const prefix = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?'
const key = `(?:${prefix}/)?${name}`
const value = `(?:${name})?`

const patterns = {
  exists: new RegExp(`^(?<absent>!?)\\s*(?<key>${key})$`),
  equals: new RegExp(`^(?<key>${key})\\s*(?<operator>==?|!=)\\s*(?<value>${value})$`),
  among: new RegExp(
    `^(?<key>${key})\\s+(?<operator>in|notin)\\s*\\(\\s*(?<values>${value}(?:\\s*,\\s*${value})*)\\s*\\)$`,
  ),
  bound: new RegExp(`^(?<key>${key})\\s*(?<operator>[<>])\\s*(?<value>-?\\d{1,18})$`),
}

/** Longest selector that is looked at. */
const longest = 8192

/** Splits at the commas outside parentheses. */
function requirementsOf(text: string): string[] {
  const parts: string[] = []
  let from = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')') depth--
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim())
}

function requirement(text: string): LabelMatcher | undefined {
  const exists = patterns.exists.exec(text)?.groups
  if (exists) {
    const { key: label = '', absent = '' } = exists
    return (labels) => Object.hasOwn(labels, label) === (absent === '')
  }
  const equals = patterns.equals.exec(text)?.groups
  if (equals) {
    const { key: label = '', operator, value: wanted } = equals
    return (labels) => (labels[label] === wanted) === (operator !== '!=')
  }
  const among = patterns.among.exec(text)?.groups
  if (among) {
    const { key: label = '', operator, values = '' } = among
    const wanted = new Set(values.split(',').map((part) => part.trim()))
    return (labels) => {
      const found = labels[label]
      return (found !== undefined && wanted.has(found)) === (operator === 'in')
    }
  }
  const bound = patterns.bound.exec(text)?.groups
  if (!bound) return undefined
  const { key: label = '', operator, value: limit = '0' } = bound
  return (labels) => {
    const found = labels[label]
    if (found === undefined || !/^-?\d{1,18}$/.test(found)) return false
    return operator === '>' ? BigInt(found) > BigInt(limit) : BigInt(found) < BigInt(limit)
  }
}

/**
 * A label selector in text form (Kubernetes documentation, "Labels and Selectors"); empty text matches everything.
 * Throws ApiError 400 for text that is no selector.
 */
export function parseLabelSelector(text: string): LabelMatcher {
  if (text.trim() === '') return () => true
  if (text.length > longest) throw badRequest(`a label selector has at most ${longest} characters`)
  const all = requirementsOf(text).map((part) => {
    const matches = requirement(part)
    if (!matches) throw badRequest(`unable to parse requirement "${part}" of the label selector`)
    return matches
  })
  return (labels) => all.every((matches) => matches(labels))
}
