import type { Logger } from 'pino'
import { ApiError, unauthorized } from '../../lib/errors.ts'
import { PRE_REGISTRATION_USER } from '../names.ts'
import type { Accounts } from './accounts.ts'
import { invalidGrant, serverError } from './errors.ts'
import type { LoginRecords } from './login-records.ts'
import { AccountNotActive, mapIdentity, type MappingDeps } from './mapping.ts'
import { WrongPassword, type Providers } from './providers/index.ts'
import type { Identity } from './sessions.ts'
import type { LoginOrigin } from './types.ts'

export interface ExternalLogin extends MappingDeps {
  providers: Providers
  accounts: Accounts
  records: Pick<LoginRecords, 'write'>
  log: Logger
}

export interface ExternalPassword {
  readonly provider: string
  readonly username: string
  readonly password: string
}

/**
 * The password grant with `provider=` (iam-oauth.md §7.2). Throws OAuthError: 400 for whom the provider refuses and for
 * disabled accounts, 500 for everything else. A refused password leaves a record when an account has the name.
 */
export async function externalPassword(
  deps: ExternalLogin,
  { provider: name, username, password }: ExternalPassword,
  origin: LoginOrigin,
): Promise<Identity> {
  const signal = signalOf(origin)
  try {
    const config = await deps.providers.config(name)
    const provider = await deps.providers.live(name)
    if (provider?.kind !== 'password') throw new Error(`identity provider ${name} not exist`)
    const who = await provider.authenticate(username, password, signal)
    return await mapIdentity(deps, config, who, signal)
  } catch (error) {
    if (error instanceof WrongPassword) {
      await recordFailure(deps, name, username, origin)
      throw invalidGrant('Invalid username or password.')
    }
    if (error instanceof AccountNotActive) throw invalidGrant('Account suspended.')
    deps.log.warn({ err: error, provider: name }, 'login at an identity provider failed')
    if (error instanceof ApiError && error.code === 503) throw error
    throw serverError(error)
  }
}

/** A provider's redirect (iam-oauth.md §8.4). Throws ApiError 401 `Unauthorized: …`. */
export async function externalCallback(
  deps: ExternalLogin,
  name: string,
  query: URLSearchParams,
  origin: LoginOrigin,
): Promise<Identity> {
  const signal = signalOf(origin)
  const refuse = (what: string, error?: unknown) => {
    deps.log.warn({ err: error, provider: name }, 'login at an identity provider failed')
    return unauthorized(`Unauthorized: ${what}`, error)
  }
  const config = await deps.providers.config(name).catch((error: unknown) => {
    const what = `failed to get identity provider configuration for ${name}`
    throw refuse(`${what}, error: ${textOf(error)}`, error)
  })
  const provider = await deps.providers.live(name)
  if (provider?.kind !== 'redirect') throw refuse(`identity provider ${name} not exist`)
  const who = await provider.exchange(query, signal).catch((error: unknown) => {
    throw refuse(`failed to exchange identity for ${name}, error: ${textOf(error)}`, error)
  })
  return mapIdentity(deps, config, who, signal).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 503) throw error
    throw refuse(textOf(error), error)
  })
}

/** What came of it, once tokens are out. Nobody is recorded who has no account yet. */
export function recordSuccess(
  deps: Pick<ExternalLogin, 'records'>,
  provider: string,
  { username }: Identity,
  origin: LoginOrigin,
): void {
  if (username === PRE_REGISTRATION_USER) return
  deps.records.write({ username, type: 'Token', provider, success: true, origin })
}

async function recordFailure(
  { accounts, records }: ExternalLogin,
  provider: string,
  login: string,
  origin: LoginOrigin,
): Promise<void> {
  const account = login === '' ? undefined : await accounts.find(login)
  if (account?.state !== 'Active') return
  records.write({ username: account.name, type: 'Token', provider, success: false, origin })
}

function signalOf({ signal }: LoginOrigin): AbortSignal {
  return signal ?? new AbortController().signal
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
