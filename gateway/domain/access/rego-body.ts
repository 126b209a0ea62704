import type { Token } from './rego-lex.ts'
import { typesFit } from './rego-types.ts'

export type Term =
  | { readonly kind: 'constant'; readonly value: string | boolean }
  | { readonly kind: 'array'; readonly items: readonly Term[] }
  /** `input.A.B`. */
  | { readonly kind: 'input'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string }
  /** `term[_]`: any element. */
  | { readonly kind: 'any'; readonly of: Term }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Term[] }

export type Statement =
  | { readonly kind: 'assign'; readonly name: string; readonly value: Term }
  | { readonly kind: 'equal'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'true'; readonly term: Term }

/** Functions of the subset with the number of their arguments. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  assign: 2,
  equal: 2,
  startswith: 2,
  endswith: 2,
  trim_prefix: 2,
  trim_suffix: 2,
  concat: 2,
}

/** Words that OPA takes for something else than a variable. */
const RESERVED = new Set(
  'as contains data default else every false if import in input not null package some true with'.split(
    ' ',
  ),
)
/** What is an object of the input: the subset has none. */
const OBJECTS = new Set(['User', 'User.Extra'])
/** How deep terms may nest. */
const DEEPEST = 20

class Unreadable extends Error {}

/** The statements of a body; undefined where one lies outside the subset. */
export function parseBody(tokens: readonly Token[]): Statement[] | undefined {
  try {
    const statements = split(tokens).map(parseStatement)
    const sound = statements.length > 0 && variablesAreSound(statements) && typesFit(statements)
    return sound ? statements : undefined
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

/** At statement ends, those inside brackets apart. */
function split(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'mark' && '([{'.includes(token.text)) depth++
    if (token.kind === 'mark' && ')]}'.includes(token.text)) depth--
    if (token.kind !== 'end') parts.at(-1)?.push(token)
    else if (depth === 0) parts.push([])
  }
  return parts.filter((part) => part.length > 0)
}

function parseStatement(tokens: readonly Token[]): Statement {
  const reader = new Reader(tokens)
  const left = reader.term()
  const operator = reader.next()
  if (operator === undefined) return fromCall(left)
  if (operator.kind !== 'mark') throw new Unreadable()
  const right = reader.term()
  if (reader.next() !== undefined) throw new Unreadable()
  if (operator.text === '==') return { kind: 'equal', left, right }
  if (operator.text === ':=') return assignment(left, right)
  throw new Unreadable()
}

/** `assign(x, y)` and `equal(x, y)` are what aggregation prints for `:=` and `==`. */
function fromCall(term: Term): Statement {
  const [left, right] = term.kind === 'call' ? term.args : []
  if (term.kind !== 'call' || !left || !right) return { kind: 'true', term }
  if (term.name === 'assign') return assignment(left, right)
  if (term.name === 'equal') return { kind: 'equal', left, right }
  return { kind: 'true', term }
}

function assignment(left: Term, value: Term): Statement {
  if (left.kind !== 'variable' || Object.hasOwn(FUNCTIONS, left.name)) throw new Unreadable()
  return { kind: 'assign', name: left.name, value }
}

/** Each variable assigned once, before its use, to a term of one value. */
function variablesAreSound(statements: readonly Statement[]): boolean {
  const known = new Set<string>()
  const sound = (term: Term): boolean => {
    if (term.kind === 'variable') return known.has(term.name)
    if (term.kind === 'any') return sound(term.of)
    if (term.kind === 'array') return term.items.every(sound)
    if (term.kind !== 'call') return true
    return term.name !== 'assign' && term.name !== 'equal' && term.args.every(sound)
  }
  return statements.every((statement) => {
    if (statement.kind === 'equal') return sound(statement.left) && sound(statement.right)
    if (statement.kind === 'true') return sound(statement.term)
    if (known.has(statement.name) || !sound(statement.value) || hasAny(statement.value))
      return false
    known.add(statement.name)
    return true
  })
}

function hasAny(term: Term): boolean {
  if (term.kind === 'any') return true
  if (term.kind === 'array') return term.items.some(hasAny)
  return term.kind === 'call' && term.args.some(hasAny)
}

class Reader {
  #at = 0
  #depth = 0
  readonly #tokens: readonly Token[]

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  term(): Term {
    if (++this.#depth > DEEPEST) throw new Unreadable()
    let term = this.#primary()
    while (this.#skip('[')) {
      if (!this.#skip('_') || !this.#skip(']')) throw new Unreadable()
      term = { kind: 'any', of: term }
    }
    this.#depth--
    return term
  }

  #primary(): Term {
    const token = this.next()
    if (!token) throw new Unreadable()
    if (token.kind === 'string') return { kind: 'constant', value: token.text }
    if (token.kind === 'mark' && token.text === '[') {
      return { kind: 'array', items: this.#list(']') }
    }
    if (token.kind !== 'name' || token.text === '_') throw new Unreadable()
    if (token.text === 'true' || token.text === 'false') {
      return { kind: 'constant', value: token.text === 'true' }
    }
    const [root, ...path] = token.text.split('.')
    if (path.some((word) => RESERVED.has(word)) || OBJECTS.has(path.join('.'))) {
      throw new Unreadable()
    }
    if (root === 'input' && path.length > 0) return { kind: 'input', path }
    if (RESERVED.has(root ?? '') || path.length > 0) throw new Unreadable()
    if (this.#skip('(')) {
      const args = this.#list(')')
      if (FUNCTIONS[token.text] !== args.length) throw new Unreadable()
      return { kind: 'call', name: token.text, args }
    }
    return { kind: 'variable', name: token.text }
  }

  #list(close: string): Term[] {
    const items: Term[] = []
    while (!this.#skip(close)) {
      if (items.length > 0 && !this.#skip(',')) throw new Unreadable()
      if (items.length > 0 && this.#skip(close)) break
      items.push(this.term())
    }
    return items
  }

  #skip(text: string): boolean {
    const token = this.#tokens[this.#at]
    if (!token || token.kind === 'string' || token.text !== text) return false
    this.#at++
    return true
  }
}
