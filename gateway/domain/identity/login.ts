import { unauthorized } from '../../lib/errors.ts'
import type { UserInfo } from '../operation.ts'
import type { Account, Accounts } from './accounts.ts'
import { invalidGrant, OAuthError } from './errors.ts'
import type { LoginRecords } from './login-records.ts'
import type { Passwords } from './passwords.ts'
import type { LoginOrigin } from './types.ts'

export interface LocalLogin {
  accounts: Pick<Accounts, 'find'>
  passwords: Pick<Passwords, 'compare'>
  records: Pick<LoginRecords, 'write'>
}

type Outcome =
  | { kind: 'accepted'; account: Account }
  | { kind: 'incorrect'; account: Account | undefined }
  | { kind: 'limited' }
  | { kind: 'inactive' }

/**
 * Judges name (or e-mail) and password of a local account. A locked account is told so without a look at the password,
 * since the answer would tell whether it was right; any other state only to whom knows it (holes 51).
 */
async function judge(
  deps: LocalLogin,
  login: string,
  password: string,
  { signal }: LoginOrigin,
): Promise<Outcome> {
  const account = login === '' ? undefined : await deps.accounts.find(login)
  if (account?.state === 'AuthLimitExceeded') return { kind: 'limited' }
  const right = await deps.passwords.compare(account?.password, password, signal)
  if (!account || !right || password === '') {
    return { kind: 'incorrect', account: account?.state === 'Active' ? account : undefined }
  }
  return account.state === 'Active' ? { kind: 'accepted', account } : { kind: 'inactive' }
}

/** HTTP Basic. Throws ApiError 401 with the texts of pipeline.md §6; a wrong password leaves a login record. */
export async function basicLogin(
  deps: LocalLogin,
  login: string,
  password: string,
  origin: LoginOrigin,
): Promise<UserInfo> {
  const outcome = await judge(deps, login, password, origin)
  switch (outcome.kind) {
    case 'accepted': {
      const { name, groups } = outcome.account
      return { name, uid: '', groups: [...groups, 'system:authenticated'], extra: {} }
    }
    case 'limited':
      throw unauthorized('auth rate limit exceeded')
    case 'inactive':
      throw unauthorized('account is not active')
    default:
      record(deps, outcome.account, 'Password', false, origin)
      throw unauthorized('incorrect password')
  }
}

/** The password grant for a local account. Throws OAuthError of iam-oauth.md §7.2; both outcomes leave a login record. */
export async function passwordLogin(
  deps: LocalLogin,
  login: string,
  password: string,
  origin: LoginOrigin,
): Promise<Account> {
  const outcome = await judge(deps, login, password, origin)
  switch (outcome.kind) {
    case 'accepted':
      record(deps, outcome.account, 'Token', true, origin)
      return outcome.account
    case 'limited':
      throw new OAuthError(429, 'invalid_grant', 'Rate limit exceeded.')
    case 'inactive':
      throw invalidGrant('Account suspended.')
    default:
      record(deps, outcome.account, 'Token', false, origin)
      throw invalidGrant('Invalid username or password.')
  }
}

function record(
  deps: LocalLogin,
  account: Account | undefined,
  type: 'Token' | 'Password',
  success: boolean,
  origin: LoginOrigin,
): void {
  if (account) deps.records.write({ username: account.name, type, provider: '', success, origin })
}
