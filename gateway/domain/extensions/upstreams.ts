import { Agent } from 'undici'
import type { Credentials, TlsSettings } from '../../kube/credentials.ts'
import { dial, poolConnector } from '../../kube/dial.ts'
import type { ForwardTarget } from '../../kube/forward.ts'
import type { Upstream } from './endpoint.ts'

const IDLE_MS = 90_000
/** Upstreams with a pool of their own at a time; the longest unused is closed beyond that. */
const MAX_POOLS = 64

/** Keep-alive pools to the hosts that extensions live on, one per address and trust. */
export interface Upstreams extends AsyncDisposable {
  target(upstream: Upstream): ForwardTarget
}

/** Pools are made on first use and closed on disposal. Dial 30 s, idle 90 s, as the original (pipeline.md §13). */
export function createUpstreams(): Upstreams {
  const closed = new AbortController()
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
      const made = open(upstream, closed.signal)
      pools.set(key, made)
      const oldest = pools.size > MAX_POOLS ? pools.entries().next().value : undefined
      if (oldest) {
        pools.delete(oldest[0])
        void oldest[1].agent.close()
      }
      return made.target
    },
    async [Symbol.asyncDispose]() {
      closed.abort()
      const open = [...pools.values()]
      pools.clear()
      await Promise.all(open.map(({ agent }) => agent.destroy()))
    },
  }
}

function open(upstream: Upstream, closed: AbortSignal): { target: ForwardTarget; agent: Agent } {
  const origin = new URL(upstream.url.origin)
  const settings: TlsSettings = {
    rejectUnauthorized: !upstream.insecure,
    ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
  }
  const trust: Credentials = {
    origin,
    tls: async () => settings,
    authHeaders: async () => ({}),
  }
  const agent = new Agent({
    connect: poolConnector(trust, closed),
    keepAliveTimeout: IDLE_MS,
    connections: 100,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const target: ForwardTarget = {
    origin,
    dispatcher: agent,
    connect: (signal) => dial(trust, signal),
    authHeaders: async () => ({}),
  }
  return { target, agent }
}
