import { defineRoutes, type RouteRow } from '../registry.ts'
import { authorizeByForm, authorizeByQuery } from './authorize.ts'
import { discovery, keys, userinfo } from './discovery.ts'
import { callback, logout, token } from './session.ts'
import { tokenReview } from './token-review.ts'

const JSON_TYPE = ['application/json']
const FORM_TYPE = ['application/x-www-form-urlencoded']
const tags = ['Authentication']

const authorizeQuery = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'prompt',
  'code_challenge',
  'code_challenge_method',
].map((name) => ({
  name,
  description: 'OpenID Connect Core 1.0, section 3.1.2.1',
}))

/** iam-oauth.md §5. None of them needs a role; a bad `Authorization` header is refused before they run. */
export const oauthRoutes: readonly RouteRow[] = defineRoutes([
  {
    method: 'GET',
    path: '/.well-known/openid-configuration',
    operation: 'openidConfiguration',
    summary: 'Metadata of the OpenID provider',
    tags,
    sample: '/.well-known/openid-configuration',
    consumes: JSON_TYPE,
    handler: discovery,
  },
  {
    method: 'GET',
    path: '/oauth/keys',
    operation: 'openidPublicKeys',
    summary: 'Public key that ID tokens are signed with',
    tags,
    sample: '/oauth/keys',
    consumes: JSON_TYPE,
    handler: keys,
  },
  {
    method: 'GET',
    path: '/oauth/userinfo',
    operation: 'openidUserInfo',
    summary: 'Claims about the caller',
    tags,
    sample: '/oauth/userinfo',
    consumes: JSON_TYPE,
    handler: userinfo,
  },
  {
    method: 'POST',
    path: '/oauth/authenticate',
    operation: 'tokenReview',
    summary: 'Verifies a token for kube-apiserver (TokenReview webhook)',
    tags,
    sample: '/oauth/authenticate',
    consumes: JSON_TYPE,
    deprecated: true,
    handler: tokenReview,
  },
  {
    method: 'GET',
    path: '/oauth/authorize',
    operation: 'openidAuthorizeGet',
    summary: 'Authorization endpoint',
    tags,
    sample: '/oauth/authorize?client_id=kubesphere&response_type=code',
    query: authorizeQuery,
    handler: authorizeByQuery,
  },
  {
    method: 'POST',
    path: '/oauth/authorize',
    operation: 'openidAuthorizePost',
    summary: 'Authorization endpoint, parameters in the form',
    tags,
    sample: '/oauth/authorize',
    consumes: FORM_TYPE,
    handler: authorizeByForm,
  },
  {
    method: 'POST',
    path: '/oauth/token',
    operation: 'openidToken',
    summary: 'Token endpoint: grants password, refresh_token, authorization_code',
    tags,
    sample: '/oauth/token',
    consumes: FORM_TYPE,
    handler: token,
  },
  {
    method: 'GET',
    path: '/oauth/callback/{callback}',
    operation: 'openidCallback',
    summary: 'Where an identity provider sends the browser back to',
    tags,
    sample: '/oauth/callback/github?code=c',
    consumes: JSON_TYPE,
    handler: callback,
  },
  {
    method: 'GET',
    path: '/oauth/logout',
    operation: 'openidLogout',
    summary: 'Ends the login that the bearer token or ID token belongs to',
    tags,
    sample: '/oauth/logout',
    consumes: JSON_TYPE,
    query: [
      { name: 'post_logout_redirect_uri', description: 'A registered URI to go to afterwards' },
      { name: 'state', description: 'Handed to that URI' },
      { name: 'id_token_hint', description: 'An ID token of the login, instead of a bearer token' },
      { name: 'client_id', description: 'The client of that ID token' },
    ],
    handler: logout,
  },
])
