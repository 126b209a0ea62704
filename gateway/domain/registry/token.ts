import type { Challenge } from './challenge.ts'
import type { Login } from './docker-config.ts'
import { jsonObject, RegistryError } from './errors.ts'
import { ask, refused, type Outbound } from './http.ts'

const LONGEST_TOKEN = 64 * 1024

export interface TokenRequest {
  /** Origin of the registry that asks for the token. */
  readonly registry: URL
  readonly challenge: Challenge
  readonly login?: Login | undefined
  readonly scopes: readonly string[]
}

export function basicAuthorization({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/**
 * A token for a registry (distribution specification, "Token Authentication"). The login goes only to a token service of
 * the registry's own: the same host, or one under the same domain. Throws RegistryError.
 */
export async function fetchToken(
  outbound: Outbound,
  { registry, challenge, login, scopes }: TokenRequest,
): Promise<string> {
  const { realm = '', service } = challenge.parameters
  const url = URL.parse(realm)
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new RegistryError('token', 'malformed www-authenticate, missing realm')
  }
  if (registry.protocol === 'https:' && url.protocol !== 'https:') {
    throw new RegistryError('token', 'the token service of a registry with TLS must have TLS, too')
  }
  if (login && !belongsTo(url, registry)) {
    const message = `the token service ${url.host} does not belong to the registry ${registry.host}`
    throw new RegistryError('token', message)
  }
  url.username = ''
  url.password = ''
  url.hash = ''
  for (const scope of scopes) url.searchParams.append('scope', scope)
  if (service !== undefined) url.searchParams.set('service', service)
  const answer = await ask(outbound, {
    step: 'token',
    url,
    accept: 'application/json',
    authorization: login && basicAuthorization(login),
    limit: LONGEST_TOKEN,
  })
  if (answer.status !== 200) throw refused('token', url, answer)
  const fields = jsonObject('token', answer.body)
  const token = fields['token'] || fields['access_token']
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError('token', 'no token in bearer response')
  }
  return token
}

/** Whether a host is the registry's own, below it, or beside it below a domain of at least two labels. */
function belongsTo({ hostname }: URL, registry: URL): boolean {
  const own = registry.hostname
  if (hostname === own) return true
  if (/^[\d.]+$|:/.test(own)) return false
  const domain = own.slice(own.indexOf('.') + 1)
  const parents = domain.includes('.') && own.includes('.') ? [own, domain] : [own]
  return parents.some((parent) => hostname === parent || hostname.endsWith(`.${parent}`))
}
