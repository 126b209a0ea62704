import type { IncomingHttpHeaders } from 'node:http'
import { requestInfo } from '../../gateway/context/index.ts'
import { withoutIdentity } from '../../gateway/domain/extensions/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { decodePath, hasDotSegment, parseQuery } from '../../gateway/lib/go-url.ts'
import type { Reply } from '../routes/registry.ts'
import { internalError, sanitize } from '../wire/errors.ts'
import type { Exchange, Layer } from './exchange.ts'

/**
 * Layer 1 (pipeline.md §5): the header and query rewriting that comes first, then RequestInfo. Identity headers
 * (`X-Remote-*`, `Impersonate-*`) end here, on every path. Dot segments are refused: what the authorizer judges and what
 * an upstream makes of the path must be the same thing.
 */
export const requestInfoLayer: Layer = {
  name: 'request-info',
  run(x) {
    const [rawPath, rawQuery] = splitTarget(x.target)
    const path = decodePath(rawPath)
    if (path === undefined || path.includes('\0')) return plain(400, '400 Bad Request')
    x.path = path
    rewriteHeaders(x, rawQuery)
    if (hasDotSegment(path)) return plain(400, 'path must not contain dot segments\n')
    try {
      x.info = requestInfo(x.view())
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code < 500) return plain(error.code, `${sanitize(error.message)}\n`)
      // The misspelling is the original's; clients grep for it.
      return internalError(x.target, `failed to crate RequestInfo: ${error.message}`)
    }
    return undefined
  },
}

function plain(status: number, body: string): Reply {
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    },
    body,
  }
}

/** Path and raw query of a request target; an absolute form loses scheme and host. */
export function splitTarget(target: string): [string, string] {
  const origin = /^https?:\/\/[^/?#]*/i.exec(target)?.[0] ?? ''
  const local = target.slice(origin.length)
  const mark = local.indexOf('?')
  const path = mark < 0 ? local : local.slice(0, mark)
  return [path === '' ? '/' : path, mark < 0 ? '' : local.slice(mark + 1)]
}

function rewriteHeaders(x: Exchange, rawQuery: string): void {
  const headers: IncomingHttpHeaders = { ...withoutIdentity(x.headers) }
  const forwarded = headers['x-kubesphere-authorization']
  if (!headers.authorization && typeof forwarded === 'string' && forwarded !== '') {
    headers.authorization = forwarded
    delete headers['x-kubesphere-authorization']
  }
  let query = rawQuery
  if (query.includes('dryrun') && parseQuery(query).some(([key]) => key === 'dryrun')) {
    query = query.replace('dryrun', 'dryRun')
  }
  const carried = headers['x-kubesphere-rawquery']
  if (query === '' && typeof carried === 'string' && carried !== '') {
    query = carried
    delete headers['x-kubesphere-rawquery']
  }
  x.headers = headers
  x.rawQuery = query
}
