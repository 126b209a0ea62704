import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ClusterRoute, Clusters } from '../../gateway/kube/clusters.ts'
import type { KindInfo, KubeObject } from '../../gateway/kube/types.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { httpServer, plainTarget } from '../kube/support.ts'
import { fakeCluster } from '../resources/support.ts'

export const NODES: KindInfo = {
  group: '',
  version: 'v1',
  resource: 'nodes',
  kind: 'Node',
  singular: 'node',
  namespaced: false,
  verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  shortNames: ['no'],
  categories: [],
  preferred: true,
}

/** A member's ks-apiserver as far as nodes go. */
export interface Member extends AsyncDisposable {
  readonly name: string
  readonly nodes: KubeObject[]
  /** Method, path and query of each request, and the credentials it came with. */
  readonly asked: { what: string; authorization: string }[]
  /** Answers in place of the list; back to normal when undefined. */
  answer: ((req: IncomingMessage, res: ServerResponse) => void) | undefined
  /** Expires each token that a page is continued by. */
  expired: boolean
  route(): Promise<ClusterRoute>
}

export function node(name: string, created = '2026-01-01T00:00:00Z'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid-${name}`, resourceVersion: '7', creationTimestamp: created },
  }
}

/** An answer of a fixed status, with a Status as Kubernetes writes it or as plain text. */
export function refusing(code: number, reason?: string) {
  return (_req: IncomingMessage, res: ServerResponse) => {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code }
    res.writeHead(code, { 'content-type': reason ? 'application/json' : 'text/plain' })
    res.end(reason ? JSON.stringify({ ...status, message: `it says ${reason}` }) : 'no server here')
  }
}

/** Discovery of a member that serves nodes alone. */
const documents: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [{ name: 'nodes', kind: 'Node', namespaced: false, verbs: ['get', 'list'] }],
  },
}

export async function startMember(name: string, nodes: KubeObject[]): Promise<Member> {
  const stack = new AsyncDisposableStack()
  const asked: Member['asked'] = []
  const server = await httpServer((req, res) => {
    const { authorization = '' } = req.headers
    asked.push({ what: `${req.method} ${req.url}`, authorization })
    if (member.answer) return member.answer(req, res)
    const url = new URL(req.url ?? '/', 'http://member')
    if (authorization !== 'Bearer good-ann') return refusing(401, 'Unauthorized')(req, res)
    const known = documents[url.pathname]
    if (known) return void res.end(JSON.stringify(known))
    if (!url.pathname.startsWith('/api/v1/nodes')) return refusing(404)(req, res)
    const named = /^\/api\/v1\/nodes\/(.+)$/.exec(url.pathname)?.[1]
    const body = named ? nodes.find(({ metadata }) => metadata.name === named) : list(url)
    if (!body) return refusing(named ? 404 : 410, named ? 'NotFound' : 'Expired')(req, res)
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  stack.use(server)
  const target = stack.use(plainTarget(server.url))

  /** Undefined for a token that is too old. */
  function list({ searchParams }: URL): object | undefined {
    const token = searchParams.get('continue') ?? ''
    if (token && !token.endsWith('+') && member.expired) return undefined
    const start = nodes.findIndex(({ metadata }) => (metadata.name ?? '') > token.replace('+', ''))
    const from = token ? (start < 0 ? nodes.length : start) : 0
    const end = from + Number(searchParams.get('limit') ?? nodes.length)
    const left = nodes.length - end
    const last = nodes[end - 1]?.metadata.name ?? ''
    return {
      kind: 'NodeList',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: '9',
        ...(left > 0 ? { continue: last, remainingItemCount: left } : {}),
      },
      items: nodes.slice(from, end),
    }
  }

  const owned = stack.move()
  const member: Member = {
    name,
    nodes,
    asked,
    answer: undefined,
    expired: false,
    route: async () => ({ kind: 'member', name, target, serviceProxy: false }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
  return member
}

/** Clusters of a platform: a host in memory with these nodes, and members. */
export function clustersOf(hostNodes: KubeObject[], members: readonly Member[]): Clusters {
  const host = fakeCluster()
  host.seed(NODES, 'Node', hostNodes)
  const find = async (of: { resource?: string; kind?: string }) =>
    of.resource === 'nodes' || of.kind === 'Node' ? NODES : undefined
  Object.assign(host.discovery, { find, findKind: find, kinds: async () => [NODES] })
  return {
    host,
    async route(name: string): Promise<ClusterRoute> {
      if (name === 'host') return { kind: 'host' }
      const member = members.find((one) => one.name === name)
      if (member) return member.route()
      throw new ApiError(400, 'ClusterNotFound', `cluster ${name} not exists`)
    },
  } as unknown as Clusters
}
