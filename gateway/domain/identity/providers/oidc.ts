import { exchangeCode, type ClientAuthentication } from './code-exchange.ts'
import { createIdTokenVerifier } from './id-token.ts'
import { readOptions, textOf, withOption } from './options.ts'
import type { ProviderFactory, RedirectProvider } from './types.ts'
import { createUpstream, type Upstream } from './upstream.ts'

interface OidcOptions {
  readonly issuer: string
  readonly clientID: string
  readonly clientSecret: string
  readonly endpoint: Endpoint
  readonly redirectURL: string
  readonly postLogoutRedirectURI: string
  readonly getUserInfo: boolean
  readonly insecureSkipVerify: boolean
  readonly emailKey: string
  readonly preferredUsernameKey: string
}

interface Endpoint {
  readonly authURL: string
  readonly tokenURL: string
  readonly userInfoURL: string
  readonly jwksURL: string
  readonly endSessionURL: string
}

function oidcOptions(raw: unknown): OidcOptions {
  const of = readOptions(raw)
  const endpoint = of.section('endpoint')
  of.texts('scopes')
  return {
    issuer: of.url('issuer'),
    clientID: of.required('clientID'),
    clientSecret: of.text('clientSecret'),
    endpoint: {
      authURL: endpoint.url('authURL'),
      tokenURL: endpoint.url('tokenURL'),
      userInfoURL: endpoint.url('userInfoURL'),
      jwksURL: endpoint.url('jwksURL'),
      endSessionURL: endpoint.url('endSessionURL'),
    },
    redirectURL: of.url('redirectURL'),
    postLogoutRedirectURI: of.text('postLogoutRedirectURI'),
    getUserInfo: of.flag('getUserInfo'),
    insecureSkipVerify: of.flag('insecureSkipVerify'),
    emailKey: of.text('emailKey') || 'email',
    preferredUsernameKey: of.text('preferredUsernameKey') || 'preferred_username',
  }
}

/**
 * An OpenID provider: found by its `issuer` (OpenID Connect Discovery §4), or by the endpoints that are configured.
 * Throws Error when the issuer cannot be discovered.
 */
export const createOidc: ProviderFactory = async (
  raw,
  { now, signal: closed },
): Promise<RedirectProvider> => {
  const options = oidcOptions(raw)
  const written = [options.issuer, ...Object.values(options.endpoint)].filter(Boolean)
  const upstream = createUpstream({ ...options, written })
  let found: Discovered
  try {
    found = options.issuer
      ? await discover(upstream, options, closed)
      : { endpoint: options.endpoint, ways: ['basic', 'form'], algorithms: [] }
    if (found.endpoint.tokenURL === '') throw new Error('provider.endpoint.tokenURL must be given')
  } catch (error) {
    await upstream[Symbol.asyncDispose]()
    throw error
  }
  const { endpoint, ways, algorithms } = found
  const { issuer, clientID } = options
  const verify = createIdTokenVerifier(upstream, {
    issuer,
    clientID,
    jwksURL: endpoint.jwksURL,
    algorithms,
    now,
  })
  return {
    kind: 'redirect',
    options: options.issuer ? withOption(raw, 'endpoint', filled(endpoint)) : raw,
    async exchange(query, signal) {
      const claimed = query.get('iss')
      if (claimed !== null && issuer && claimed !== issuer) {
        throw new Error('the callback comes from another issuer')
      }
      const of = { ...options, tokenURL: endpoint.tokenURL }
      const token = await exchangeCode(upstream, of, ways, query, signal)
      const idToken = textOf(token, 'id_token')
      if (idToken === '') throw new Error('no id_token in token response')
      let claims = await verify(idToken)
      if (options.getUserInfo && endpoint.userInfoURL) {
        const headers = { authorization: `Bearer ${textOf(token, 'access_token')}` }
        const info = await upstream.json(endpoint.userInfoURL, { signal, headers })
        // OpenID Connect Core §5.3.2: otherwise they are another person's claims.
        if (info.sub !== claims.sub) throw new Error('user info of another subject')
        claims = { ...claims, ...info }
      }
      const sub = textOf(claims, 'sub')
      if (sub === '') throw new Error('missing required claim "sub"')
      return {
        userId: sub,
        username: textOf(claims, options.preferredUsernameKey) || textOf(claims, 'name'),
        email: textOf(claims, options.emailKey),
      }
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}

interface Discovered {
  readonly endpoint: Endpoint
  readonly ways: readonly ClientAuthentication[]
  /** Of ID tokens; empty where nothing is said. */
  readonly algorithms: readonly string[]
}

async function discover(
  upstream: Upstream,
  options: OidcOptions,
  signal: AbortSignal,
): Promise<Discovered> {
  const url = `${options.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = await upstream.json(url, { signal })
  if (document.issuer !== options.issuer) {
    throw new Error('the discovery document is of another issuer')
  }
  const metadata = readOptions(document, 'discovery')
  metadata.required('token_endpoint')
  metadata.required('jwks_uri')
  const methods = metadata.texts('token_endpoint_auth_methods_supported')
  const formOnly =
    methods.includes('client_secret_post') && !methods.includes('client_secret_basic')
  const endSession = metadata.url('end_session_endpoint')
  return {
    ways: formOnly ? ['form'] : ['basic', 'form'],
    algorithms: metadata.texts('id_token_signing_alg_values_supported'),
    endpoint: {
      authURL: metadata.url('authorization_endpoint'),
      tokenURL: metadata.url('token_endpoint'),
      userInfoURL: metadata.url('userinfo_endpoint'),
      jwksURL: metadata.url('jwks_uri'),
      endSessionURL: endSession && withLogoutOf(endSession, options),
    },
  }
}

function withLogoutOf(endSession: string, options: OidcOptions): string {
  const url = new URL(endSession)
  const { postLogoutRedirectURI, clientID } = options
  if (postLogoutRedirectURI) url.searchParams.set('post_logout_redirect_uri', postLogoutRedirectURI)
  url.searchParams.set('client_id', clientID)
  return url.href
}

function filled(endpoint: Endpoint): Record<string, string> {
  return Object.fromEntries(Object.entries(endpoint).filter(([, url]) => url !== ''))
}
