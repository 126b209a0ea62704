import type { Transform } from 'node:stream'
import { constants, createDeflate, createGunzip, createGzip, createInflate } from 'node:zlib'
import { createHtmlLinks } from '../../gateway/domain/extensions/index.ts'
import type { HeaderMap } from '../../gateway/domain/extensions/index.ts'

/** Response headers that must not pass: they would speak for this server's origin (pipeline.md §24.4). */
const CORS = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
]

/**
 * What a wrapped transport changes of a request: headers that describe the target itself, and of the compressions that
 * the client takes the one in which links can be found again.
 */
export function forwardedHeaders(origin: URL, path: string, asked: HeaderMap): HeaderMap {
  const gzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    String(asked['accept-encoding'] ?? ''),
  )
  return {
    'accept-encoding': gzip ? 'gzip' : undefined,
    'x-forwarded-uri': path.split('?')[0] ?? '/',
    'x-forwarded-host': origin.host,
    'x-forwarded-proto': origin.protocol.slice(0, -1),
  }
}

export interface Wrapped {
  status: number
  headers: HeaderMap
  through?: readonly Transform[]
}

/**
 * An answer as a wrapped transport passes it on: CORS headers removed, Location and the links of an HTML page made
 * absolute with the target's scheme and host. A page keeps its compression and comes as it is written; its length is no
 * longer known. Parts of a page (206) stay as they are, or they would not fit together.
 */
export function wrapResponse(origin: URL, status: number, answered: HeaderMap): Wrapped {
  const headers = { ...answered }
  for (const name of CORS) delete headers[name]
  const { location } = headers
  if (typeof location === 'string') {
    return { status, headers: { ...headers, location: absolute(origin, location) } }
  }
  const through = status === 206 ? undefined : pageStages(origin, headers)
  if (!through) return { status, headers }
  delete headers['content-length']
  return { status, headers, through }
}

/** What the body of a page goes through; undefined for what is no page, or compressed in a way that is not known here. */
function pageStages(origin: URL, headers: HeaderMap): readonly Transform[] | undefined {
  if (headers['content-length'] === '0') return undefined
  if (!/^\s*text\/html\s*(?:;|$)/i.test(String(headers['content-type'] ?? ''))) return undefined
  const links = createHtmlLinks((url) => absolute(origin, url))
  // What has come is passed on, not kept until a block is full.
  const flush = constants.Z_SYNC_FLUSH
  switch (String(headers['content-encoding'] ?? '').toLowerCase()) {
    case '':
    case 'identity':
      return [links]
    case 'gzip':
      return [createGunzip(), links, createGzip({ flush })]
    case 'deflate':
      return [createInflate(), links, createDeflate({ flush })]
    default:
      return undefined
  }
}

/** A URL without host whose path starts at the root, or with the target's own host, by the target's scheme and host. */
function absolute(origin: URL, url: string): string {
  if (/^\/(?!\/)/.test(url)) return `${origin.origin}${url}`
  const [, host, path] = /^(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#]*)(\/.*)$/is.exec(url) ?? []
  return host === origin.host && path !== undefined ? `${origin.origin}${path}` : url
}
