import { randomUUID } from 'node:crypto'
import { ANONYMOUS_USER } from '../names.ts'
import type { UserInfo } from '../operation.ts'
import type { Accounts } from './accounts.ts'
import { invalidRequest, serverError } from './errors.ts'
import { scopeClaims } from './grants.ts'
import type { OAuthClients } from './oauth-clients.ts'
import { encodeParams, resolveRedirect, splitURI, withParams } from './redirects.ts'
import { challengeOf, type Sessions } from './sessions.ts'
import type { AuthorizeRequest, Claims, OAuthClient } from './types.ts'

export interface AuthorizeDeps {
  clients: OAuthClients
  sessions: Sessions
  accounts: Pick<Accounts, 'get'>
  /** `issuer.url`, where somebody who has not logged in goes. */
  loginUrl: string
}

const RESPONSE_TYPES = new Set(['code', 'id_token', 'token'])

/** Reasons that travel back to the client in the redirect; iam-oauth.md §6. */
type Refusal = readonly [error: string, description: string]

/**
 * The authorization endpoint, its checks in the order of iam-oauth.md §6. Returns where the browser goes; undefined for
 * the empty 200 that an ID token without nonce gets. Throws OAuthError for what must not be redirected.
 * Source: RFC 6749 §4.1, OpenID Connect Core §3.
 */
export async function authorize(
  deps: AuthorizeDeps,
  request: AuthorizeRequest,
  user: UserInfo,
): Promise<string | undefined> {
  const client = await deps.clients.get(request.clientId)
  const redirect = resolveRedirect(client, request.redirectUri)
  const refuse = ([error, description]: Refusal) =>
    errorRedirect(redirect, error, description, request.state)
  const early = refusalOf(request, client)
  if (early) return refuse(early)
  const silent = request.prompt === 'none'
  if (user.name === ANONYMOUS_USER) {
    return silent ? refuse(['login_required', 'Not authenticated.']) : deps.loginUrl
  }
  if (silent && client.grantMethod !== 'auto') {
    const description = 'Consent is required before proceeding with the request.'
    return refuse(['interaction_required', description])
  }
  const challenge = challengeFrom(request)
  if (request.responseType === 'code')
    return codeRedirect(deps, request, client, redirect, user, challenge)
  if (request.responseType === 'id_token')
    return idTokenRedirect(deps, request, client, redirect, user)
  return refuse([
    'unsupported_response_type',
    'The provided response_type is not supported by the authorization server.',
  ])
}

function refusalOf(request: AuthorizeRequest, client: OAuthClient): Refusal | undefined {
  const allowed = new Set(client.scopeRestrictions)
  if (!request.scope.split(' ').every((scope) => allowed.has(scope))) {
    return ['invalid_scope', 'The requested scope is invalid or not supported.']
  }
  const type = request.responseType
  if (type !== '' && !RESPONSE_TYPES.has(type)) {
    const description = `The provided response_type ${type} is not supported by the authorization server.`
    return ['unsupported_response_type', description]
  }
  if (client.grantMethod === 'deny') {
    return ['invalid_grant', 'The resource owner or authorization server denied the request.']
  }
  return undefined
}

/** What the code keeps of a PKCE challenge: always the digest, so that a plain one cannot be read out of the code. */
function challengeFrom({ codeChallenge, codeChallengeMethod }: AuthorizeRequest): string {
  if (codeChallenge === '') return ''
  const method = codeChallengeMethod || 'plain'
  if (method === 'S256') return codeChallenge
  if (method === 'plain') return challengeOf(codeChallenge)
  throw invalidRequest('The provided code_challenge_method is not supported.')
}

async function codeRedirect(
  deps: AuthorizeDeps,
  request: AuthorizeRequest,
  client: OAuthClient,
  redirect: string,
  user: UserInfo,
  challenge: string,
): Promise<string> {
  const claims: Claims = {
    aud: [client.name],
    scopes: request.scope.split(' '),
    nonce: request.nonce,
    client_id: client.name,
    redirect_uri: redirect,
    code_challenge: challenge,
    sid: randomUUID(),
  }
  const code = await deps.sessions.issueCode({ username: user.name, extra: user.extra }, claims)
  return withParams(redirect, { code, ...(request.state ? { state: request.state } : {}) })
}

async function idTokenRedirect(
  deps: AuthorizeDeps,
  request: AuthorizeRequest,
  client: OAuthClient,
  redirect: string,
  user: UserInfo,
): Promise<string | undefined> {
  if (request.nonce === '') return undefined
  const account = await deps.accounts.get(user.name)
  if (!account) throw serverError()
  const claims = { nonce: request.nonce, ...scopeClaims(request.scope.split(' '), account) }
  const token = await deps.sessions.idToken(user.name, client.name, client, claims)
  const state = request.state ? { state: request.state } : {}
  // The original writes the encoded pairs into the fragment as text, so that a percent sign is escaped once more.
  const fragment = encodeParams({ id_token: token, ...state }).replaceAll('%', '%25')
  return `${redirect.split('#')[0]}#${fragment}`
}

/** Errors take the place of whatever query the registered URI has. */
function errorRedirect(uri: string, error: string, description: string, state: string): string {
  const params = { error, error_description: description, ...(state ? { state } : {}) }
  return `${splitURI(uri).base}?${encodeParams(params)}`
}
