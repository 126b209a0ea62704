import type { AuthEntry } from './docker-config.ts'
import { refused, type Outbound } from './http.ts'
import { openSession } from './session.ts'

/**
 * Whether a registry takes the login of an entry: with a bearer challenge the token service says so, with a Basic one
 * the registry; an open registry takes any. Throws RegistryError where it does not.
 */
export async function verifyLogin(outbound: Outbound, entry: AuthEntry): Promise<void> {
  const session = await openSession(outbound, { registry: entry.registry, entry, scopes: [] })
  if (session.challenge?.scheme !== 'basic') return
  const path = '/v2/'
  const answer = await session.get({ step: 'ping', path, accept: '*/*', limit: 64 * 1024 })
  if (answer.status !== 200) throw refused('ping', new URL(path, session.origin), answer)
}
