import {
  GraphQLError,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
} from 'graphql'
import { formatError, requestError } from '../../../../resolvers/errors.ts'

/** Why an operation has no more answers, as its client is told. */
export class OperationError extends Error {
  override readonly name = 'OperationError'
  readonly errors: readonly GraphQLFormattedError[]

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message ?? 'the operation ended')
    this.errors = errors
  }
}

/** What clients read of errors: the same as over plain HTTP, without the HTTP status. */
export interface Wording {
  /** Whatever was thrown. `requestId` names the operation in the log. */
  told(error: unknown, requestId?: string): OperationError
  /** Errors of graphql. */
  refusal(errors: readonly GraphQLError[], requestId: string): OperationError
  /** The answer of an execution. */
  answer(result: ExecutionResult, requestId: string): FormattedExecutionResult
}

/** `report` gets every error whose message clients do not see. */
export function createWording(report: (error: unknown) => void): Wording {
  function formatted(error: GraphQLError, requestId?: string): GraphQLFormattedError {
    const plain = error.toJSON()
    const code = plain.extensions?.code ?? 'INTERNAL_SERVER_ERROR'
    const told = formatError({ ...plain, extensions: { ...plain.extensions, code } }, error, report)
    const { http: _status, ...extensions } = told.extensions ?? {}
    return { ...told, extensions: { ...extensions, ...(requestId ? { requestId } : {}) } }
  }
  return {
    told: (error, requestId) =>
      error instanceof OperationError
        ? error
        : new OperationError([formatted(requestError(error), requestId)]),
    refusal: (errors, requestId) =>
      new OperationError(errors.map((error) => formatted(error, requestId))),
    answer({ errors, ...rest }, requestId) {
      if (!errors) return rest
      return { ...rest, errors: errors.map((error) => formatted(error, requestId)) }
    },
  }
}
