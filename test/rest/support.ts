import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Agent } from 'undici'
import { pino } from 'pino'
import { defaultConfig } from '../../gateway/config/index.ts'
import { createAuthenticator } from '../../gateway/context/index.ts'
import type { App } from '../../gateway/context/app.ts'
import { externalEffects } from '../../gateway/domain/effects.ts'
import type { Attributes, UserInfo } from '../../gateway/domain/operation.ts'
import { chartDownload, createApplication } from '../../gateway/domain/application/index.ts'
import { createMemoryImages, createPlatform } from '../../gateway/domain/platform/index.ts'
import type { CacheSet, ClusterAccess, KubeClient, Store } from '../../gateway/kube/api.ts'
import type { ClusterRoute } from '../../gateway/kube/clusters.ts'
import type { ForwardTarget } from '../../gateway/kube/forward.ts'
import { createStore } from '../../gateway/kube/store.ts'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { ApiError, unauthorized } from '../../gateway/lib/errors.ts'
import { createYamlReader } from '../../gateway/lib/yaml/index.ts'
import { createMetrics } from '../../gateway/telemetry/index.ts'
import { createRestHandler } from '../../rest-compat/index.ts'
import type { RestHandler } from '../../rest-compat/index.ts'
import type { RouteRow } from '../../rest-compat/routes/registry.ts'

/** A listening server that remembers what it was asked. */
export interface Upstream extends AsyncDisposable {
  readonly url: string
  readonly seen: {
    method: string
    url: string
    headers: IncomingMessage['headers']
    body: string
  }[]
  /** Raw connections, the upgraded ones included. */
  connections: number
  readonly server: Server
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}

/** Answers every plain request with `answer`, or 200 and a small JSON. */
export async function upstream(answer?: RequestListener): Promise<Upstream> {
  const seen: Upstream['seen'] = []
  const sockets = new Set<Socket>()
  const server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8')
    req.on('data', (chunk: string) => (body += chunk))
    req.on('end', () => {
      seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body })
      if (answer) answer(req, res)
      else res.setHeader('content-type', 'application/json').end('{"up":true}')
    })
  })
  const made: Upstream = {
    url: '',
    seen,
    connections: 0,
    server,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await close(server)
    },
  }
  server.on('connection', (socket) => {
    made.connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const url = await listen(server)
  return Object.assign(made, { url })
}

/** A synced store over fixed objects. */
export function fixedStore(gvr: GVR, kind: string, objects: readonly KubeObject[]): Store {
  const store = createStore(gvr, kind)
  store.replace(
    objects.map((object) => ({ object })),
    '1',
  )
  return store
}

/** Objects by resource; a resource that is not named is not served. */
export function fixedCaches(objects: Record<string, readonly KubeObject[]>): CacheSet {
  const stores = new Map(
    Object.entries(objects).map(([resource, of]) => {
      const [version = 'v1', kind = ''] = [of[0]?.apiVersion, of[0]?.kind]
      return [resource, fixedStore({ group: '', version, resource }, kind, of)]
    }),
  )
  return {
    async store({ resource }) {
      const store = stores.get(resource)
      if (!store) throw new ApiError(404, 'NotFound', `no matches for ${resource}`)
      return store
    },
    peek: ({ resource }) => stores.get(resource),
    status: () => [],
    [Symbol.asyncDispose]: async () => {},
  }
}

export interface Asked {
  user: UserInfo
  attributes: Attributes
}

export interface FaceOptions {
  objects?: Record<string, readonly KubeObject[]>
  rows?: readonly RouteRow[]
  /** Stand-in of kube-apiserver. */
  kube?: Upstream
  routes?: Record<string, ClusterRoute>
  allow?: (asked: Asked) => boolean
  config?: Parameters<typeof defaultConfig>[0]
  app?: Partial<App>
}

export interface FaceUnderTest extends AsyncDisposable {
  readonly url: string
  readonly app: App
  readonly rest: RestHandler
  /** Every question that the authorizer was asked. */
  readonly asked: Asked[]
  readonly log: string[]
}

/** A target for a local server without TLS. */
export function localTarget(
  url: string,
  auth: Record<string, string> = {},
): ForwardTarget & AsyncDisposable {
  const origin = new URL(url)
  const dispatcher = new Agent()
  return {
    origin,
    dispatcher,
    async connect() {
      const { connect } = await import('node:net')
      const socket = connect(Number(origin.port), origin.hostname)
      await new Promise((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('error', reject)
      })
      return socket
    },
    authHeaders: async () => auth,
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}

/**
 * The REST face over fixed objects. `Authorization: Bearer <name>` is the user of that name; Basic takes any password.
 */
export async function face(options: FaceOptions = {}): Promise<FaceUnderTest> {
  await using stack = new AsyncDisposableStack()
  const asked: Asked[] = []
  const log: string[] = []
  const kube = options.kube ?? stack.use(await upstream())
  const hostTarget = stack.use(localTarget(kube.url, { authorization: 'Bearer server-own' }))
  const user = (name: string): UserInfo => ({
    name,
    uid: '',
    groups: ['system:authenticated'],
    extra: {},
  })
  const caches = fixedCaches(options.objects ?? {})
  const client = kubeClient(kube.url)
  const host = { name: 'host', client, caches } as unknown as ClusterAccess
  const config = defaultConfig({ multicluster: { clusterRole: 'host' }, ...options.config })
  const metrics = stack.use(createMetrics())
  const app = {
    config,
    log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
    metrics,
    now: () => 0,
    ticks: () => 0,
    clusters: {
      host,
      hostTarget,
      access: async () => host,
      async route(name: string): Promise<ClusterRoute> {
        const route = options.routes?.[name]
        if (route) return route
        if (name === 'host') return { kind: 'host' }
        if (name === 'offline') {
          throw new ApiError(503, 'ClusterNotReady', 'cluster offline is not ready')
        }
        throw new ApiError(400, 'ClusterNotFound', `cluster ${name} not exists`)
      },
    },
    authenticator: createAuthenticator({
      identity: {
        basic: async (login) => user(login),
        async bearer(token) {
          if (token === 'bad') throw unauthorized('token not found in cache')
          return user(token)
        },
      },
    }),
    authorizer: {
      async authorize(who: UserInfo, attributes: Attributes) {
        const question = { user: who, attributes }
        asked.push(question)
        const allowed = options.allow?.(question) ?? who.name === 'admin'
        return { decision: allowed ? 'Allow' : 'NoOpinion', reason: '' }
      },
    },
    effects: externalEffects,
    platform: createPlatform({
      host,
      config,
      identity: { identityProviders: async () => [] },
      images: stack.use(createMemoryImages()),
      download: chartDownload({}),
    }),
    application: createApplication({ host, yaml: stack.use(createYamlReader()) }),
    readiness: () => ({ ready: true, checks: [{ name: 'cache users', ok: true }] }),
    ...options.app,
  } as unknown as App
  const rest = stack.use(createRestHandler(app, options.rows))
  const server = createServer(
    { shouldUpgradeCallback: (req) => rest.shouldUpgrade(req) },
    (req, res) => {
      void rest.handle(req, res)
    },
  )
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    void rest.upgrade(req, socket, head)
  })
  const url = await listen(server)
  stack.defer(() => close(server))
  const owned = stack.move()
  return { url, app, rest, asked, log, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** The part of a KubeClient that the face uses, over plain HTTP. */
function kubeClient(origin: string): KubeClient {
  const stream: KubeClient['stream'] = async (request) => {
    const query = new URLSearchParams(request.query as Record<string, string>).toString()
    const { Readable } = await import('node:stream')
    const body = request.body as unknown as RequestInit['body']
    const response = await fetch(`${origin}${request.path}${query ? `?${query}` : ''}`, {
      method: request.method ?? 'GET',
      headers: request.headers ?? {},
      ...(body === undefined ? {} : { body, duplex: 'half' }),
      redirect: 'manual',
      signal: request.signal ?? null,
    })
    const stream = response.body ? Readable.fromWeb(response.body as never) : Readable.from([])
    return { status: response.status, headers: Object.fromEntries(response.headers), body: stream }
  }
  return {
    origin: new URL(origin),
    stream,
    async json<T>(request: Parameters<KubeClient['json']>[0]) {
      const response = await stream(request)
      const chunks: Buffer[] = []
      for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk)
      return JSON.parse(Buffer.concat(chunks).toString()) as T
    },
  } as unknown as KubeClient
}

/** One raw HTTP/1.1 exchange: what is sent is exactly `text`; resolves with all that came until the end or `enough`. */
export async function raw(url: string, text: string, enough?: RegExp): Promise<string> {
  const { hostname, port } = new URL(url)
  const { connect } = await import('node:net')
  const socket = connect(Number(port), hostname)
  socket.setEncoding('utf8')
  let got = ''
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: string) => {
      got += chunk
      if (enough?.test(got)) resolve()
    })
    socket.once('end', resolve)
    socket.once('close', resolve)
    socket.once('error', reject)
    socket.write(text)
  })
  socket.destroy()
  return got
}
