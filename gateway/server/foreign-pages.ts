import type { IncomingMessage, ServerResponse } from 'node:http'

export interface PagesOptions {
  /** Put on every answer that does not have them by itself; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Origins (scheme, host, port) whose pages may read answers; `*` = any. */
  readonly allowedOrigins: readonly string[]
  /** Whether pages of other origins are kept from opening websockets, too. */
  readonly checkSockets: boolean
}

/** What browsers are told of answers, and which pages may have them. */
export interface Pages {
  /** Puts headers on an answer. Returns true where it has been given already: to a preflight. */
  answer(req: IncomingMessage, res: ServerResponse): boolean
  /** Whether the page that opens a websocket may have one; programs that are no browsers send no Origin. */
  admits(req: IncomingMessage): boolean
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
/** Seconds that a browser may go by a preflight. */
const MAX_AGE = '600'

/**
 * Sharing across origins (Fetch standard, "CORS protocol") and headers by configuration. Credentials are never shared:
 * nothing here is known by a cookie, and a page that may ask has to bring its token itself.
 */
export function createPages({ headers, allowedOrigins, checkSockets }: PagesOptions): Pages {
  const origins = new Set(allowedOrigins)
  const any = origins.has('*')
  const fixed = Object.entries(headers)
  return {
    answer(req, res) {
      for (const [name, value] of fixed) res.setHeader(name, value)
      if (origins.size === 0) return false
      const { origin } = req.headers
      if (!any) res.setHeader('vary', 'Origin')
      if (origin === undefined || !(any || origins.has(origin))) return false
      res.setHeader('access-control-allow-origin', any ? '*' : origin)
      const asked = req.headers['access-control-request-method']
      if (req.method !== 'OPTIONS' || asked === undefined) {
        res.setHeader('access-control-expose-headers', '*')
        return false
      }
      const wanted = req.headers['access-control-request-headers']
      res.setHeader('access-control-allow-methods', METHODS)
      if (wanted !== undefined) res.setHeader('access-control-allow-headers', wanted)
      res.setHeader('access-control-max-age', MAX_AGE)
      res.writeHead(204).end()
      return true
    },
    admits({ headers: { origin, host } }) {
      if (!checkSockets || origin === undefined || any || origins.has(origin)) return true
      return host !== undefined && URL.parse(origin)?.host === host.toLowerCase()
    },
  }
}
