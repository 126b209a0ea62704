import { ApiError, reasonFor } from '../../lib/errors.ts'

/** A refusal in the terms of OAuth: `error` and `error_description` of RFC 6749 §5.2; iam-oauth.md §9. */
export class OAuthError extends ApiError {
  readonly error: string

  constructor(code: number, error: string, description: string, cause?: unknown) {
    super(code, reasonFor(code), description, { cause })
    this.error = error
  }
}

export function invalidGrant(description: string, code = 400): OAuthError {
  return new OAuthError(code, 'invalid_grant', description)
}

export function invalidRequest(description: string): OAuthError {
  return new OAuthError(400, 'invalid_request', description)
}

export function serverError(cause?: unknown): OAuthError {
  const description = 'An internal server error occurred while processing the request.'
  return new OAuthError(500, 'server_error', description, cause)
}

/** What a failure inside a grant becomes: refusals and 503 stay, anything else is a 500 without its text. */
export function asOAuthError(error: unknown): ApiError {
  if (error instanceof OAuthError) return error
  if (error instanceof ApiError && error.code === 503) return error
  return serverError(error)
}
