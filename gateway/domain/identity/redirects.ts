import { invalidRequest } from './errors.ts'
import type { OAuthClient } from './types.ts'

/** Schemes that a browser would run or read instead of going somewhere. */
const UNSAFE = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:'])

/** Redirect URIs of a client that parse as URLs and lead somewhere. */
export function registeredURIs(client: OAuthClient): string[] {
  return client.redirectURIs.filter(
    (uri) => URL.canParse(uri) && !UNSAFE.has(new URL(uri).protocol),
  )
}

/**
 * The URI to send the browser to: `asked` if it is registered, letter for letter, the first registered one if none is
 * asked for. Throws OAuthError 400 `invalid_request`.
 */
export function resolveRedirect(client: OAuthClient, asked: string): string {
  const registered = registeredURIs(client)
  const uri = asked === '' ? registered[0] : registered.find((one) => one === asked)
  if (uri === undefined) throw invalidRequest('Redirect URI is not allowed.')
  return uri
}

/** As Go's `url.Values.Encode`: sorted by key, form-encoded. */
export function encodeParams(params: Record<string, string>): string {
  const sorted = Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return new URLSearchParams(sorted).toString()
}

/** Parts of a URI around its query and fragment, spelled as they stand. */
export function splitURI(uri: string): { base: string; query: string } {
  const [whole = ''] = uri.split('#')
  const question = whole.indexOf('?')
  return question < 0
    ? { base: whole, query: '' }
    : { base: whole.slice(0, question), query: whole.slice(question + 1) }
}

/** `uri` with `params` added to its query, keys sorted; of a key that is there already the new value counts. */
export function withParams(uri: string, params: Record<string, string>): string {
  const { base, query } = splitURI(uri)
  const all = { ...Object.fromEntries(new URLSearchParams(query)), ...params }
  return Object.keys(all).length === 0 ? base : `${base}?${encodeParams(all)}`
}
