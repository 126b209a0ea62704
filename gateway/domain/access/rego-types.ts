import type { Statement, Term } from './rego-body.ts'

/** What a term is before any input is known; `any` for what the input decides. */
type Type = 'string' | 'boolean' | 'any' | { readonly items: Type }

type Types = Map<string, Type>

/**
 * Whether no statement is an error to OPA's type checker: it refuses a whole module for a comparison that can never
 * hold or an argument that can never fit, where this reader would only find that block untrue. Comparisons of two
 * written-out lists and lists of mixed types are left to OPA as well.
 */
export function typesFit(statements: readonly Statement[]): boolean {
  const known: Types = new Map()
  return statements.every((statement) => {
    if (statement.kind === 'true') return typeOf(statement.term, known) !== undefined
    if (statement.kind === 'equal') {
      return comparable(typeOf(statement.left, known), typeOf(statement.right, known))
    }
    const type = typeOf(statement.value, known)
    if (type !== undefined) known.set(statement.name, type)
    return type !== undefined
  })
}

/** Undefined where OPA would refuse the term, or might. */
function typeOf(term: Term, known: Types): Type | undefined {
  switch (term.kind) {
    case 'constant':
      return typeof term.value === 'string' ? 'string' : 'boolean'
    case 'variable':
      return known.get(term.name)
    case 'input':
      return 'any'
    case 'any': {
      const of = typeOf(term.of, known)
      return typeof of === 'object' ? of.items : of === 'any' ? of : undefined
    }
    case 'array':
      return typeOfArray(term.items.map((item) => typeOf(item, known)))
    default:
      return typeOfCall(
        term.name,
        term.args.map((arg) => typeOf(arg, known)),
      )
  }
}

/** Lists of texts, of booleans, or of what the input decides with texts among it. */
function typeOfArray(items: readonly (Type | undefined)[]): Type | undefined {
  if (items.length === 0) return undefined
  if (items.every((item) => item === 'boolean')) return { items: 'boolean' }
  if (!items.every(isText)) return undefined
  return { items: items.includes('any') ? 'any' : 'string' }
}

function typeOfCall(name: string, args: readonly (Type | undefined)[]): Type | undefined {
  const [first, second] = args
  if (!isText(first)) return undefined
  if (name === 'concat') {
    const texts = typeof second === 'object' ? isText(second.items) : second === 'any'
    return texts ? 'string' : undefined
  }
  if (!isText(second)) return undefined
  return name.startsWith('trim') ? 'string' : 'boolean'
}

function isText(type: Type | undefined): boolean {
  return type === 'string' || type === 'any'
}

function comparable(left: Type | undefined, right: Type | undefined): boolean {
  if (left === undefined || right === undefined) return false
  if (left === 'any' || right === 'any') return true
  return typeof left === 'string' && left === right
}
