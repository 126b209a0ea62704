import { ApiError } from '../../lib/errors.ts'
import { PRE_REGISTRATION_USER } from '../names.ts'
import type { Accounts } from './accounts.ts'
import { invalidGrant, invalidRequest } from './errors.ts'
import type { Jwt } from './jwt.ts'
import { resolveRedirect } from './redirects.ts'
import { challengeOf, sameSecret, type Identity, type Sessions } from './sessions.ts'
import type { Claims, OAuthClient, TokenResponse, TokenType } from './types.ts'

export interface GrantDeps {
  sessions: Sessions
  jwt: Pick<Jwt, 'authentic'>
  accounts: Accounts
  clusterRole: string
  rotateRefreshTokens: boolean
}

const REFRESH_INVALID = 'The refresh token is invalid or expired.'
const CODE_INVALID = 'The authorization code is invalid or expired.'

/**
 * The refresh_token grant (iam-oauth.md §7.3): a new pair for the same identity in the same login. The token must have
 * been issued to this client, its account must exist and not be disabled. With rotation the old token dies, and one that
 * comes back dead ends its login (RFC 9700 §4.14). Throws OAuthError.
 */
export async function refreshGrant(
  deps: GrantDeps,
  client: OAuthClient,
  token: string,
): Promise<TokenResponse> {
  const claims = await verified(deps, token, 'refresh_token', REFRESH_INVALID)
  demandClient(claims, client, REFRESH_INVALID)
  const identity = await renewed(deps, claims)
  if (deps.rotateRefreshTokens && !(await deps.sessions.take(claims, token))) {
    await endStolen(deps, token)
    throw invalidGrant(REFRESH_INVALID)
  }
  return deps.sessions.issue({ identity, client, sid: claims.sid })
}

/** Whom a refresh token may be renewed for: a person who has registered meanwhile becomes that account. */
async function renewed(deps: GrantDeps, claims: Claims): Promise<Identity> {
  const username = claims.username ?? ''
  const extra = claims.extra ?? {}
  if (username === PRE_REGISTRATION_USER) {
    const [provider, externalId] = [extra.idp?.[0] ?? '', extra.uid?.[0] ?? '']
    const linked = await deps.accounts.linked(provider, externalId)
    if (linked.length !== 1 || !linked[0]) {
      throw invalidGrant('Authenticated user does not exist.')
    }
    return { username: linked[0], extra: {} }
  }
  const account = await deps.accounts.get(username)
  if (!account && deps.clusterRole !== 'member') throw invalidGrant(REFRESH_INVALID)
  if (account?.state === 'Disabled') throw invalidGrant('Account suspended.')
  return { username, extra }
}

/**
 * The authorization_code grant (iam-oauth.md §7.4). A code is good once, for the client it was issued to, with the
 * redirect URI it was asked with (leaving that out is accepted, as the original does), and with the PKCE verifier if a
 * challenge was given. With rotation of refresh tokens its second use ends what came of the first. Throws OAuthError.
 */
export async function codeGrant(
  deps: GrantDeps,
  client: OAuthClient,
  of: { code: string; redirectUri: string; codeVerifier: string },
): Promise<TokenResponse> {
  if (of.code === '') throw invalidRequest('The authorization code is empty or missing.')
  resolveRedirect(client, of.redirectUri)
  const claims = await verified(deps, of.code, 'code', CODE_INVALID)
  if (!(await deps.sessions.take(claims, of.code))) {
    await endStolen(deps, of.code)
    throw invalidGrant(CODE_INVALID)
  }
  demandClient(claims, client, CODE_INVALID)
  if (of.redirectUri !== '' && claims.redirect_uri && claims.redirect_uri !== of.redirectUri) {
    throw invalidGrant(CODE_INVALID)
  }
  demandVerifier(claims, of.codeVerifier)
  const username = claims.username ?? ''
  const account = await deps.accounts.get(username)
  if (!account || account.state === 'Disabled') throw invalidGrant(CODE_INVALID)
  const scopes = claims.scopes ?? []
  return deps.sessions.issue({
    identity: { username, extra: claims.extra ?? {} },
    client,
    sid: claims.sid,
    idToken: scopes.includes('openid')
      ? {
          claims: {
            ...(claims.nonce ? { nonce: claims.nonce } : {}),
            ...scopeClaims(scopes, account),
          },
        }
      : undefined,
  })
}

/** Claims that the scopes `profile` and `email` add to an ID token. */
export function scopeClaims(
  scopes: readonly string[],
  account: { name: string; email: string; locale: string },
): Claims {
  return {
    ...(scopes.includes('email') ? { email: account.email } : {}),
    ...(scopes.includes('profile')
      ? { locale: account.locale, preferred_username: account.name }
      : {}),
  }
}

async function verified(
  deps: GrantDeps,
  token: string,
  type: TokenType,
  refusal: string,
): Promise<Claims> {
  try {
    return await deps.sessions.verify(token, [type])
  } catch (error) {
    if (error instanceof ApiError && error.code === 503) throw error
    await endStolen(deps, token)
    throw invalidGrant(refusal)
  }
}

/**
 * A refresh token or code of ours that is no longer alive: somebody else has used it, or uses it now. Where rotation is
 * on, everything that came of it ends (RFC 9700 §4.14, RFC 6749 §4.1.2).
 */
async function endStolen(deps: GrantDeps, token: string): Promise<void> {
  if (!deps.rotateRefreshTokens) return
  const claims = await deps.jwt.authentic(token).catch(() => undefined)
  const type = claims?.token_type
  if (claims?.sid && (type === 'refresh_token' || type === 'code')) {
    await deps.sessions.end(claims, token)
  }
}

/** Tokens of the original, and codes, name no client or name it as the audience. */
function demandClient(claims: Claims, client: OAuthClient, refusal: string): void {
  const issuedTo = claims.client_id ?? claims.aud?.[0]
  if (issuedTo !== undefined && issuedTo !== client.name) throw invalidGrant(refusal)
}

function demandVerifier({ code_challenge: challenge }: Claims, verifier: string): void {
  const good = challenge
    ? verifier !== '' && sameSecret(challengeOf(verifier), challenge)
    : verifier === ''
  if (!good) throw invalidGrant('The code verifier does not match the code challenge.')
}
