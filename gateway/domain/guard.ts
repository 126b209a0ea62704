import type { Logger } from 'pino'
import type { CacheSet, Change } from '../kube/api.ts'
import type { AccessChanges } from './access/index.ts'
import { USERS } from './names.ts'
import type { Attributes, Authorizer, UserInfo } from './operation.ts'

/** Milliseconds between the reason for a judgement and it; many reasons lead to one. */
const SETTLE_MS = 150
/** Milliseconds between two looks at the logins; a session ends after two without. */
const LOGIN_MS = 300

/** Something that lasts, and by what its owner may have it. */
export interface Watched {
  user: UserInfo
  /** The bearer token that stands for the login now. */
  token: string | undefined
  /** All must allow. */
  readonly checks: readonly { authorizer: Authorizer; attributes: Attributes }[]
  /** What it is, as in `the right to <what> was taken away`. */
  readonly what: string
  readonly onLost: (why: string) => void
}

export interface Guard extends Disposable {
  /** Tells `onLost` once when the right, the account or the login is gone; returns the function that ends it. */
  watch(watched: Watched): () => void
}

export interface GuardOptions {
  readonly changes: Pick<AccessChanges, 'follow'>
  readonly caches: CacheSet
  /** The token that a login goes by now; undefined when it is over. May throw when nobody knows. */
  readonly liveToken: (token: string) => Promise<string | undefined>
  readonly log: Logger
}

/** Takes terminals, logs and the like away from those who may not have them any more, within a second of the change. */
export function createGuard({ changes, caches, liveToken, log }: GuardOptions): Guard {
  const watched = new Set<Watched>()
  const misses = new WeakMap<Watched, number>()
  const ends: (() => void)[] = []
  let disposed = false
  let following: Promise<unknown> | undefined
  let settling: NodeJS.Timeout | undefined
  let polling: NodeJS.Timeout | undefined

  async function follow(): Promise<void> {
    const followRights = async (): Promise<void> => void ends.push(await changes.follow(judgeAll))
    const followUsers = async (): Promise<void> => {
      const store = await caches.store(USERS)
      if (!disposed) ends.push(store.subscribe(onUser))
    }
    const [, users] = await Promise.allSettled([followRights(), followUsers()])
    if (users.status === 'rejected') {
      log.debug({ err: users.reason as unknown }, 'accounts are not followed')
    }
    // What changed while they were opened.
    settle()
  }

  function judgeAll(): void {
    for (const one of watched) void judge(one)
  }

  function settle(): void {
    if (watched.size === 0 || disposed) return
    settling ??= setTimeout(() => {
      settling = undefined
      judgeAll()
    }, SETTLE_MS)
    settling.unref()
  }

  async function judge(one: Watched): Promise<void> {
    for (const { authorizer, attributes } of one.checks) {
      try {
        const { decision, error } = await authorizer.authorize(one.user, attributes)
        if (decision === 'Allow') continue
        if (error !== undefined) log.warn({ err: error }, 'a right was not judged anew')
        lose(one, `the right to ${one.what} was taken away`)
        return
      } catch (error) {
        log.warn({ err: error }, 'a right was not judged anew')
      }
    }
  }

  function onUser({ type, entry, previous }: Change): void {
    const [is, was] = [fields(entry.object), fields(previous?.object)]
    for (const one of watched) {
      if (one.user.name !== entry.name) continue
      if (type === 'DELETED') lose(one, 'the account was deleted')
      else if (is.state === 'Disabled') lose(one, 'the account was disabled')
      else if (previous && was.hashed && is.password !== was.password) {
        lose(one, 'the password was changed')
      } else if (is.groups.join('\n') !== was.groups.join('\n') && one.token === undefined) {
        const kept = one.user.groups.filter((group) => !was.groups.includes(group))
        one.user = { ...one.user, groups: [...is.groups, ...kept] }
        settle()
      }
    }
  }

  function lose(one: Watched, why: string): void {
    if (watched.delete(one)) one.onLost(why)
  }

  async function pollLogins(): Promise<void> {
    const logins = Map.groupBy(watched, ({ token }) => token ?? '')
    logins.delete('')
    await Promise.all(
      Array.from(logins, async ([token, sessions]) => {
        try {
          const live = await liveToken(token)
          for (const one of sessions) {
            const missed = live === undefined ? (misses.get(one) ?? 0) + 1 : 0
            misses.set(one, missed)
            if (live !== undefined) one.token = live
            else if (missed >= 2) lose(one, 'the login is over')
          }
        } catch (error) {
          log.debug({ err: error }, 'a login was not checked')
        }
      }),
    )
  }

  function pollSoon(): void {
    if (disposed || watched.size === 0) return
    polling ??= setTimeout(() => {
      void pollLogins().finally(() => {
        polling = undefined
        pollSoon()
      })
    }, LOGIN_MS)
    polling.unref()
  }

  return {
    watch(one) {
      watched.add(one)
      following ??= follow()
      pollSoon()
      // A change between the judgement at the door and now.
      settle()
      return () => void watched.delete(one)
    },
    [Symbol.dispose]() {
      disposed = true
      clearTimeout(settling)
      clearTimeout(polling)
      watched.clear()
      for (const end of ends) end()
    },
  }
}

interface UserFields {
  spec?: { password?: string; groups?: string[] }
  status?: { state?: string }
}

function fields(object: object | undefined) {
  const { spec = {}, status = {} } = (object ?? {}) as UserFields
  const password = spec.password ?? ''
  // A plain text that a controller replaces by its hash is the same password.
  return {
    password,
    hashed: password.startsWith('$2'),
    groups: spec.groups ?? [],
    state: status.state,
  }
}
