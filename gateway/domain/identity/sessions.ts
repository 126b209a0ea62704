import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Config } from '../../config/index.ts'
import { unauthorized } from '../../lib/errors.ts'
import { PRE_REGISTRATION_USER } from '../names.ts'
import type { Jwt } from './jwt.ts'
import type { SigningKey } from './signing-key.ts'
import type { TokenCache } from './token-cache.ts'
import type { Claims, OAuthClient, TokenResponse, TokenType } from './types.ts'

export interface SessionsOptions {
  issuer: Config['authentication']['issuer']
  multipleLogin: boolean
  jwt: Jwt
  key: SigningKey
  cache: TokenCache
  now: () => number
  /** Told of each look into the cache. */
  onLookup: (hit: boolean) => void
}

/** Whom a token is for. */
export interface Identity {
  readonly username: string
  readonly extra: Readonly<Record<string, readonly string[]>>
}

interface Issue {
  identity: Identity
  /** Absent for a provider's callback, which knows no client. */
  client?: OAuthClient
  /** Login that this one continues. */
  sid?: string | undefined
  idToken?: { claims: Claims } | undefined
}

const CODE_LIFE_MS = 10 * 60_000

/** Issues tokens, knows which are alive, ends them. */
export interface Sessions {
  issue(of: Issue): Promise<TokenResponse>
  /** An authorization code; `claims` say what it is bound to. */
  issueCode(identity: Identity, claims: Claims): Promise<string>
  idToken(username: string, audience: string, client: OAuthClient, claims: Claims): Promise<string>
  /** Throws ApiError 401, 503 when the cache does not answer. */
  verify(token: string, accept: readonly TokenType[]): Promise<Claims>
  /** See IdentityService.liveToken; `claims` are those of `token`. */
  live(claims: Claims, token: string): Promise<string | undefined>
  /** Takes a token out of the cache; false when it was gone. True for one that was never kept there. */
  take(claims: Claims, token: string): Promise<boolean>
  /** The token and all others of its login. */
  end(claims: Claims, token: string): Promise<void>
  endAll(username: string): Promise<void>
}

export function createSessions(options: SessionsOptions): Sessions {
  const { issuer, jwt, key, cache, now } = options

  function lifetimes(client: OAuthClient | undefined): { access: number; refresh: number } {
    const own = client?.accessTokenMaxAgeSeconds ?? 0
    const ownIdle = client?.accessTokenInactivityTimeoutSeconds ?? 0
    const access = own > 0 && ownIdle > 0 ? own * 1000 : issuer.accessTokenMaxAgeMs
    const idle = own > 0 && ownIdle > 0 ? ownIdle * 1000 : issuer.accessTokenInactivityTimeoutMs
    return { access, refresh: access + idle }
  }

  function baseClaims(identity: Identity, type: TokenType, lifeMs: number): Claims {
    const issued = Math.floor(now() / 1000)
    return {
      iss: issuer.url,
      sub: identity.username,
      ...(lifeMs > 0 ? { exp: Math.floor((now() + lifeMs) / 1000) } : {}),
      iat: issued,
      jti: randomUUID(),
      token_type: type,
      username: identity.username,
      extra: copyExtra(identity.extra),
    }
  }

  async function signAndKeep(claims: Claims, lifeMs: number): Promise<string> {
    const token = await jwt.sign(claims)
    if (lifeMs > 0) await cache.add(claims.username ?? '', token, lifeMs)
    return token
  }

  async function endAll(username: string): Promise<void> {
    for (const token of await cache.tokens(username)) await cache.take(username, token)
  }

  /** People who register share one user name; one of them must not end the others' sessions. */
  async function makeRoom(username: string): Promise<void> {
    if (!options.multipleLogin && username !== PRE_REGISTRATION_USER) await endAll(username)
  }

  return {
    async issue({ identity, client, sid = randomUUID(), idToken }) {
      await makeRoom(identity.username)
      const life = lifetimes(client)
      const bound = { sid, ...(client ? { client_id: client.name } : {}) }
      const access = { ...baseClaims(identity, 'access_token', life.access), sid }
      const refresh = { ...baseClaims(identity, 'refresh_token', life.refresh), ...bound }
      const response: TokenResponse = {
        access_token: await signAndKeep(access, life.access),
        token_type: 'Bearer',
        refresh_token: await signAndKeep(refresh, life.refresh),
      }
      if (idToken && client) {
        response.id_token = await this.idToken(identity.username, client.name, client, {
          ...idToken.claims,
          sid,
        })
      }
      if (life.access > 0) response.expires_in = Math.floor(life.access / 1000)
      return response
    },
    async issueCode(identity, claims) {
      return signAndKeep({ ...baseClaims(identity, 'code', CODE_LIFE_MS), ...claims }, CODE_LIFE_MS)
    },
    async idToken(username, audience, client, claims) {
      const { refresh } = lifetimes(client)
      const base = baseClaims({ username, extra: {} }, 'id_token', refresh)
      return key.sign({ ...base, aud: [audience], url: username, ...claims })
    },
    async verify(token, accept) {
      const claims = await jwt.verify(token)
      const type = claims.token_type as TokenType | undefined
      if (!type || !accept.includes(type)) {
        throw unauthorized(`a token of type ${type || 'unknown'} is not accepted here`)
      }
      if (type === 'static_token') {
        if (!isServiceAccount(claims)) throw unauthorized('token not found in cache')
        return claims
      }
      if (issuer.accessTokenMaxAgeMs === 0) return claims
      const hit = await cache.has(claims.username ?? '', token)
      options.onLookup(hit)
      if (!hit) throw unauthorized('token not found in cache')
      return claims
    },
    async live(claims, token) {
      if (issuer.accessTokenMaxAgeMs === 0) return token
      const username = claims.username ?? ''
      if (await cache.has(username, token)) return token
      if (!claims.sid) return undefined
      for (const other of await cache.tokens(username)) {
        if (sessionOf(other) === claims.sid && (await cache.has(username, other))) return other
      }
      return undefined
    },
    async take(claims, token) {
      if (claims.exp === undefined) return true
      return cache.take(claims.username ?? '', token)
    },
    async end(claims, token) {
      const username = claims.username ?? ''
      await cache.take(username, token)
      if (!claims.sid) return
      for (const other of await cache.tokens(username)) {
        if (sessionOf(other) === claims.sid) await cache.take(username, other)
      }
    },
    endAll,
  }
}

/** Whether the subject names a service account of kubesphere.io. */
export function isServiceAccount({ sub = '' }: Claims): boolean {
  return sub.startsWith('kubesphere:serviceaccount:') && sub.split(':').length === 4
}

/** `sid` of a token that stands in our cache, read without checking anything. */
function sessionOf(token: string): string | undefined {
  return uncheckedClaims(token).sid
}

/** Claims of a token that was checked before; none of anything else. */
export function uncheckedClaims(token: string): Claims {
  try {
    const body = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    return JSON.parse(body) as Claims
  } catch {
    return {}
  }
}

function copyExtra(extra: Identity['extra']): Record<string, string[]> {
  return Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]))
}

/** The challenge of a PKCE verifier by method S256. Source: RFC 7636 §4.2. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

/** Compares without telling by time how much agrees. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
