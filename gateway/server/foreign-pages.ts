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
      if (!any) varyByOrigin(res)
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

type Headers = Record<string, number | string | readonly string[] | undefined>

/** Origin is among the Vary of an answer, whatever the answer says of that by itself. */
function varyByOrigin(res: ServerResponse): void {
  res.setHeader('vary', 'Origin')
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse
  res.writeHead = (...args: unknown[]) => {
    res.setHeader('vary', withOrigin(res.getHeader('vary')))
    const own = args.at(-1)
    if (typeof own === 'object' && own !== null) {
      const more = Array.isArray(own) ? ofList(own as string[]) : ofMap(own as Headers)
      args.splice(-1, 1, more)
    }
    return writeHead(...args)
  }
}

function withOrigin(vary: Headers[string]): string {
  const names = [vary ?? []].flat().join(', ')
  if (names === '') return 'Origin'
  return /(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(names) ? names : `${names}, Origin`
}

const isVary = (name: string | undefined): boolean => name?.toLowerCase() === 'vary'

/** Names and values by turns, as they came from an upstream. */
function ofList(headers: readonly string[]): string[] {
  return headers.map((text, at) =>
    at % 2 === 1 && isVary(headers[at - 1]) ? withOrigin(text) : text,
  )
}

function ofMap(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isVary(name) ? withOrigin(value) : value,
    ]),
  )
}
