import { connect as connectTcp } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { Agent } from 'undici'
import type { ForwardTarget } from '../../kube/forward.ts'
import type { Upstream } from './endpoint.ts'

const DIAL_MS = 30_000
const IDLE_MS = 90_000
/** Upstreams with a pool of their own at a time; the longest unused is closed beyond that. */
const MAX_POOLS = 64

/** Keep-alive pools to the hosts that extensions live on, one per address and trust. */
export interface Upstreams extends AsyncDisposable {
  target(upstream: Upstream): ForwardTarget
}

/** Pools are made on first use and closed on disposal. Dial 30 s, idle 90 s, as the original (pipeline.md §13). */
export function createUpstreams(): Upstreams {
  const pools = new Map<string, { target: ForwardTarget; agent: Agent }>()
  return {
    target(upstream) {
      const key = `${upstream.url.origin}\n${upstream.insecure ? 'insecure' : (upstream.ca ?? '')}`
      const known = pools.get(key)
      if (known) {
        pools.delete(key)
        pools.set(key, known)
        return known.target
      }
      const made = open(upstream)
      pools.set(key, made)
      const oldest = pools.size > MAX_POOLS ? pools.entries().next().value : undefined
      if (oldest) {
        pools.delete(oldest[0])
        void oldest[1].agent.close()
      }
      return made.target
    },
    async [Symbol.asyncDispose]() {
      const open = [...pools.values()]
      pools.clear()
      await Promise.all(open.map(({ agent }) => agent.destroy()))
    },
  }
}

function open(upstream: Upstream): { target: ForwardTarget; agent: Agent } {
  const tls = {
    rejectUnauthorized: !upstream.insecure,
    ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
  }
  const agent = new Agent({
    connect: { timeout: DIAL_MS, ...tls },
    keepAliveTimeout: IDLE_MS,
    connections: 100,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const target: ForwardTarget = {
    origin: new URL(upstream.url.origin),
    dispatcher: agent,
    connect: (signal) => dial(upstream, tls, signal),
    authHeaders: async () => ({}),
  }
  return { target, agent }
}

/** A raw connection for an upgrade; TLS offers http/1.1 only. Rejects after 30 s or when `signal` aborts. */
function dial(
  upstream: Upstream,
  tls: { rejectUnauthorized: boolean; ca?: string },
  signal?: AbortSignal,
): Promise<Socket | TLSSocket> {
  const secure = upstream.url.protocol === 'https:'
  const host = upstream.url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(upstream.url.port || (secure ? 443 : 80))
  const { promise, resolve, reject } = Promise.withResolvers<Socket | TLSSocket>()
  const socket = secure
    ? connectTls({ host, port, servername: host, ALPNProtocols: ['http/1.1'], ...tls })
    : connectTcp({ host, port })
  const fail = (error: Error): void => {
    settle()
    socket.destroy()
    reject(error)
  }
  const abort = (): void => fail(new Error('the client went away'))
  const ready = secure ? 'secureConnect' : 'connect'
  const done = (): void => {
    settle()
    resolve(socket)
  }
  const timer = setTimeout(() => fail(new Error(`dial tcp ${host}:${port}: i/o timeout`)), DIAL_MS)
  const settle = (): void => {
    clearTimeout(timer)
    socket.off('error', fail)
    socket.off(ready, done)
    signal?.removeEventListener('abort', abort)
  }
  socket.once('error', fail)
  socket.once(ready, done)
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  return promise
}
