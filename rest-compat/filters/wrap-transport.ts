import type { HeaderMap } from '../../gateway/domain/extensions/index.ts'

/** Response headers that must not pass: they would speak for this server's origin (pipeline.md §24.4). */
const CORS = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
]

/** Request headers that describe the target itself, as the original's wrapped transport sets them. */
export function forwardedHeaders(origin: URL, path: string): HeaderMap {
  return {
    'x-forwarded-uri': path.split('?')[0] ?? '/',
    'x-forwarded-host': origin.host,
    'x-forwarded-proto': origin.protocol.slice(0, -1),
  }
}

/** Location made absolute with the target's scheme and host, CORS headers removed. */
export function wrapResponse(origin: URL, headers: HeaderMap): HeaderMap {
  const out = { ...headers }
  for (const name of CORS) delete out[name]
  const { location } = out
  if (typeof location === 'string') out['location'] = absolute(origin, location)
  return out
}

function absolute(origin: URL, location: string): string {
  if (location.startsWith('/') && !location.startsWith('//')) return `${origin.origin}${location}`
  if (!URL.canParse(location)) return location
  const url = new URL(location)
  if (url.host !== origin.host) return location
  return `${origin.origin}${url.pathname}${url.search}${url.hash}`
}
