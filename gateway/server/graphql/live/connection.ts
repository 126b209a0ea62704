import { randomUUID } from 'node:crypto'
import type { LiveConnection } from '../../../../resolvers/context.ts'
import type { App } from '../../../context/app.ts'
import {
  adjustView,
  authorizationOf,
  bearerToken,
  isAnonymous,
  type RequestView,
  type UserInfo,
} from '../../../context/index.ts'
import { ApiError, forbidden, unauthorized, unavailable } from '../../../lib/errors.ts'

/** A connection as its transport holds it. */
export interface OwnedConnection {
  readonly live: LiveConnection
  /** Who opened it; the same for as long as it is open. */
  readonly user: UserInfo
  /** The request that it came by, with the credentials of its beginning. */
  readonly view: RequestView
  /** The header by which the caller says now who it is. */
  readonly authorization: string
  /** The caller of one more operation, a token checked anew. Throws ApiError 401, and the connection is over then. */
  current(): Promise<UserInfo>
  /** It is gone: tells those who wait for that. */
  close(): void
}

/** What the transport does for a connection. */
export interface Wire {
  buffered(): number
  /** Resolves when the client has caught up or is gone. */
  drained(): Promise<void>
  /** The login is over, or the account is; the transport is to close now. */
  onOver(why: string): void
}

/** Milliseconds between looks at the date, which may be put forward. */
const lookMs = 60_000

/**
 * Lets a caller in who says by `view` who it is, and follows the login from then on: `onOver` is called when the token
 * runs out or is revoked, the account is disabled or deleted, or its password changes. Throws ApiError 401 for
 * credentials that are no good and for none at all.
 */
export async function openConnection(
  app: Pick<App, 'authenticator' | 'identity' | 'guard' | 'now' | 'ticks'>,
  view: RequestView,
  wire: Wire,
): Promise<OwnedConnection> {
  const { authenticator, identity, guard, now, ticks } = app
  const gone = new AbortController()
  const listeners = new Set<(user: UserInfo | undefined) => void>()
  let timer: NodeJS.Timeout | undefined
  let release: (() => void) | undefined

  function withToken(bearer: string): RequestView {
    return { ...view, headers: { ...view.headers, authorization: `Bearer ${bearer}` } }
  }

  /** Epoch milliseconds; undefined for a token that never runs out. */
  async function expiryOf(bearer: string | undefined): Promise<number | undefined> {
    if (bearer === undefined) return undefined
    const { exp } = await identity.verify(bearer)
    return exp === undefined ? undefined : exp * 1000
  }

  function over(why: string): void {
    if (gone.signal.aborted) return
    for (const listener of listeners) listener(undefined)
    wire.onOver(why)
  }

  /** Whichever comes first: the date, or as much time as there was until then. */
  function expireAt(at: number | undefined, time = ticks() + (at ?? 0) - now()): void {
    clearTimeout(timer)
    if (at === undefined) return
    const left = Math.min(at - now(), time - ticks())
    if (left <= 0) return over('the token has expired')
    timer = setTimeout(() => expireAt(at, time), Math.min(left, lookMs)).unref()
  }

  function follow(who: UserInfo, bearer: string | undefined, expires: number | undefined): void {
    release?.()
    release = guard.watch({
      user: who,
      token: bearer,
      checks: [],
      what: 'this connection',
      onLost: over,
    })
    expireAt(expires)
  }

  const adjusted = adjustView(view)
  const user = await authenticator.authenticate(adjusted)
  if (isAnonymous(user)) throw unauthorized('log in first')
  let token = bearerToken(authorizationOf(adjusted))
  const expires = await expiryOf(token)
  follow(user, token, expires)

  const live: LiveConnection = {
    id: randomUUID(),
    signal: gone.signal,
    get token() {
      return token
    },
    onClose(listener) {
      if (gone.signal.aborted) listener()
      else gone.signal.addEventListener('abort', listener, { once: true })
      return () => gone.signal.removeEventListener('abort', listener)
    },
    onIdentity(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async renew(next) {
      const who = await authenticator.authenticate(withToken(next))
      if (who.name !== user.name) throw forbidden('the token is of another user')
      const until = await expiryOf(next)
      if (gone.signal.aborted) throw unavailable('the connection is closed')
      token = next
      follow(who, next, until)
      for (const listener of listeners) listener(who)
      return until
    },
    get buffered() {
      return wire.buffered()
    },
    async drained(signal) {
      signal.throwIfAborted()
      const cut = Promise.withResolvers<never>()
      const abort = () => cut.reject(signal.reason as Error)
      signal.addEventListener('abort', abort, { once: true })
      try {
        await Promise.race([wire.drained(), cut.promise])
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
  }

  return {
    live,
    user,
    view,
    get authorization() {
      return token === undefined ? authorizationOf(adjusted) : `Bearer ${token}`
    },
    async current() {
      // The password of HTTP Basic was checked at the beginning; that it changed would have been told.
      if (token === undefined) return user
      try {
        return await authenticator.authenticate(withToken(token))
      } catch (error) {
        if (error instanceof ApiError && error.code === 401) over('the token is no longer good')
        throw error
      }
    },
    close() {
      clearTimeout(timer)
      release?.()
      listeners.clear()
      gone.abort(new Error('the connection is closed'))
    },
  }
}
