import { LOGIN_RECORDS, USERS, USER_REF } from '../../domain/names.ts'
import type { Entry } from '../../kube/api.ts'
import { formatDuration } from '../../lib/go-duration.ts'
import { isDeleting, type Kit } from './kit.ts'
import { byLabel, own, splitKey, type Reconciler } from './reconciler.ts'
import type { User } from './users.ts'

/**
 * Login records of an account: the last one is shown on the account, too many failures lock it for a while, and old
 * ones are removed (objects-and-controllers.md §3.1).
 */
export function logins(kit: Kit): Reconciler {
  return {
    name: 'login',
    sources: [own(USERS), byLabel(LOGIN_RECORDS, USER_REF)],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const user = kit.get(USERS, name) as User | undefined
      if (!user || isDeleting(user)) return undefined
      const records = [...kit.store(LOGIN_RECORDS).withLabel(USER_REF, name)].sort(
        (a, b) => b.created - a.created,
      )
      let again: number | undefined
      await kit.edit(
        USERS,
        user,
        (draft) => {
          again = settleLogins(kit, draft as User, records)
        },
        signal,
      )
      const expiry = await prune(kit, records, signal)
      const pauses = [again, expiry].filter((ms) => ms !== undefined)
      return pauses.length > 0 ? Math.min(...pauses) : undefined
    },
  }
}

/** Edits the status in place; returns the milliseconds after which a lock ends. */
function settleLogins(kit: Kit, draft: User, records: readonly Entry[]): number | undefined {
  const { maxLoginFailures, loginFailureWindowMs } = kit.settings
  const now = kit.now()
  const status = { ...draft.status }
  const [latest] = records
  if (latest && latest.created > (Date.parse(status.lastLoginTime ?? '') || 0)) {
    status.lastLoginTime = `${new Date(latest.created).toISOString().slice(0, 19)}Z`
  }
  const since = Date.parse(status.lastTransitionTime ?? '') || 0
  let again: number | undefined
  if (status.state === 'AuthLimitExceeded') {
    const remaining = since + loginFailureWindowMs - now
    if (remaining > 0) again = remaining
    else {
      status.state = 'Active'
      status.lastTransitionTime = kit.time()
      delete status.reason
    }
  } else if (status.state === 'Active') {
    const failures = records.filter(
      (record) => record.created > Math.max(since, now - loginFailureWindowMs) && failed(record),
    )
    if (maxLoginFailures > 0 && failures.length >= maxLoginFailures) {
      const span = formatDuration(loginFailureWindowMs)
      status.state = 'AuthLimitExceeded'
      status.reason = `Failed login attempts exceed ${maxLoginFailures} in last ${span}`
      status.lastTransitionTime = kit.time()
      again = loginFailureWindowMs
    }
  }
  if (draft.status || Object.keys(status).length > 0) draft.status = status
  return again
}

function failed({ object }: Entry): boolean {
  return (object['spec'] as { success?: boolean } | undefined)?.success === false
}

/** Removes records that are too old or too many; returns the milliseconds until the next one is too old. */
async function prune(
  kit: Kit,
  newestFirst: readonly Entry[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const { loginHistoryMs, loginHistoryEntries } = kit.settings
  const oldest = kit.now() - loginHistoryMs
  const kept = newestFirst.slice(0, loginHistoryEntries).filter(({ created }) => created > oldest)
  // What is kept is the head of the list: newer than the age limit and among the first in number.
  const gone = newestFirst.slice(kept.length)
  await Promise.all(gone.map((record) => kit.remove(LOGIN_RECORDS, record, signal)))
  const next = kept.at(-1)
  return next && next.created - oldest + 1000
}
