import type { Statement, Term } from './rego-body.ts'

type Value = string | boolean | readonly Value[]
/** Beyond so many combinations a term counts as absent. */
const MOST_LISTS = 10_000

type Variables = ReadonlyMap<string, Value>

/** Whether every statement is true of `input`; a value that is not there makes its statement false. */
export function holds(statements: readonly Statement[], input: object): boolean {
  const variables = new Map<string, Value>()
  return statements.every((statement) => {
    if (statement.kind === 'assign') {
      const [value] = values(statement.value, input, variables)
      if (value === undefined) return false
      variables.set(statement.name, value)
      return true
    }
    if (statement.kind === 'true') {
      return values(statement.term, input, variables).some((value) => value !== false)
    }
    const right = values(statement.right, input, variables)
    return values(statement.left, input, variables).some((one) =>
      right.some((other) => same(one, other)),
    )
  })
}

/** Every value that a term can take. */
function values(term: Term, input: object, variables: Variables): readonly Value[] {
  switch (term.kind) {
    case 'constant':
      return [term.value]
    case 'variable': {
      const value = variables.get(term.name)
      return value === undefined ? [] : [value]
    }
    case 'input':
      return lookup(input, term.path)
    case 'any':
      return values(term.of, input, variables).flatMap((value) => (isArray(value) ? value : []))
    case 'array':
      return combine(term.items, input, variables)
    default: {
      const [args, ...others] = combine(term.args, input, variables)
      if (!args) return []
      const first = call(term.name, args)
      if (others.length === 0) return first
      return [...first, ...others.flatMap((other) => call(term.name, other))]
    }
  }
}

/** Every list that takes one value of each term. */
function combine(terms: readonly Term[], input: object, variables: Variables): readonly Value[][] {
  let lists: Value[][] = [[]]
  for (const term of terms) {
    const options = values(term, input, variables)
    if (lists.length * options.length > MOST_LISTS) return []
    const [only] = options
    // Nearly every term has one value, and then there is one list: it grows.
    if (options.length === 1 && only !== undefined) for (const list of lists) list.push(only)
    else lists = lists.flatMap((list) => options.map((option) => [...list, option]))
  }
  return lists
}

function call(name: string, args: readonly Value[]): readonly Value[] {
  const [first, second] = args
  if (name === 'concat') {
    const texts = isArray(second) && second.every((item) => typeof item === 'string')
    return typeof first === 'string' && texts ? [second.join(first)] : []
  }
  if (typeof first !== 'string' || typeof second !== 'string') return []
  switch (name) {
    case 'startswith':
      return [first.startsWith(second)]
    case 'endswith':
      return [first.endsWith(second)]
    case 'trim_prefix':
      return [first.startsWith(second) ? first.slice(second.length) : first]
    case 'trim_suffix':
      return [second !== '' && first.endsWith(second) ? first.slice(0, -second.length) : first]
    default:
      return []
  }
}

function lookup(input: object, path: readonly string[]): readonly Value[] {
  let value: unknown = input
  for (const field of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return []
    value = (value as Record<string, unknown>)[field]
  }
  return isValue(value) ? [value] : []
}

function isValue(value: unknown): value is Value {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (Array.isArray(value) && value.every(isValue))
  )
}

function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

function same(one: Value, other: Value): boolean {
  if (!isArray(one) || !isArray(other)) return one === other
  return one.length === other.length && one.every((item, at) => same(item, other[at] ?? ''))
}
