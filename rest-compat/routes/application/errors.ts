import { ApiError } from '../../../gateway/lib/errors.ts'
import { missingByResource } from '../../wire/errors.ts'
import { textError } from '../../wire/index.ts'
import type { Reply, RouteHandler, RouteRequest } from '../registry.ts'

const KEPT = new Set([400, 404, 413])

/**
 * @NOTE the store answers 404 for what is missing, 400 and 409 where it checks by itself, and 500 for everything else:
 * bad JSON, conflicts, refusals (platform-apis.md §0.3 "requestDone").
 */
export function requestDone(handler: RouteHandler): RouteHandler {
  return async (rq) => {
    try {
      return await handler(rq)
    } catch (error) {
      return failure(error)
    }
  }
}

/** @NOTE as `requestDone`, but what is missing is a 500, too: routes that update by POST, packages, files, examples. */
export function missingIs500(handler: RouteHandler): RouteHandler {
  return async (rq) => {
    try {
      return await handler(rq)
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return textError(error, 500)
      return failure(error)
    }
  }
}

function failure(error: unknown): Reply {
  if (!(error instanceof ApiError)) throw error
  const kept = KEPT.has(error.code) || error.reason === 'AlreadyExists'
  return textError(shown(error), kept ? error.code : 500)
}

const KINDS: Readonly<Record<string, string>> = {
  repos: 'Repo',
  applications: 'Application',
  applicationversions: 'ApplicationVersion',
  applicationreleases: 'ApplicationRelease',
  categories: 'Category',
}

/** @NOTE `Repo x already exists`, where Kubernetes says `repos.application.kubesphere.io "x" already exists`. */
function shown(error: ApiError): ApiError {
  const kind = KINDS[error.details?.kind ?? '']
  if (error.reason !== 'AlreadyExists' || !kind) return error
  const message = `${kind} ${error.details?.name ?? ''} already exists`
  return new ApiError(409, 'AlreadyExists', message, { cause: error })
}

/** The body; @NOTE one that cannot be read is a 500 in the store. Throws ApiError 422, 413. */
export async function storeEntity(rq: RouteRequest): Promise<unknown> {
  try {
    return await rq.entity()
  } catch (error) {
    throw unreadable(error)
  }
}

/** What `requestDone` makes a 500 of. */
export function unreadable(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== 400) return error
  return new ApiError(422, 'Invalid', error.message, { cause: error })
}

/** A handler whose missing objects are called by their resource. */
export function callsByResource(resource: string, handler: RouteHandler): RouteHandler {
  return async (rq) => {
    try {
      return await handler(rq)
    } catch (error) {
      throw missingByResource(error, resource)
    }
  }
}
