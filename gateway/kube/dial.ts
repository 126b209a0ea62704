import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import type { Credentials, TlsSettings } from './credentials.ts'

/** Milliseconds for TCP and TLS together. */
export const DIAL_MS = 30_000
/** Milliseconds of silence before TCP asks whether the other side is alive. */
const KEEP_ALIVE_MS = 30_000

/**
 * How undici opens connections of a pool: trust and client certificate are looked up for each. When `closed` aborts,
 * those that are still being opened end too; a destroyed pool leaves them to their timeout.
 */
export function poolConnector(
  credentials: Credentials,
  closed: AbortSignal,
): buildConnector.connector {
  let made: { settings: TlsSettings; connector: buildConnector.connector } | undefined
  const connectorOf = async (): Promise<buildConnector.connector> => {
    const settings = await credentials.tls()
    if (made?.settings !== settings) {
      const connector = buildConnector({
        ...settings,
        allowH2: false,
        timeout: DIAL_MS,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE_MS,
      })
      made = { settings, connector }
    }
    return made.connector
  }
  return (options, deliver) => {
    void connectorOf().then(
      (connector) => open(connector, options, deliver, closed),
      (error: unknown) => deliver(error as Error, null),
    )
  }
}

function open(
  connector: buildConnector.connector,
  options: buildConnector.Options,
  deliver: buildConnector.Callback,
  closed: AbortSignal,
): void {
  if (closed.aborted) {
    deliver(closed.reason as Error, null)
    return
  }
  // undici's connector returns its socket, though its type does not say so.
  const socket = connector(options, (...result) => {
    closed.removeEventListener('abort', end)
    deliver(...result)
  }) as unknown as Socket
  const end = (): void => {
    socket.destroy(closed.reason as Error)
  }
  closed.addEventListener('abort', end, { once: true })
}

/**
 * A raw connection, TLS with ALPN http/1.1 for https. It may be half-closed. Rejects when it fails, after 30 s, or
 * when `signal` aborts.
 */
export async function dial(
  credentials: Credentials,
  signal?: AbortSignal,
): Promise<Socket | TLSSocket> {
  const { origin } = credentials
  const secure = origin.protocol === 'https:'
  const settings = secure ? await credentials.tls() : undefined
  signal?.throwIfAborted()
  const host = origin.hostname.replace(/^\[|\]$/g, '')
  const port = Number(origin.port || (secure ? 443 : 80))
  const name = settings?.servername ?? (isIP(host) ? '' : host)
  const { promise, resolve, reject } = Promise.withResolvers<Socket | TLSSocket>()
  const where = { host, port, allowHalfOpen: true }
  const socket = settings
    ? connectTls({ ...settings, ...where, servername: name, ALPNProtocols: ['http/1.1'] })
    : connectTcp(where)
  const fail = (error: Error): void => {
    settle()
    socket.on('error', () => {})
    socket.destroy()
    reject(error)
  }
  const done = (): void => {
    settle()
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    resolve(socket)
  }
  const late = (): void => {
    fail(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT', address: host, port }))
  }
  const abort = (): void => fail(signal?.reason as Error)
  const timer = setTimeout(late, DIAL_MS)
  const ready = secure ? 'secureConnect' : 'connect'
  const settle = (): void => {
    clearTimeout(timer)
    socket.off('error', fail)
    socket.off(ready, done)
    signal?.removeEventListener('abort', abort)
  }
  socket.once('error', fail)
  socket.once(ready, done)
  signal?.addEventListener('abort', abort, { once: true })
  return promise
}
