import { OAuthError } from '../../../gateway/domain/identity/index.ts'
import { ApiError } from '../../../gateway/lib/errors.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { json } from '../../wire/json.ts'
import { sanitize } from '../../wire/errors.ts'

const FORM_LIMIT = 1024 * 1024

/** Parameters of a form body; the query is not looked at. Throws ApiError 413. */
export async function form(rq: RouteRequest): Promise<URLSearchParams> {
  return new URLSearchParams(Buffer.from(await rq.bytes(FORM_LIMIT)).toString('utf8'))
}

/** `{"error", "error_description"}` of RFC 6749 §5.2; errors of other kinds are thrown on. */
export function oauthFailure(error: unknown): Reply {
  if (error instanceof OAuthError) {
    const { code, error: name, message } = error
    return json({ error: name, ...(message ? { error_description: message } : {}) }, code)
  }
  if (error instanceof ApiError && error.code === 503) {
    return json({ error: 'temporarily_unavailable', error_description: error.message }, 503)
  }
  throw error
}

/** 302 as Go's http.Redirect writes it: a link for GET, no body else. */
export function found(method: string, location: string): Reply {
  if (method !== 'GET') return { status: 302, headers: { location } }
  const href = sanitize(location).replaceAll('"', '&#34;').replaceAll("'", '&#39;')
  return {
    status: 302,
    headers: { location, 'content-type': 'text/html; charset=utf-8' },
    body: `<a href="${href}">Found</a>.\n\n`,
  }
}
