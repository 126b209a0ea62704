import type { UserInfo } from '../operation.ts'
import type { EndSessionRequest } from './end-session.ts'

export type TokenType = 'access_token' | 'refresh_token' | 'code' | 'id_token' | 'static_token'

/** Claims of a token of ours (pipeline.md §7.1), absent where empty. Times are whole seconds since the epoch. */
export interface Claims {
  iss?: string
  sub?: string
  aud?: string[]
  exp?: number
  nbf?: number
  iat?: number
  jti?: string
  token_type?: string
  username?: string
  extra?: Record<string, string[]>
  scopes?: string[]
  /** The user's name: the original writes the name claim under this key. */
  url?: string
  nonce?: string
  email?: string
  locale?: string
  preferred_username?: string
  /** Ours: id of the login that the token belongs to; logout ends all tokens of it. */
  sid?: string
  /** Ours, on codes and refresh tokens: the client they were issued to. */
  client_id?: string
  /** Ours, on codes. */
  redirect_uri?: string
  /** Ours, on codes: base64url of the SHA-256 of the verifier, whatever the method (RFC 7636). */
  code_challenge?: string
}

/** Answer of the token endpoint, keys in wire order; absent where the original omits them. */
export interface TokenResponse {
  access_token: string
  token_type: 'Bearer'
  refresh_token: string
  id_token?: string
  /** Seconds. */
  expires_in?: number
}

/** `configuration.yaml` of an OAuth client Secret (iam-oauth.md §10). */
export interface OAuthClient {
  readonly name: string
  readonly secret: string
  readonly trusted: boolean
  readonly grantMethod: string
  readonly respondWithChallenges: boolean
  readonly scopeRestrictions: readonly string[]
  readonly redirectURIs: readonly string[]
  readonly accessTokenMaxAgeSeconds: number
  readonly accessTokenInactivityTimeoutSeconds: number
}

/** Where a login came from. */
export interface LoginOrigin {
  readonly sourceIP: string
  readonly userAgent: string
  /** Aborts when the caller has gone. */
  readonly signal?: AbortSignal
}

/** An identity provider that works, as clients may list it; its options hold secrets still. */
export interface ListedProvider {
  readonly document: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
}

export interface AuthorizeRequest {
  responseType: string
  clientId: string
  redirectUri: string
  scope: string
  state: string
  nonce: string
  prompt: string
  codeChallenge: string
  codeChallengeMethod: string
}

export interface IdentityService extends AsyncDisposable {
  /** HTTP Basic: name or e-mail and password of a local account. Throws ApiError 401 with the texts of pipeline.md §6. */
  basic(login: string, password: string, origin: LoginOrigin): Promise<UserInfo>
  /**
   * A bearer token. Throws ApiError 401 with the texts of pipeline.md §7.3, 503 when the token cache cannot be asked.
   * `accept` names the token types that are good here; default access tokens and static tokens of service accounts.
   */
  bearer(token: string, accept?: readonly TokenType[]): Promise<UserInfo>
  /**
   * The token by which the login of an access token goes on: itself, or a later one of the same login when it has run out;
   * undefined when the login is over. For tokens that `bearer` took before. Throws ApiError 503 as `bearer`.
   */
  liveToken(token: string): Promise<string | undefined>
  /** Signature, times, type and cache only: what the TokenReview webhook asks. Throws as `bearer`. */
  verify(token: string, accept?: readonly TokenType[]): Promise<Claims>

  /** The client, its secret checked. Throws OAuthError 400 `invalid_client`, 401 `unauthorized_client`. */
  client(clientId: string, secret: string): Promise<OAuthClient>
  password(
    client: OAuthClient,
    of: { username: string; password: string; provider: string },
    origin: LoginOrigin,
  ): Promise<TokenResponse>
  refresh(client: OAuthClient, refreshToken: string): Promise<TokenResponse>
  exchangeCode(
    client: OAuthClient,
    of: { code: string; redirectUri: string; codeVerifier: string },
  ): Promise<TokenResponse>
  /** Where the browser goes next; undefined for the original's empty 200. Throws OAuthError for the JSON answers. */
  authorize(request: AuthorizeRequest, user: UserInfo): Promise<string | undefined>
  /** An external provider's redirect. Throws ApiError 401 `Unauthorized: …`. */
  callback(provider: string, query: URLSearchParams, origin: LoginOrigin): Promise<TokenResponse>
  /** Those that logins can use or could, were they not disabled. */
  identityProviders(): Promise<readonly ListedProvider[]>
  /** Where `/oauth/logout` may send the browser: only URIs registered with some client. Throws ApiError 400. */
  logoutRedirect(uri: string, state: string): Promise<string>
  /** Logout without a bearer token; see `endSession`. */
  endSession(request: EndSessionRequest): Promise<string | undefined>
  /** Ends the login that `token` belongs to: the token itself and every token issued with it. */
  logout(token: string): Promise<void>
  userinfo(name: string): Promise<Record<string, string>>
  discovery(): Record<string, unknown>
  keys(): { keys: Record<string, string>[] }

  /** Ends every session of a user: password change, disable, delete. */
  revokeUser(username: string): Promise<void>
  /** Bcrypt hash, cost 10. */
  hashPassword(password: string): Promise<string>
  /** Constant work also when `hash` is empty or malformed. */
  comparePassword(hash: string | undefined, password: string): Promise<boolean>
}
