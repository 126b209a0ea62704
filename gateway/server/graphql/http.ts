import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express'
import type { GraphQLFormattedError } from 'graphql'

/** Content types that a browser sends to another site without asking it first (Fetch standard, CORS-safelisted). */
const unasked = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])

/** Headers that make a browser ask first. */
const asking = ['x-apollo-operation-name', 'apollo-require-preflight']

export function answerError(
  res: Response,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const error: GraphQLFormattedError = { message, extensions: { code } }
  res
    .status(status)
    .set({ 'cache-control': 'no-store', ...headers })
    .json({ errors: [error] })
}

function essence(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/**
 * Refuses what another site could make a browser send in the user's name: a request that needs no CORS preflight and
 * carries credentials that the browser attaches by itself (a cookie, HTTP Basic). Bearer and anonymous requests pass.
 */
export function refuseForgedRequests(req: Request, res: Response, next: NextFunction): void {
  const type = essence(req.headers['content-type'])
  const simple =
    (type === '' || unasked.has(type)) && asking.every((header) => !(header in req.headers))
  const ambient =
    req.headers.cookie !== undefined || /^basic\b/i.test(req.headers.authorization ?? '')
  if (!simple || !ambient) return next()
  answerError(
    res,
    400,
    'BAD_REQUEST',
    'a request with a cookie or HTTP Basic credentials must be of type application/json or carry the header apollo-require-preflight',
  )
}

/** Only GET and POST, and only JSON in a body, each with the status of the GraphQL-over-HTTP draft. */
export function methodsAndTypes(req: Request, res: Response, next: NextFunction): void {
  if (req.method !== 'GET' && req.method !== 'POST') {
    return answerError(res, 405, 'METHOD_NOT_SUPPORTED', 'the graph is asked with GET or POST', {
      allow: 'GET, POST',
    })
  }
  const type = essence(req.headers['content-type'])
  if (req.method === 'POST' && type !== 'application/json') {
    return answerError(
      res,
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      `a body must be of type application/json, not ${type || 'nameless'}`,
    )
  }
  next()
}

interface BodyError {
  status: number
  type: string
  message: string
}

function isBodyError(error: unknown): error is BodyError {
  return error instanceof Error && 'status' in error && 'type' in error
}

/** Renders what went wrong before Apollo: a body that is too large, not JSON or in an unknown charset. */
export function bodyErrors(report: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error)
    if (isBodyError(error) && error.status >= 400 && error.status < 500) {
      const code = error.status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_USER_INPUT'
      return answerError(res, error.status, code, error.message)
    }
    report(error)
    answerError(res, 500, 'INTERNAL_SERVER_ERROR', 'internal server error')
  }
}
