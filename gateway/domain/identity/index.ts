import type { Logger } from 'pino'
import type { Config } from '../../config/index.ts'
import type { ClusterAccess } from '../../kube/api.ts'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { createAccounts } from './accounts.ts'
import { authorize } from './authorize.ts'
import { ACCESS_TYPES, bearerLogin } from './bearer.ts'
import { discoveryDocument } from './discovery.ts'
import { endSession } from './end-session.ts'
import { asOAuthError, invalidGrant, OAuthError, serverError } from './errors.ts'
import { externalCallback, externalPassword, recordSuccess } from './external-login.ts'
import { codeGrant, refreshGrant } from './grants.ts'
import { createJwt } from './jwt.ts'
import { basicLogin, passwordLogin } from './login.ts'
import { createLoginRecords } from './login-records.ts'
import { createConfigSecrets } from '../config-secrets.ts'
import { createOAuthClients } from './oauth-clients.ts'
import { createPasswords } from './passwords.ts'
import { createProviders } from './providers/index.ts'
import { registeredURIs, withParams } from './redirects.ts'
import { createRedisCache } from './redis-cache.ts'
import { createSessions, sameSecret, uncheckedClaims } from './sessions.ts'
import { loadSigningKey } from './signing-key.ts'
import { createMemoryCache, type TokenCache } from './token-cache.ts'
import type { IdentityService } from './types.ts'

export { OAuthError } from './errors.ts'
export { createMemoryCache, type TokenCache } from './token-cache.ts'
export type * from './types.ts'

export interface IdentityOptions {
  config: Pick<Config, 'authentication' | 'cache' | 'multicluster' | 'facade'>
  host: ClusterAccess
  log: Logger
  metrics: { tokenLookup(hit: boolean): void }
  /** Epoch milliseconds. */
  now: () => number
  /** Milliseconds of a clock that is never set. */
  ticks: () => number
  /** Where tokens are kept unless that is Redis; default: in this thread. */
  tokens?: TokenCache | undefined
}

/**
 * Passwords, tokens, sessions and OAuth clients of the host cluster. Throws ConfigError for a signing key that cannot be
 * read and for a Redis that does not answer.
 */
export async function createIdentity(options: IdentityOptions): Promise<IdentityService> {
  const { config, host, log, now, ticks } = options
  const { issuer, multipleLogin } = config.authentication
  const { clusterRole } = config.multicluster
  await using stack = new AsyncDisposableStack()
  const key = await loadSigningKey(issuer)
  const cache = stack.use(
    config.cache.type === 'redis'
      ? await createRedisCache(config.cache.options, log)
      : (options.tokens ?? createMemoryCache({ now: ticks })),
  )
  const secret = new TextEncoder().encode(issuer.jwtSecret)
  const jwt = createJwt({ secret, maximumClockSkewMs: issuer.maximumClockSkewMs, now })
  const onLookup = (hit: boolean) => options.metrics.tokenLookup(hit)
  const sessions = createSessions({ issuer, multipleLogin, jwt, key, cache, now, onLookup })
  const accounts = stack.use(
    createAccounts(host, {
      now,
      onSessionsEnd: (name, why) =>
        void sessions.endAll(name).catch((error: unknown) => {
          log.error({ err: error, user: name, why }, 'sessions were not ended')
        }),
    }),
  )
  const passwords = stack.use(createPasswords())
  const records = stack.use(createLoginRecords(host, log))
  const secrets = createConfigSecrets(host, log)
  const clients = createOAuthClients(secrets)
  const providers = stack.use(createProviders(secrets, log, { now, ticks }))
  const local = { accounts, passwords, records }
  const external = { ...local, host, providers, log }
  const { rotateRefreshTokens } = config.facade
  const grants = { sessions, jwt, accounts, clusterRole, rotateRefreshTokens }
  for (const warmed of await Promise.allSettled([
    accounts.get(''),
    clients.list(),
    providers.list(),
  ])) {
    if (warmed.status === 'rejected') {
      log.warn({ err: warmed.reason as unknown }, 'a cache that logins need is missing')
    }
  }
  const owned = stack.move()
  /** The refusal of a grant. Callers are not told what went wrong inside, so the log is. */
  const refused = (error: unknown): ApiError => {
    const refusal = asOAuthError(error)
    if (refusal !== error) log.error({ err: error }, 'a grant failed')
    return refusal
  }
  const rethrow = (error: unknown): never => {
    throw refused(error)
  }

  return {
    basic: (login, password, origin) => basicLogin(local, login, password, origin),
    bearer: (token, accept) =>
      bearerLogin({ host, sessions, accounts, clusterRole }, token, accept),
    async liveToken(token) {
      const claims = uncheckedClaims(token)
      if (claims.token_type !== 'static_token') return sessions.live(claims, token)
      const found = bearerLogin({ host, sessions, accounts, clusterRole }, token)
      return found.then(
        () => token,
        (error: unknown) => {
          if (error instanceof ApiError && error.code === 401) return undefined
          throw error
        },
      )
    },
    verify: (token, accept = ACCESS_TYPES) => sessions.verify(token, accept),
    async client(clientId, clientSecret) {
      const client = await clients.get(clientId)
      // One without a secret would be everybody's.
      if (client.secret !== '' && sameSecret(client.secret, clientSecret)) return client
      throw new OAuthError(401, 'unauthorized_client', 'Invalid client credential.')
    },
    async password(client, { username, password, provider }, origin) {
      if (!client.trusted) {
        const description = 'The provided grant_type is not supported.'
        throw new OAuthError(400, 'unsupported_grant_type', description)
      }
      try {
        if (provider) {
          if (!username || !password) throw invalidGrant('Invalid username or password.')
          const identity = await externalPassword(
            external,
            { provider, username, password },
            origin,
          )
          const issued = await sessions.issue({ identity, client })
          recordSuccess(local, provider, identity, origin)
          return issued
        }
        const account = await passwordLogin(local, username, password, origin)
        const extra = account.uninitialized ? { uninitialized: ['true'] } : {}
        return await sessions.issue({ identity: { username: account.name, extra }, client })
      } catch (error) {
        throw refused(error)
      }
    },
    refresh: (client, token) => refreshGrant(grants, client, token).catch(rethrow),
    exchangeCode: (client, of) => codeGrant(grants, client, of).catch(rethrow),
    authorize: (request, user) =>
      authorize({ clients, sessions, accounts, loginUrl: issuer.url }, request, user),
    async callback(provider, query, origin) {
      const identity = await externalCallback(external, provider, query, origin)
      const issued = await sessions.issue({ identity })
      recordSuccess(local, provider, identity, origin)
      return issued
    },
    identityProviders: () => providers.list(),
    async logoutRedirect(uri, state) {
      const registered = (await clients.list()).flatMap(registeredURIs)
      const own = originOf(issuer.url)
      const known = registered.includes(uri) || (own !== undefined && originOf(uri) === own)
      if (!known) throw badRequest(`invalid logout redirect URI: ${JSON.stringify(uri)}`)
      return withParams(uri, state ? { state } : {})
    },
    endSession: (request) => endSession({ clients, sessions, key, issuer: issuer.url }, request),
    async logout(token) {
      await sessions.end(await jwt.authentic(token), token)
    },
    async userinfo(name) {
      const account = await accounts.get(name)
      if (!account) throw serverError()
      return {
        sub: account.name,
        url: account.name,
        ...(account.email ? { email: account.email } : {}),
        ...(account.locale ? { locale: account.locale } : {}),
        preferred_username: account.name,
      }
    },
    discovery: () => discoveryDocument(issuer.url),
    keys: () => ({ keys: [key.jwk] }),
    revokeUser: (username) => sessions.endAll(username),
    hashPassword: (password) => passwords.hash(password),
    comparePassword: (stored, password) => passwords.compare(stored, password),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** Scheme, host and port of an http(s) URL. */
function originOf(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined
  const { protocol, origin } = new URL(uri)
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined
}
