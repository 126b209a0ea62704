import { pino } from 'pino'
import { createSocketTarget } from '../../gateway/kube/socket-target.ts'
import type { Pages } from '../../gateway/server/foreign-pages.ts'
import { createFrontFaces } from '../../gateway/server/fronts/faces.ts'
import { createOwnerSocket } from '../../gateway/server/fronts/index.ts'
import { createRelay, takeOver } from '../../gateway/server/fronts/relay.ts'
import { listen, type HttpServer, type SocketFace } from '../../gateway/server/http.ts'
import { createRouter, type RestHandler } from '../../rest-compat/index.ts'
import { apiService, bundle, reverseProxy } from '../rest/extensions.ts'
import { face, localTarget, type Asked, type Upstream } from '../rest/support.ts'
import { rawUpstream, type RawUpstream } from './raw-upstream.ts'

/** A way through this server. */
export interface Way {
  readonly name: string
  /** A path that goes this way. */
  readonly path: string
  /** What the upstream is asked for it. */
  readonly upstreamPath: string
  /** The identity that the upstream is told, by header; all other identity headers are absent. */
  readonly told: Readonly<Record<string, string>>
  /** Whether the path is judged here, and not by the upstream. */
  readonly judged: boolean
  /** Whether what follows the path goes on too. */
  readonly open: boolean
}

const SERVICE = '/api/v1/namespaces/kubesphere-system/services/:ks-apiserver:/proxy'
const named = { 'x-remote-user': 'admin', 'x-remote-group': 'system:authenticated' }
const bearer = { authorization: 'Bearer admin' }

/** Every proxy of the REST face, asked by `admin`. */
export const ways: readonly Way[] = [
  {
    name: 'kube-apiserver',
    path: '/api/v1/namespaces/n/pods',
    upstreamPath: '/api/v1/namespaces/n/pods',
    told: { authorization: 'Bearer server-own' },
    judged: true,
    open: true,
  },
  {
    name: 'an APIService',
    path: '/kapis/ext.io/v1/namespaces/n/things',
    upstreamPath: '/kapis/ext.io/v1/namespaces/n/things',
    told: { ...bearer, ...named },
    judged: true,
    open: true,
  },
  {
    name: 'a ReverseProxy',
    path: '/proxy/plain/x',
    upstreamPath: '/proxy/plain/x',
    told: bearer,
    judged: true,
    open: true,
  },
  {
    name: 'a ReverseProxy with identity',
    path: '/proxy/auth/x',
    upstreamPath: '/x',
    told: { ...bearer, ...named },
    judged: true,
    open: true,
  },
  {
    name: 'a JSBundle',
    path: '/dist/remote/index.js',
    upstreamPath: '/b.js',
    told: {},
    judged: false,
    open: false,
  },
  {
    name: 'a member cluster',
    path: '/clusters/direct/version',
    upstreamPath: '/version',
    told: bearer,
    judged: false,
    open: true,
  },
  {
    name: 'a member cluster behind its kube-apiserver',
    path: '/clusters/behind/version',
    upstreamPath: `${SERVICE}/version`,
    told: { authorization: 'Bearer stored', 'x-kubesphere-authorization': 'Bearer admin' },
    judged: false,
    open: true,
  },
]

export interface Stage extends AsyncDisposable {
  readonly url: string
  readonly upstream: RawUpstream
  /** Every question that the authorizer was asked. */
  readonly asked: Asked[]
}

export interface StageOptions {
  /** Bytes that the upstream answers each request with. */
  readonly answer?: string
  readonly pages?: Pages | undefined
  /** Who clients are connected with; default: the one that answers. */
  readonly listener?: Listener
}

/** The thread that answers everything by itself, or one in front of it. */
export type Listener = 'one thread' | 'a thread in front'

export const listeners: readonly Listener[] = ['one thread', 'a thread in front']

/** The server's own listener in front of every proxy, all of which lead to one upstream that keeps bytes. */
export async function startStage({ answer, pages, listener }: StageOptions = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const upstream = stack.use(await rawUpstream(answer))
  const { url } = upstream
  const direct = stack.use(localTarget(url))
  const behind = stack.use(localTarget(url, { authorization: 'Bearer stored' }))
  const under = stack.use(
    await face({
      // Of the stand-in for kube-apiserver only its address is asked.
      kube: { url } as Upstream,
      objects: {
        apiservices: [apiService(url)],
        reverseproxies: [
          reverseProxy('plain', '/proxy/plain/*', url),
          reverseProxy('auth', '/proxy/auth/*', url, {
            authProxy: true,
            stripPathPrefix: '/proxy/auth',
          }),
        ],
        jsbundles: [bundle('remote', { rawFrom: { url: `${url}/b.js` } })],
      },
      routes: {
        direct: { kind: 'member', name: 'direct', target: direct, serviceProxy: false },
        behind: { kind: 'member', name: 'behind', target: behind, serviceProxy: true },
      },
    }),
  )
  const { url: own } = stack.use(await listening(under.rest, pages, listener))
  const owned = stack.move()
  return {
    url: own,
    upstream,
    asked: under.asked,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The listeners of the server, as `facade.threads` has them. */
async function listening(
  rest: RestHandler,
  pages: Pages | undefined,
  listener: Listener = 'one thread',
): Promise<HttpServer> {
  const log = pino({ level: 'silent' })
  const of = { host: '127.0.0.1', pages, log }
  if (listener === 'one thread') return listen({ ...of, port: 0, rest, graphql: nothing })
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(await createOwnerSocket())
  stack.use(await listen({ ...of, port: path, rest, graphql: nothing, onArrival: takeOver }))
  const relay = createRelay(stack.use(createSocketTarget(path)), log)
  const router = createRouter(rest.rows)
  const faces = createFrontFaces({ rest, router, relay, follow: (_req, _answer, work) => work() })
  const { url, port } = stack.use(await listen({ ...of, ...faces, port: 0, shared: true }))
  const owned = stack.move()
  return { url, port, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const nothing: SocketFace = {
  handle: async (_req, res) => void res.writeHead(404).end(),
  upgrade: async (_req, socket) => void socket.destroy(),
}
