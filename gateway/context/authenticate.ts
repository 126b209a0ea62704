import type { IdentityService, TokenType } from '../domain/identity/index.ts'
import type { LoginOrigin } from '../domain/identity/index.ts'
import { ANONYMOUS_USER } from '../domain/names.ts'
import { unauthorized } from '../lib/errors.ts'
import { splitTarget } from './request-info.ts'
import { sourceAddress } from './source-address.ts'
import type { Authenticator, RequestView, UserInfo } from './types.ts'

export const ANONYMOUS: UserInfo = {
  name: ANONYMOUS_USER,
  uid: '',
  groups: ['system:unauthenticated'],
  extra: {},
}

/** Whether nobody is logged in. */
export function isAnonymous({ name }: Pick<UserInfo, 'name'>): boolean {
  return name === ANONYMOUS_USER
}

const BEARER_TYPES: readonly TokenType[] = ['access_token', 'static_token']

/** The console renews a session with the refresh token in both the form and the bearer header. */
const RENEWAL_PATH = '/oauth/token'
const RENEWAL_TYPES: readonly TokenType[] = [...BEARER_TYPES, 'refresh_token']

export interface AuthenticatorOptions {
  identity: Pick<IdentityService, 'basic' | 'bearer'>
  /** See `sourceAddress`. */
  trustedProxies?: readonly string[]
}

/**
 * Anonymous without `Authorization`, else HTTP Basic (RFC 7617), else a bearer token (RFC 6750); nothing else proves
 * who somebody is. Throws ApiError 401 with the texts of pipeline.md §6, 503 when the token cache cannot be asked.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { identity, trustedProxies = [] } = options
  return {
    async authenticate(view) {
      const header = authorizationOf(view)
      if (header === '') return ANONYMOUS
      const basic = basicCredentials(header)
      if (basic) return identity.basic(basic.login, basic.password, originOf(view, trustedProxies))
      const token = bearerToken(header)
      if (token !== undefined) {
        const renewal = splitTarget(view.url).path === RENEWAL_PATH
        return identity.bearer(token, renewal ? RENEWAL_TYPES : BEARER_TYPES)
      }
      throw unauthorized('The request cannot be authenticated.')
    },
  }
}

/** The trimmed header; empty where absent. */
export function authorizationOf(view: Pick<RequestView, 'headers'>): string {
  const value = view.headers.authorization
  return (Array.isArray(value) ? (value[0] ?? '') : (value ?? '')).trim()
}

/** The token of a bearer header; undefined where it is none. More than one space between the parts makes it none. */
export function bearerToken(header: string): string | undefined {
  const [scheme = '', token] = header.trim().split(' ')
  return scheme.toLowerCase() === 'bearer' && token ? token : undefined
}

function basicCredentials(header: string): { login: string; password: string } | undefined {
  if (header.slice(0, 6).toLowerCase() !== 'basic ') return undefined
  const encoded = header.slice(6)
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 0) return undefined
  return { login: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}

function originOf(view: RequestView, trustedProxies: readonly string[]): LoginOrigin {
  const userAgent = view.headers['user-agent']
  return {
    sourceIP: sourceAddress(view, trustedProxies),
    userAgent: (Array.isArray(userAgent) ? userAgent[0] : userAgent) ?? '',
    ...(view.signal ? { signal: view.signal } : {}),
  }
}
