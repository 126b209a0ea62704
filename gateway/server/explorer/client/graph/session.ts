/** What `/oauth/token` answers (RFC 6749 §5.1). */
interface Login {
  readonly access_token: string
  readonly refresh_token?: string
}

/** The login of this browser tab, shared with GraphiQL beside it. */
export interface Session {
  /** The access token, or undefined before a login. */
  readonly token: () => string | undefined
  /** Milliseconds until the access token ends, undefined where it does not say. RFC 7519 §4.1.4. */
  readonly tokenLeft: () => number | undefined
  /** Logs in with a password. Throws an Error with the server's sentence. */
  readonly login: (username: string, password: string) => Promise<void>
  /**
   * Gets a new access token for the old one; callers at the same time share one request. Gives undefined, and ends the
   * login, when the server does not renew it.
   */
  readonly renew: () => Promise<string | undefined>
  /** Forgets the login. */
  readonly logout: () => void
  /** Tells `listener` of each login, renewal and logout; returns what ends that. */
  readonly onChange: (listener: () => void) => () => void
}

const key = 'ks-facade.login'

function expiry(token: string): number | undefined {
  const payload = token.split('.')[1]
  if (!payload) return undefined
  const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
  return (JSON.parse(text) as { exp?: number }).exp
}

/** Tokens are in `store`, which is the tab's session storage, and nowhere else. */
export function createSession(store: Storage): Session {
  const listeners = new Set<() => void>()
  let renewing: Promise<string | undefined> | undefined
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const stored = (): Login | undefined => {
    const text = store.getItem(key)
    return text ? (JSON.parse(text) as Login) : undefined
  }
  const ask = async (fields: Record<string, string>): Promise<string> => {
    const client = { client_id: 'kubesphere', client_secret: 'kubesphere' }
    const body = new URLSearchParams({ ...client, ...fields })
    const response = await fetch(new URL('oauth/token', location.href), { method: 'POST', body })
    const answer = (await response.json().catch(() => ({}))) as Login & {
      error_description?: string
    }
    if (!response.ok) throw new Error(answer.error_description ?? `HTTP ${response.status}`)
    store.setItem(key, JSON.stringify(answer))
    changed()
    return answer.access_token
  }
  const session: Session = {
    token: () => stored()?.access_token,
    tokenLeft() {
      const end = expiry(session.token() ?? '')
      return end === undefined ? undefined : end * 1000 - Date.now()
    },
    async login(username, password) {
      await ask({ grant_type: 'password', username, password })
    },
    renew() {
      const refresh = stored()?.refresh_token
      if (!renewing && !refresh) session.logout()
      if (!renewing && refresh) {
        renewing = ask({ grant_type: 'refresh_token', refresh_token: refresh })
          .catch(() => {
            session.logout()
            return undefined
          })
          .finally(() => (renewing = undefined))
      }
      return renewing ?? Promise.resolve(undefined)
    },
    logout() {
      store.removeItem(key)
      changed()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return session
}
