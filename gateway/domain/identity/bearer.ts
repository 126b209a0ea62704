import type { ClusterAccess, GVR } from '../../kube/api.ts'
import { unauthorized, unavailable } from '../../lib/errors.ts'
import { PRE_REGISTRATION_USER } from '../names.ts'
import type { UserInfo } from '../operation.ts'
import type { Account, Accounts } from './accounts.ts'
import { isServiceAccount, type Sessions } from './sessions.ts'
import type { Claims, TokenType } from './types.ts'

export const ACCESS_TYPES: readonly TokenType[] = ['access_token', 'static_token']

const SERVICE_ACCOUNTS: GVR = {
  group: 'kubesphere.io',
  version: 'v1alpha1',
  resource: 'serviceaccounts',
}

export interface BearerDeps {
  host: Pick<ClusterAccess, 'caches'>
  sessions: Pick<Sessions, 'verify'>
  accounts: Pick<Accounts, 'get' | 'deletedAt'>
  /** `multicluster.clusterRole`. */
  clusterRole: string
}

/**
 * The identity behind a bearer token (pipeline.md §7.3, steps 3 to 6). Accounts live on the host cluster: a member knows
 * only what it holds or saw deleted, everywhere else the account must be there and not be disabled (hole 49).
 * Throws ApiError 401, 503 when the token cache does not answer.
 */
export async function bearerLogin(
  deps: BearerDeps,
  token: string,
  accept: readonly TokenType[] = ACCESS_TYPES,
): Promise<UserInfo> {
  const claims = await deps.sessions.verify(token, accept)
  const name = claims.username ?? ''
  const extra = claims.extra ?? {}
  if (isServiceAccount(claims)) {
    await demandServiceAccount(deps, name)
    return { name, uid: '', groups: [], extra }
  }
  if (name === PRE_REGISTRATION_USER) return { name, uid: '', groups: [], extra }
  await demandAccount(deps, name, claims)
  return { name, uid: '', groups: ['system:authenticated'], extra: {} }
}

/** The account is read from the `username` claim, as the original does; a plain user name there names none. */
async function demandServiceAccount(deps: BearerDeps, username: string): Promise<void> {
  const [, , namespace = '', name = ''] = isServiceAccount({ sub: username })
    ? username.split(':')
    : []
  const missing = unauthorized(`ServiceAccount.kubesphere.io ${JSON.stringify(name)} not found`)
  if (name === '') throw missing
  if (deps.clusterRole === 'member') return
  const store = await deps.host.caches.store(SERVICE_ACCOUNTS)
  if (!store.get(namespace, name)) throw missing
}

async function demandAccount(deps: BearerDeps, name: string, claims: Claims): Promise<void> {
  const account = await lookUp(deps, name)
  if (account?.state === 'Disabled') throw unauthorized('account is not active')
  if (account) return
  const deletedAt = deps.accounts.deletedAt(name)
  const older = deletedAt !== undefined && (claims.iat ?? 0) * 1000 <= deletedAt
  if (deps.clusterRole !== 'member' || older) {
    throw unauthorized(`User.iam.kubesphere.io ${JSON.stringify(name)} not found`)
  }
}

async function lookUp(deps: BearerDeps, name: string): Promise<Account | undefined> {
  try {
    return await deps.accounts.get(name)
  } catch (error) {
    // A member may not even serve the kind.
    if (deps.clusterRole === 'member') return undefined
    throw unavailable('accounts cannot be read', error)
  }
}
