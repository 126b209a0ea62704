import {
  GraphQLError,
  Kind,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { inputError, type ErrorCode } from '../../../resolvers/errors.ts'

/** What a document may hold; fragments count as often as they are spread. */
export interface DocumentLimits {
  tokens: number
  depth: number
  aliases: number
  rootFields: number
  directives: number
  /** Objects that the operations of a request may read. */
  cost: number
  /** Operations of one HTTP request. */
  batch: number
}

export const defaultLimits: DocumentLimits = {
  tokens: 15_000,
  depth: 15,
  aliases: 50,
  rootFields: 20,
  directives: 50,
  cost: 10_000,
  batch: 10,
}

/** Sizes of one selection set with its fragments inlined. */
export interface Measure {
  depth: number
  aliases: number
  fields: number
  directives: number
}

const nothing: Measure = { depth: 0, aliases: 0, fields: 0, directives: 0 }

/** Sizes of a document's largest operation. Introspection has no depth of its own and cyclic fragments count once. */
function measure(document: DocumentNode): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  }
  const measured = new Map<string, Measure>()

  const ofFragment = (name: string): Measure => {
    const known = measured.get(name)
    if (known) return known
    measured.set(name, nothing)
    const fragment = fragments.get(name)
    const result = fragment ? ofSelections(fragment.selectionSet) : nothing
    measured.set(name, result)
    return result
  }

  const ofSelections = (set: SelectionSetNode): Measure => {
    const total = { ...nothing }
    for (const selection of set.selections) {
      total.directives += selection.directives?.length ?? 0
      if (selection.kind === Kind.FIELD) {
        total.fields++
        if (selection.alias) total.aliases++
        const inner = selection.selectionSet ? ofSelections(selection.selectionSet) : nothing
        const deep = selection.name.value.startsWith('__') ? 0 : inner.depth + 1
        total.depth = Math.max(total.depth, deep)
        total.aliases += inner.aliases
        total.directives += inner.directives
      } else {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(selection.name.value)
            : ofSelections(selection.selectionSet)
        total.fields += inner.fields
        total.depth = Math.max(total.depth, inner.depth)
        total.aliases += inner.aliases
        total.directives += inner.directives
      }
    }
    return total
  }

  const largest = { ...nothing }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const found = ofSelections(definition.selectionSet)
    const own = definition.directives?.length ?? 0
    largest.depth = Math.max(largest.depth, found.depth)
    largest.aliases = Math.max(largest.aliases, found.aliases)
    largest.fields = Math.max(largest.fields, found.fields)
    largest.directives = Math.max(largest.directives, found.directives + own)
  }
  return largest
}

/** The document behind `source`, or undefined where it does not parse: the server proper reports that. */
function parsed(source: string, tokens: number): DocumentNode | undefined {
  try {
    return parse(source, { noLocation: true, maxTokens: tokens })
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('tokens')) {
      throw inputError(`the document has more than ${tokens} tokens`, 'TOKEN_LIMIT', 400)
    }
    return undefined
  }
}

/** A document as it is before anything else looks at it. */
export interface MeasuredDocument {
  /** Absent where the text does not parse. */
  readonly document: DocumentNode | undefined
  readonly size: Measure
  /** Whether its text asks for the schema. */
  readonly introspects: boolean
}

/** Reads and measures a document. Throws a GraphQLError with code TOKEN_LIMIT, HTTP 400. */
export function measureDocument(source: string, tokens: number): MeasuredDocument {
  const document = parsed(source, tokens)
  if (!document) return { document, size: nothing, introspects: false }
  const introspects = /\b(?:__schema|__type|_service)\b/.test(source)
  return { document, size: measure(document), introspects }
}

/**
 * Refuses a document that is too large to be validated.
 * Throws a GraphQLError with code DEPTH_LIMIT, ALIAS_LIMIT, ROOT_FIELD_LIMIT or DIRECTIVE_LIMIT, HTTP 400.
 */
export function demandSize(size: Measure, limits: DocumentLimits): void {
  const refuse = (what: string, limit: number, code: ErrorCode) => {
    throw inputError(`the document ${what}, at most ${limit} are allowed`, code, 400)
  }
  const { depth, aliases, fields, directives } = size
  if (depth > limits.depth) refuse(`is ${depth} levels deep`, limits.depth, 'DEPTH_LIMIT')
  if (aliases > limits.aliases) refuse(`has ${aliases} aliases`, limits.aliases, 'ALIAS_LIMIT')
  if (fields > limits.rootFields) {
    refuse(`has ${fields} root fields`, limits.rootFields, 'ROOT_FIELD_LIMIT')
  }
  if (directives > limits.directives) {
    refuse(`has ${directives} directives`, limits.directives, 'DIRECTIVE_LIMIT')
  }
}
