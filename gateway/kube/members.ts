import type { Logger } from 'pino'
import { Agent } from 'undici'
import { ConfigError } from '../config/index.ts'
import { ApiError } from '../lib/errors.ts'
import type { ClusterAccess, Entry } from './api.ts'
import { createClusterAccess } from './cluster-access.ts'
import type { OwnedAccess } from './cluster-access.ts'
import { connectionOf } from './cluster-object.ts'
import type { Connection } from './cluster-object.ts'
import type { Credentials } from './credentials.ts'
import { dial, DIAL_MS } from './dial.ts'
import type { ForwardTarget } from './forward-target.ts'
import { loadKubeconfig } from './kubeconfig.ts'

export interface MemberRoute {
  target: ForwardTarget
  /** Whether ks-apiserver is reached through the service proxy of the member's kube-apiserver. */
  serviceProxy: boolean
}

/** What is kept of one member, made anew when its `spec` changes. */
interface Member {
  readonly spec: string
  readonly connection: Connection
  access: Promise<OwnedAccess> | undefined
  route: Promise<MemberRoute> | undefined
}

export interface Members extends AsyncDisposable {
  /** Where requests for the member go. ApiError 503 with the reason when its `spec` allows no connection. */
  route(entry: Entry): Promise<MemberRoute>
  /** The member's own API server with the credentials stored in its Cluster; errors as `route`. */
  access(entry: Entry): Promise<ClusterAccess>
  forget(name: string): void
}

/** Connections to member clusters; pools are shared, kept alive, and closed when a member changes or goes. */
export function createMembers({ log, now }: { log: Logger; now: () => number }): Members {
  const members = new Map<string, Member>()
  // The original's default transport: system trust, one pool for every ks-apiserver.
  const agent = new Agent({
    connect: { timeout: DIAL_MS },
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  function memberOf({ name, object }: Entry): Member {
    const spec = JSON.stringify(object['spec'] ?? null)
    const known = members.get(name)
    if (known?.spec === spec) return known
    if (known) close(known)
    const member = {
      spec,
      connection: connectionOf(object),
      access: undefined,
      route: undefined,
    }
    members.set(name, member)
    return member
  }

  function accessOf(name: string, member: Member): Promise<OwnedAccess> {
    member.access ??= (async () => {
      const text = Buffer.from(member.connection.kubeconfig ?? '', 'base64').toString()
      if (text === '') throw new ConfigError('the cluster has no kubeconfig')
      const credentials = await loadKubeconfig({ text, now })
      return createClusterAccess({ name, credentials, log, now })
    })()
    return member.access
  }

  async function connect(name: string, member: Member): Promise<MemberRoute> {
    const { type, kubesphereAPIEndpoint, kubernetesAPIEndpoint } = member.connection
    if (type === 'direct' && !kubesphereAPIEndpoint) {
      const access = await accessOf(name, member)
      const origin = endpoint(kubernetesAPIEndpoint || access.client.origin.origin)
      const same = origin.origin === access.client.origin.origin
      const target = same ? access.client.target : await elsewhere(member, origin)
      return { target, serviceProxy: true }
    }
    const origin = endpoint(kubesphereAPIEndpoint ?? '')
    const open: Credentials = {
      origin,
      tls: async () => ({ rejectUnauthorized: true }),
      authHeaders: async () => ({}),
    }
    const target: ForwardTarget = {
      origin,
      dispatcher: agent,
      connect: (signal) => dial(open, signal),
      authHeaders: () => open.authHeaders(),
    }
    return { target, serviceProxy: false }
  }

  /** The kubeconfig's credentials at another address of the same API server. */
  async function elsewhere(member: Member, origin: URL): Promise<ForwardTarget> {
    const text = Buffer.from(member.connection.kubeconfig ?? '', 'base64').toString()
    const credentials = await loadKubeconfig({ text, master: origin.origin, now })
    const access = createClusterAccess({ name: origin.host, credentials, log, now })
    closers.set(member, access)
    return access.client.target
  }
  const closers = new Map<Member, AsyncDisposable>()

  function close(member: Member): void {
    const other = closers.get(member)
    closers.delete(member)
    void other?.[Symbol.asyncDispose]()
    member.access?.then(
      (access) => access[Symbol.asyncDispose](),
      () => {},
    )
  }

  return {
    async route(entry) {
      const member = memberOf(entry)
      member.route ??= connect(entry.name, member)
      return member.route.catch((error: unknown) => {
        member.route = undefined
        member.access = undefined
        throw unusable(entry.name, error)
      })
    },
    async access(entry) {
      const member = memberOf(entry)
      return accessOf(entry.name, member).catch((error: unknown) => {
        member.access = undefined
        throw unusable(entry.name, error)
      })
    },
    forget(name) {
      const member = members.get(name)
      members.delete(name)
      if (member) close(member)
    },
    async [Symbol.asyncDispose]() {
      for (const member of members.values()) close(member)
      members.clear()
      await agent.destroy()
    },
  }
}

function endpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new ConfigError(`the endpoint ${JSON.stringify(text)} is no http or https address`)
  }
  return new URL(url.origin)
}

function unusable(name: string, error: unknown): ApiError {
  const reason = error instanceof Error ? error.message : String(error)
  return new ApiError(503, 'ClusterUnreachable', `cluster ${name}: ${reason}`, { cause: error })
}
