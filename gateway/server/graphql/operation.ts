import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { inputError } from '../../../resolvers/errors.ts'
import { outsideRequests } from '../../telemetry/index.ts'
import { costOf } from './cost.ts'
import type { LiveSchema } from './kinds.ts'
import {
  demandSize,
  measureDocument,
  type DocumentLimits,
  type MeasuredDocument,
} from './limits.ts'
import { needsKinds } from './needs.ts'
import type { PersistedDocuments } from './persisted.ts'
import { trustedText, type Manifest, type SentOperation } from './trusted.ts'

export interface DocumentRules {
  /** Most tokens of a document, whoever sends it. */
  readonly tokens: number
  /** The only documents that are run; absent = any. */
  readonly manifest: Manifest | undefined
  /** Where there is no manifest. */
  readonly persisted: PersistedDocuments
  /** Whether the schema is shown at all. */
  readonly introspection: boolean
  /** Whether it is shown to who is not logged in. */
  readonly introspectionForStrangers: boolean
  /** The hand-written schema, which is there from the start. */
  readonly core: GraphQLSchema
  readonly live: Pick<LiveSchema, 'schema' | 'hash' | 'ready'>
}

/** A document whose size is allowed and that may be run. */
export interface ReadDocument {
  readonly text: string
  /** Absent where the text does not parse. */
  readonly document: DocumentNode | undefined
}

/** An operation that can be executed on its schema. */
export interface PreparedOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>
  /** What it may read, in objects. */
  readonly cost: number
}

/** Who sends a document. */
export interface Sender {
  /** Not logged in. */
  readonly stranger: boolean
  readonly limits: DocumentLimits
  /** Whether hashes that are not known are told here, and documents kept by theirs; Apollo Server does so for plain requests. */
  readonly persists?: boolean
}

/** The checks of a document, the same however it came. */
export interface Documents {
  /**
   * The document that was sent, by its text or its hash. Throws a GraphQLError for one that is too large for its sender, not
   * of the manifest, or about the schema where that is not shown. Without a sender nothing but the number of tokens counts.
   */
  read(sent: SentOperation, by?: Sender): ReadDocument
  /** Waits until the types of kinds are there, for a while. */
  kinds(): Promise<void>
  /** The same, where a document needs them. */
  kindsFor(document: DocumentNode): Promise<void>
  /** Checks an operation of `read`'s against the schema of now, its variables and its cost; an array is why not. */
  prepare(
    read: ReadDocument,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
    limits: DocumentLimits,
  ): PreparedOperation | readonly GraphQLError[]
  /** Whether a document has a meaning in the schema of now. */
  stands(read: ReadDocument): boolean
}

/** Milliseconds that a request waits for the types of kinds, after a start. */
const kindsWait = 30_000

/** Mistakes in variables that are told. */
const toldMistakes = 50

/** Validated documents that are kept for one schema, and the longest that is. */
const keptDocuments = { count: 500, length: 16_384 }

function coded(error: GraphQLError, code: string): GraphQLError {
  Object.assign(error.extensions, { code })
  return error
}

/** What a document says wrong of a schema that is not shown must not show it. */
function discreet(error: GraphQLError): GraphQLError {
  error.message = error.message.replace(/ ?Did you mean(.+?)\?$/, '')
  return error
}

/** The operation that is meant. Throws a GraphQLError where the document has none of that name, or does not parse. */
export function operationOf(
  { text, document }: ReadDocument,
  name: string | null | undefined,
): OperationDefinitionNode {
  if (!document) throw syntaxError(text)
  const operation = getOperationAST(document, name)
  if (operation) return operation
  throw inputError(
    name
      ? `the document has no operation named "${name}"`
      : 'the document has not exactly one operation, and none is named',
  )
}

function syntaxError(text: string): GraphQLError {
  if (!text) return inputError('the operation has no document')
  try {
    parse(text)
  } catch (error) {
    if (error instanceof GraphQLError) return coded(error, 'GRAPHQL_PARSE_FAILED')
  }
  return inputError('the document does not parse', 'BAD_USER_INPUT')
}

export function createDocuments(rules: DocumentRules): Documents {
  const { tokens, manifest, persisted, core, live } = rules
  const validationRules = rules.introspection
    ? specifiedRules
    : [...specifiedRules, NoSchemaIntrospectionCustomRule]
  const known = new WeakMap<GraphQLSchema, Map<string, readonly GraphQLError[]>>()
  /** By text: those who ask the same share what came of it for as long as they ask. */
  const texts = new Map<string, ReadDocument & MeasuredDocument>()

  function measured(text: string): ReadDocument & MeasuredDocument {
    const before = texts.get(text)
    if (before) return before
    const found = { text, ...measureDocument(text, tokens) }
    if (text.length > keptDocuments.length || !found.document) return found
    if (texts.size >= keptDocuments.count) texts.clear()
    texts.set(text, found)
    return found
  }

  function mistakes(
    schema: GraphQLSchema,
    text: string,
    document: DocumentNode,
  ): readonly GraphQLError[] {
    if (validate(schema, document, validationRules).length === 0) return []
    // Once more with places, which a document that is right does not need.
    return validate(schema, parse(text), validationRules).map((error) =>
      coded(rules.introspection ? error : discreet(error), 'GRAPHQL_VALIDATION_FAILED'),
    )
  }

  function errorsOf({ text, document }: ReadDocument): readonly GraphQLError[] {
    if (!document) return [syntaxError(text)]
    const { schema } = live
    const ofSchema = known.get(schema) ?? new Map<string, readonly GraphQLError[]>()
    known.set(schema, ofSchema)
    const before = ofSchema.get(text)
    if (before) return before
    const errors = mistakes(schema, text, document)
    if (text.length > keptDocuments.length) return errors
    if (ofSchema.size >= keptDocuments.count) ofSchema.clear()
    ofSchema.set(text, errors)
    return errors
  }

  // The first request that needs them has them read for all.
  const kinds = () => outsideRequests(() => live.ready(kindsWait))

  return {
    read(sent, by) {
      const text = manifest ? trustedText(manifest, sent) : persisted.textOf(sent)
      if (text === undefined && by?.persists) {
        // In the words of Apollo Server: clients know them.
        throw inputError('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND')
      }
      const read = measured(text ?? '')
      if (!by) return read
      demandSize(read.size, by.limits)
      if (read.introspects && by.stranger && !rules.introspectionForStrangers) {
        throw inputError('log in to read the schema', 'UNAUTHENTICATED', 401)
      }
      if (by.persists && !manifest) persisted.register(sent)
      return read
    },
    kinds,
    async kindsFor(document) {
      // The schema is chosen after this.
      if (!live.hash && needsKinds(document, core)) await kinds()
    },
    prepare(read, operation, variables, limits) {
      const errors = errorsOf(read)
      if (errors.length > 0 || !read.document) return errors
      const { schema } = live
      const { variableDefinitions = [] } = operation
      const given = getVariableValues(schema, variableDefinitions, variables, {
        maxErrors: toldMistakes,
      })
      if (given.errors) return given.errors.map((error) => coded(error, 'BAD_USER_INPUT'))
      const cost = costOf(schema, read.document, operation, variables)
      if (cost > limits.cost) return [costError(cost, limits.cost)]
      return { schema, document: read.document, operation, variables, cost }
    },
    stands: (read) => errorsOf(read).length === 0,
  }
}

/** What a request that would read too many objects is refused with. */
export function costError(cost: number, limit: number): GraphQLError {
  return inputError(
    `the document may read ${cost} objects, at most ${limit} are allowed`,
    'COST_LIMIT',
    400,
  )
}
