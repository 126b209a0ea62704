import type { UserInfo } from '../operation.ts'
import type { HeaderMap } from './header-rules.ts'

/** With underscores, too: upstreams that hand headers on as CGI variables cannot tell them apart. */
const FORGEABLE = /^(?:x[-_]remote[-_](?:user|uid|group|extra[-_])|impersonate[-_])/

/** Whether a request carries a header that only a proxy may set: `X-Remote-*`, `Impersonate-*`. */
export function isIdentityHeader(name: string): boolean {
  return FORGEABLE.test(name)
}

/** `headers` without what a client could use to name itself: `X-Remote-*` and `Impersonate-*`. The same object if there is none. */
export function withoutIdentity<T extends HeaderMap>(headers: T): T {
  const names = Object.keys(headers)
  if (!names.some(isIdentityHeader)) return headers
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !isIdentityHeader(name)),
  ) as T
}

/**
 * The caller as an authenticating proxy states it to an upstream (pipeline.md §24.3). Source: the Kubernetes
 * documentation, "Authenticating Proxy".
 */
export function identityHeaders(user: UserInfo): HeaderMap {
  const headers: HeaderMap = { 'x-remote-user': user.name }
  if (user.uid) headers['x-remote-uid'] = user.uid
  if (user.groups.length > 0) headers['x-remote-group'] = [...user.groups]
  for (const [key, values] of Object.entries(user.extra)) {
    headers[`x-remote-extra-${encodeURIComponent(key).toLowerCase()}`] = [...values]
  }
  return headers
}
