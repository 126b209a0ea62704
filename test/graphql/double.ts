import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defaultConfig } from '../../gateway/config/index.ts'
import type { App } from '../../gateway/context/app.ts'
import { authorizationOf, bearerToken } from '../../gateway/context/index.ts'
import type { RequestView } from '../../gateway/context/types.ts'
import { unauthorized } from '../../gateway/lib/errors.ts'
import {
  createGraphql,
  type GraphqlFace,
  type GraphqlOptions,
} from '../../gateway/server/graphql/index.ts'
import { followRequests } from '../../gateway/server/requests.ts'
import { createLogger, untraced } from '../../gateway/telemetry/index.ts'

/**
 * As much of an App as parsing, limits and errors need: the token `good-<name>` is user <name>, any other is refused,
 * whoever is logged in may do everything. Operations are given by the test.
 */
export function appDouble(services: Partial<App> = {}): App {
  const double = {
    config: defaultConfig({}),
    log: createLogger({ level: 'silent' }),
    now: Date.now,
    ticks: () => performance.now(),
    clusters: { host: { name: 'host' } },
    authenticator: {
      async authenticate(view: Pick<RequestView, 'headers'>) {
        const token = bearerToken(authorizationOf(view))
        if (token && !token.startsWith('good-')) throw unauthorized('invalid token')
        const name = token?.slice('good-'.length) ?? 'system:anonymous'
        return { name, uid: '', groups: [], extra: {} }
      },
    },
    identity: { verify: async () => ({}) },
    guard: { watch: () => () => {} },
    metrics: {
      socketOpened: () => () => {},
      subscriptionStarted: () => () => {},
      graphql: { operation: () => {}, failed: () => {} },
    },
    authorizer: {
      authorize: async ({ name }: { name: string }) => ({
        decision: name === 'system:anonymous' ? 'Deny' : 'Allow',
        reason: '',
      }),
    },
    ...services,
  }
  return double as unknown as App
}

export interface Face extends AsyncDisposable {
  readonly url: string
}

/** A face on a free port, its requests followed as the server does; disposing ends the port and leaves the face. */
export async function listenOn(graphql: Pick<GraphqlFace, 'handle' | 'upgrade'>): Promise<Face> {
  const follow = followRequests({ tracing: untraced, trustedProxies: [] })
  const server = createServer((req, res) => void follow(req, res, () => graphql.handle(req, res)))
  server.on(
    'upgrade',
    (req, socket, head) => void follow(req, socket, () => graphql.upgrade(req, socket, head)),
  )
  // Tests that compose hold up this process for seconds, and their client goes by what the server once said.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The GraphQL face alone on a free port. */
export async function serveGraphql(app: App, options: GraphqlOptions = {}): Promise<Face> {
  const graphql = await createGraphql(app, options)
  const server = await listenOn(graphql)
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await graphql[Symbol.asyncDispose]()
    },
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: {
    readonly data?: Record<string, unknown> | null
    readonly errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[]
  }
}

/** Posts a document; `headers` win over the usual ones. */
export async function ask(
  url: string,
  query: string,
  options: { variables?: object; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...options.headers,
    },
    body: JSON.stringify({ query, variables: options.variables }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}
