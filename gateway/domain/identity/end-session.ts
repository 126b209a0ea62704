import { badRequest } from '../../lib/errors.ts'
import type { OAuthClients } from './oauth-clients.ts'
import { registeredURIs, withParams } from './redirects.ts'
import type { Sessions } from './sessions.ts'
import type { SigningKey } from './signing-key.ts'

export interface EndSessionRequest {
  /** An ID token of the login that is to end, whatever its age. */
  readonly idTokenHint: string
  /** Empty: it is told by the hint. */
  readonly clientId: string
  /** Where to go afterwards, registered by the client that the ID token is for; empty for nowhere. */
  readonly redirectUri: string
  readonly state: string
}

export interface EndSessionDeps {
  readonly clients: OAuthClients
  readonly sessions: Pick<Sessions, 'end'>
  readonly key: Pick<SigningKey, 'signed'>
  readonly issuer: string
}

/**
 * Logout by a relying party, whose browser has no bearer token: ends the login that the ID token came of. Returns where
 * the browser goes. Throws ApiError 400 for a hint that is no ID token of ours or not of that client, and for a URI that
 * the client has not registered; nothing ends then. Source: OpenID Connect RP-Initiated Logout 1.0, §2 and §3.
 */
export async function endSession(
  { clients, sessions, key, issuer }: EndSessionDeps,
  { idTokenHint, clientId, redirectUri, state }: EndSessionRequest,
): Promise<string | undefined> {
  const claims = await key.signed(idTokenHint)
  const audience = claims?.aud?.[0]
  if (claims?.token_type !== 'id_token' || claims.iss !== issuer || audience === undefined) {
    throw badRequest('invalid id_token_hint')
  }
  if (clientId !== '' && clientId !== audience) {
    throw badRequest('the id_token_hint is of another client')
  }
  if (redirectUri !== '') {
    const client = (await clients.list()).find(({ name }) => name === audience)
    if (!client || !registeredURIs(client).includes(redirectUri)) {
      throw badRequest(`invalid logout redirect URI: ${JSON.stringify(redirectUri)}`)
    }
  }
  await sessions.end(claims, idTokenHint)
  return redirectUri === '' ? undefined : withParams(redirectUri, state ? { state } : {})
}
