/**
 * Label selectors in text form. Source: Kubernetes documentation, "Labels and Selectors", and the names and limits of
 * "Syntax and character set"; tokens as in the EBNF of apimachinery's labels package documentation.
 */

export type Labels = Readonly<Record<string, string>>

export interface Requirement {
  readonly key: string
  readonly operator: 'exists' | 'absent' | 'in' | 'notin' | 'gt' | 'lt'
  /** One for `gt` and `lt`, none for `exists` and `absent`. */
  readonly values: readonly string[]
}

export interface LabelSelector {
  readonly requirements: readonly Requirement[]
  matches(labels: Labels): boolean
}

/** Longest selector that is looked at. */
const LONGEST = 16_384

const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const PREFIX = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

/** `[prefix/]name`, at most 253 and 63 characters. */
export function isLabelKey(text: string): boolean {
  const parts = text.split('/')
  if (parts.length > 2) return false
  const name = parts.at(-1) ?? ''
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined
  if (prefix !== undefined && (prefix.length > 253 || !PREFIX.test(prefix))) return false
  return name.length <= 63 && NAME.test(name)
}

/** Empty, or at most 63 letters, digits and `-_.` between letters or digits. */
export function isLabelText(text: string): boolean {
  return text === '' || (text.length <= 63 && NAME.test(text))
}

/** The selector that a text stands for; undefined where it is none. Empty text matches everything. */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  if (text.length > LONGEST) return undefined
  const tokens = tokenize(text)
  const requirements = tokens && parse(tokens)
  return requirements && selector(requirements)
}

/** The selector that all of `requirements` make. */
export function selector(requirements: readonly Requirement[]): LabelSelector {
  const matchers = requirements.map(matcher)
  return { requirements, matches: (labels) => matchers.every((matches) => matches(labels)) }
}

function matcher({ key, operator, values }: Requirement): (labels: Labels) => boolean {
  const wanted = new Set(values)
  const has = (labels: Labels): boolean => Object.hasOwn(labels, key)
  switch (operator) {
    case 'exists':
      return has
    case 'absent':
      return (labels) => !has(labels)
    case 'in':
      return (labels) => has(labels) && wanted.has(labels[key] as string)
    case 'notin':
      return (labels) => !has(labels) || !wanted.has(labels[key] as string)
    default:
      return (labels) => {
        const found = integer(has(labels) ? labels[key] : undefined)
        const bound = integer(values[0])
        if (found === undefined || bound === undefined) return false
        return operator === 'gt' ? found > bound : found < bound
      }
  }
}

const MAX_INT64 = 2n ** 63n

function integer(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d{1,20}$/.test(text)) return undefined
  const value = BigInt(text.replace('+', ''))
  return value >= -MAX_INT64 && value < MAX_INT64 ? value : undefined
}

type Token = { readonly word: string } | { readonly symbol: string }

const SYMBOLS = ['==', '!=', '=', '!', '(', ')', ',', '>', '<']
const WORD = /[^=!(),<>\s]+/y

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (' \t\r\n'.includes(text[at] as string)) {
      at++
      continue
    }
    const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at))
    if (symbol) {
      tokens.push({ symbol })
      at += symbol.length
      continue
    }
    WORD.lastIndex = at
    const word = WORD.exec(text)?.[0]
    if (word === undefined) return undefined
    tokens.push({ word })
    at += word.length
  }
  return tokens
}

const EQUALITY: Record<string, Requirement['operator']> = { '=': 'in', '==': 'in', '!=': 'notin' }
const ORDER: Record<string, Requirement['operator']> = { '>': 'gt', '<': 'lt' }

function parse(tokens: readonly Token[]): Requirement[] | undefined {
  const requirements: Requirement[] = []
  let at = 0
  const word = (): string | undefined => {
    const token = tokens[at]
    return token && 'word' in token ? token.word : undefined
  }
  const symbol = (): string | undefined => {
    const token = tokens[at]
    return token && 'symbol' in token ? token.symbol : undefined
  }

  function one(): Requirement | undefined {
    const absent = symbol() === '!'
    if (absent) at++
    const key = word()
    if (key === undefined || !isLabelKey(key)) return undefined
    at++
    if (absent || at === tokens.length || symbol() === ',') {
      return { key, operator: absent ? 'absent' : 'exists', values: [] }
    }
    const sign = symbol()
    const keyword = word()
    at++
    if (sign !== undefined && EQUALITY[sign]) {
      return exact(key, EQUALITY[sign])
    }
    if (sign !== undefined && ORDER[sign]) {
      const bound = exact(key, ORDER[sign])
      return bound && integer(bound.values[0]) !== undefined ? bound : undefined
    }
    if (keyword === 'in' || keyword === 'notin') {
      const values = list()
      return values && { key, operator: keyword, values }
    }
    return undefined
  }

  function exact(key: string, operator: Requirement['operator']): Requirement | undefined {
    if (at === tokens.length || symbol() === ',') return { key, operator, values: [''] }
    const value = word()
    if (value === undefined || !isLabelText(value)) return undefined
    at++
    return { key, operator, values: [value] }
  }

  /** `(a,b)`; an empty place between commas is the empty value. */
  function list(): string[] | undefined {
    if (symbol() !== '(') return undefined
    at++
    if (symbol() === ')') return undefined
    const values: string[] = []
    for (;;) {
      const value = word()
      if (value !== undefined) at++
      if (!isLabelText(value ?? '')) return undefined
      values.push(value ?? '')
      const next = symbol()
      at++
      if (next === ')') return values
      if (next !== ',') return undefined
    }
  }

  while (at < tokens.length) {
    if (requirements.length > 0) {
      if (symbol() !== ',') return undefined
      at++
    }
    const requirement = one()
    if (!requirement) return undefined
    requirements.push(requirement)
  }
  return requirements
}
