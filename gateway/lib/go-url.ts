/**
 * URLs as Go's net/url treats them: a path is decoded once and encoded anew on its way out, a query is parsed into
 * pairs and written back sorted by key. Source: documentation of net/url (`EscapedPath`, `ParseQuery`, `Values.Encode`).
 */

const encoder = new TextEncoder()

function escapeWith(value: string, safe: RegExp): string {
  let out = ''
  for (const byte of encoder.encode(value)) {
    const character = String.fromCharCode(byte)
    out += safe.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

const PATH_SAFE = /[A-Za-z0-9\-_.~$&+,/:;=@]/
const PATH_CLEAN = /^[A-Za-z0-9\-_.~$&+,/:;=@]*$/
const QUERY_SAFE = /[A-Za-z0-9\-_.~]/
const QUERY_CLEAN = /^[A-Za-z0-9\-_.~]*$/

/** A decoded path, percent-encoded for a request line. */
export function escapePath(path: string): string {
  return PATH_CLEAN.test(path) ? path : escapeWith(path, PATH_SAFE)
}

/** A query key or value, percent-encoded, space as `+`. */
export function escapeQuery(value: string): string {
  return QUERY_CLEAN.test(value) ? value : escapeWith(value, QUERY_SAFE).replaceAll('%20', '+')
}

/** A percent-encoded path decoded; undefined where an escape is broken or the bytes are not UTF-8. */
export function decodePath(path: string): string | undefined {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** The pairs of a raw query in order. Pairs with `;` or a broken escape are left out, as Go leaves them out. */
export function parseQuery(rawQuery: string): [string, string][] {
  const pairs: [string, string][] = []
  for (const part of rawQuery.split('&')) {
    if (part === '' || part.includes(';')) continue
    const equals = part.indexOf('=')
    const key = unescapeQuery(equals < 0 ? part : part.slice(0, equals))
    const value = unescapeQuery(equals < 0 ? '' : part.slice(equals + 1))
    if (key !== undefined && value !== undefined) pairs.push([key, value])
  }
  return pairs
}

function unescapeQuery(text: string): string | undefined {
  return decodePath(text.replaceAll('+', ' '))
}

/** Pairs as Go encodes them: sorted by key, the values of one key in their order. */
export function encodeQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `${escapeQuery(key)}=${escapeQuery(value)}`)
    .join('&')
}

const ONE_PLAIN_PAIR = /^[A-Za-z0-9\-_.~]+=[A-Za-z0-9\-_.~]*$/

/** A raw query parsed and encoded anew: what every proxied hop of the original sends on. */
export function reencodeQuery(rawQuery: string): string {
  if (rawQuery === '' || ONE_PLAIN_PAIR.test(rawQuery)) return rawQuery
  return encodeQuery(parseQuery(rawQuery))
}

/**
 * A path without double slashes and dot segments, its trailing slash kept: what Go's ServeMux redirects to.
 * Source: documentation of net/http `ServeMux`, "Request sanitizing".
 */
export function cleanPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') segments.pop()
    else segments.push(segment)
  }
  const clean = `/${segments.join('/')}`
  return clean !== '/' && (path.endsWith('/') || path.endsWith('/.') || path.endsWith('/..'))
    ? `${clean}/`
    : clean
}

/** Whether a decoded path holds a `.` or `..` segment. */
export function hasDotSegment(path: string): boolean {
  return path.includes('/.') && /\/\.{1,2}(?:\/|$)/.test(path)
}
