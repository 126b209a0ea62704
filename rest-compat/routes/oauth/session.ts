import { authorizationOf, bearerToken } from '../../../gateway/context/index.ts'
import type { OAuthClient, TokenResponse } from '../../../gateway/domain/identity/index.ts'
import { OAuthError } from '../../../gateway/domain/identity/index.ts'
import type { Reply, RouteHandler, RouteRequest } from '../registry.ts'
import { textError } from '../../wire/errors.ts'
import { json, jsonMessage, withHeaders } from '../../wire/json.ts'
import { ApiError } from '../../../gateway/lib/errors.ts'
import { form, oauthFailure } from './replies.ts'

/** RFC 6749 §5.1. */
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** POST /oauth/token: the client first, then the grant (iam-oauth.md §7). */
export const token: RouteHandler = async (rq) => {
  try {
    const params = await form(rq)
    const of = (name: string) => params.get(name) ?? ''
    const client = await rq.app.identity.client(of('client_id'), of('client_secret'))
    return withHeaders(json(await granted(rq, client, of)), NO_STORE)
  } catch (error) {
    return withHeaders(oauthFailure(error), NO_STORE)
  }
}

function granted(
  { app, ctx }: RouteRequest,
  client: OAuthClient,
  of: (name: string) => string,
): Promise<TokenResponse> {
  const { identity } = app
  switch (of('grant_type')) {
    case 'password':
      return identity.password(
        client,
        { username: of('username'), password: of('password'), provider: of('provider') },
        ctx,
      )
    case 'refresh_token':
      return identity.refresh(client, of('refresh_token'))
    case 'authorization_code':
    case 'code':
      return identity.exchangeCode(client, {
        code: of('code'),
        redirectUri: of('redirect_uri'),
        codeVerifier: of('code_verifier'),
      })
    default:
      throw new OAuthError(
        400,
        'unsupported_grant_type',
        'The provided grant_type is not supported.',
      )
  }
}

export const callback: RouteHandler = async ({ app, ctx, params, query }) =>
  withHeaders(json(await app.identity.callback(params.callback ?? '', query, ctx)), NO_STORE)

/** GET /oauth/logout. Without a bearer token and `id_token_hint` nothing ends and nobody is redirected. */
export const logout: RouteHandler = async ({ app, req, query }) => {
  const bearer = bearerToken(authorizationOf(req))
  if (bearer === undefined) {
    const of = (name: string) => query.get(name) ?? ''
    if (of('id_token_hint') === '') return jsonMessage(200, 'success')
    const location = await app.identity.endSession({
      idTokenHint: of('id_token_hint'),
      clientId: of('client_id'),
      redirectUri: of('post_logout_redirect_uri'),
      state: of('state'),
    })
    return location === undefined ? jsonMessage(200, 'success') : left(location)
  }
  const uri = query.get('post_logout_redirect_uri') ?? ''
  try {
    await app.identity.logout(bearer)
  } catch (error) {
    const code = error instanceof ApiError && error.code === 503 ? 503 : 500
    return textError(new Error('failed to revoke access token'), code)
  }
  if (uri === '') return jsonMessage(200, 'success')
  const location = await app.identity.logoutRedirect(uri, query.get('state') ?? '')
  return left(location)
}

function left(location: string): Reply {
  return { status: 302, headers: { location, 'content-type': 'text/plain' } }
}
