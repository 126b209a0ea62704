import type { ClusterAccess } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import { IDENTITY_PROVIDER_PREFIX, PRE_REGISTRATION_USER, USERS } from '../names.ts'
import { written } from '../settle.ts'
import type { Accounts } from './accounts.ts'
import type { ExternalIdentity, ProviderConfig } from './providers/index.ts'
import type { Identity } from './sessions.ts'

export interface MappingDeps {
  host: ClusterAccess
  accounts: Pick<Accounts, 'get' | 'find' | 'linked'>
}

/** The account that an identity leads to is disabled. */
export class AccountNotActive extends Error {
  override readonly name = 'AccountNotActive'

  constructor() {
    super('account is not active')
  }
}

/** RFC 1123 subdomain: what the name of an account can be. */
const ACCOUNT_NAME =
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/**
 * The account behind an external identity (iam-oauth.md §12): the one whose annotation names it, else what the mapping
 * method says. An account is never taken over because it has the name. Throws AccountNotActive, Error with a text that
 * the caller may see, and ApiError of the write.
 */
export async function mapIdentity(
  deps: MappingDeps,
  { name: provider, mappingMethod }: ProviderConfig,
  who: ExternalIdentity,
  signal: AbortSignal,
): Promise<Identity> {
  const { userId, username, email } = who
  // Every account without the annotation would match.
  if (userId === '') throw new Error(`identity provider ${provider} named nobody`)
  const [linked] = await deps.accounts.linked(provider, userId)
  if (linked !== undefined) {
    const account = await deps.accounts.get(linked)
    if (account?.state === 'Disabled') throw new AccountNotActive()
    return { username: linked, extra: {} }
  }
  switch (mappingMethod) {
    case 'lookup':
      throw new Error(`failed to find mapped user: ${userId}`)
    case 'manual':
      return {
        username: PRE_REGISTRATION_USER,
        extra: { idp: [provider], uid: [userId], username: [username], email: [email] },
      }
    case 'auto':
      return { username: await register(deps, provider, who, signal), extra: {} }
    default:
      throw new Error(`invalid mapping method found ${mappingMethod}`)
  }
}

/** Makes the account named like the identity. Returns its name. */
async function register(
  deps: MappingDeps,
  provider: string,
  who: ExternalIdentity,
  signal: AbortSignal,
): Promise<string> {
  const name = who.username.toLowerCase()
  if (!ACCOUNT_NAME.test(name)) {
    throw new Error(`${JSON.stringify(name)} cannot be the name of a user`)
  }
  if (await deps.accounts.get(name)) throw taken(name, provider)
  if (who.email.includes('@') && (await deps.accounts.find(who.email))) {
    throw new Error(`user email: ${who.email} already exists`)
  }
  const annotation = `${IDENTITY_PROVIDER_PREFIX}${provider}`
  const user = {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'User',
    metadata: { name, annotations: { [annotation]: who.userId } },
    spec: { email: who.email },
    status: { state: 'Active' },
  }
  try {
    const created = await deps.host.client.create<KubeObject>(USERS, user, { signal })
    await written(deps.host, USERS, created)
    return name
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 409) throw error
    return sameOrTaken(deps, provider, name, who.userId, signal)
  }
}

/** Two first logins of one person at once: the later finds what the earlier made. */
async function sameOrTaken(
  { host }: MappingDeps,
  provider: string,
  name: string,
  userId: string,
  signal: AbortSignal,
): Promise<string> {
  const stored = await host.client.get<KubeObject>(USERS, name, { signal })
  const link = stored.metadata.annotations?.[`${IDENTITY_PROVIDER_PREFIX}${provider}`]
  if (link !== userId) throw taken(name, provider)
  const { state } = (stored.status ?? {}) as { state?: string }
  if (state === 'Disabled') throw new AccountNotActive()
  await written(host, USERS, stored)
  return name
}

function taken(name: string, provider: string): Error {
  return new Error(`user ${name} exists and is not linked to identity provider ${provider}`)
}
