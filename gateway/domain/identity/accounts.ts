import type { ClusterAccess, Entry, Store } from '../../kube/api.ts'
import { IDENTITY_PROVIDER_PREFIX, USERS } from '../names.ts'

export interface Account {
  readonly name: string
  readonly email: string
  readonly locale: string
  readonly groups: readonly string[]
  readonly password: string | undefined
  /** `Active`, `Disabled`, `AuthLimitExceeded` or empty. */
  readonly state: string
  readonly uninitialized: boolean
}

export interface Accounts extends Disposable {
  get(name: string): Promise<Account | undefined>
  /** By e-mail, exactly, when `login` has the form of an address; else by name. */
  find(login: string): Promise<Account | undefined>
  /** Names of the accounts linked to an external identity. */
  linked(provider: string, externalId: string): Promise<string[]>
  /** When the account of that name was deleted, as far as this process saw it; epoch milliseconds. */
  deletedAt(name: string): number | undefined
}

export interface AccountChanges {
  /** Deleted, disabled, or another password: sessions must end. */
  onSessionsEnd(name: string, why: 'deleted' | 'disabled' | 'password'): void
  now: () => number
}

const UNINITIALIZED = 'iam.kubesphere.io/uninitialized'
const MOST_DELETED = 10_000

/** Users of the host cluster, read from its watch cache. */
export function createAccounts(
  host: Pick<ClusterAccess, 'caches'>,
  changes: AccountChanges,
): Accounts {
  const deleted = new Map<string, number>()
  let followed: { store: Store; end: () => void } | undefined
  let emails: { revision: number; byEmail: Map<string, Entry> } | undefined

  async function users(): Promise<Store> {
    if (followed) return followed.store
    const store = await host.caches.store(USERS)
    followed ??= { store, end: follow(store) }
    return followed.store
  }

  function follow(store: Store): () => void {
    return store.subscribe(({ type, entry, previous }) => {
      if (type === 'DELETED') {
        if (deleted.size >= MOST_DELETED) deleted.delete(deleted.keys().next().value ?? '')
        deleted.set(entry.name, changes.now())
        changes.onSessionsEnd(entry.name, 'deleted')
        return
      }
      if (!previous) return
      const [is, was] = [toAccount(entry), toAccount(previous)]
      if (is.state === 'Disabled' && was.state !== 'Disabled') {
        changes.onSessionsEnd(entry.name, 'disabled')
      }
      // A plain text that a controller replaces by its hash is the same password.
      const hashed = was.password !== undefined && !was.password.startsWith('$2')
      if (is.password !== was.password && !hashed && was.password !== undefined) {
        changes.onSessionsEnd(entry.name, 'password')
      }
    })
  }

  function byEmail(store: Store): Map<string, Entry> {
    if (emails?.revision !== store.revision) {
      const map = new Map<string, Entry>()
      for (const entry of store.entries()) {
        const { email } = toAccount(entry)
        if (email && !map.has(email)) map.set(email, entry)
      }
      emails = { revision: store.revision, byEmail: map }
    }
    return emails.byEmail
  }

  return {
    async get(name) {
      const entry = (await users()).get('', name)
      return entry && toAccount(entry)
    },
    async find(login) {
      const store = await users()
      const entry = login.includes('@') ? byEmail(store).get(login) : store.get('', login)
      return entry && toAccount(entry)
    },
    async linked(provider, externalId) {
      if (!externalId) return []
      const store = await users()
      const annotation = `${IDENTITY_PROVIDER_PREFIX}${provider}`
      return [...store.entries()]
        .filter((entry) => entry.annotations[annotation] === externalId)
        .map(({ name }) => name)
    },
    deletedAt: (name) => deleted.get(name),
    [Symbol.dispose]: () => followed?.end(),
  }
}

interface UserFields {
  spec?: { email?: string; lang?: string; groups?: string[]; password?: string }
  status?: { state?: string }
}

function toAccount(entry: Entry): Account {
  const { spec = {}, status = {} } = entry.object as UserFields
  return {
    name: entry.name,
    email: spec.email ?? '',
    locale: spec.lang ?? '',
    groups: spec.groups ?? [],
    password: spec.password || undefined,
    state: status.state ?? '',
    uninitialized: Boolean(entry.annotations[UNINITIALIZED]),
  }
}
