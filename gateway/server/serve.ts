import type { Server } from 'node:net'
import type { Config } from '../config/index.ts'
import type { App } from '../context/app.ts'
import { untraced } from '../telemetry/index.ts'
import { createRestHandler } from '../../rest-compat/index.ts'
import { createApp, type AppOverrides } from './app.ts'
import { createExplorer } from './explorer/index.ts'
import { createOwnerSocket, startFronts } from './fronts/index.ts'
import { takeOver } from './fronts/relay.ts'
import { createOwnerTokens } from './fronts/tokens.ts'
import { createPages } from './foreign-pages.ts'
import { createGraphql } from './graphql/index.ts'
import { listen, type HttpServer } from './http.ts'
import { followRequests } from './requests.ts'

export interface Facade extends AsyncDisposable {
  readonly app: App
  readonly server: HttpServer
  /** Builds what the first request that needs it would wait for. */
  warm(): void
}

/** Milliseconds that clients of the graph get to take their leave when the server stops. */
const drainMs = 2000

/**
 * The whole server on one page: services, both faces, listener. Released in the opposite order. `listenOn` listens already,
 * and its port is taken over.
 */
export async function startFacade(
  config: Config,
  overrides: AppOverrides & { listenOn?: Server } = {},
): Promise<Facade> {
  await using stack = new AsyncDisposableStack()
  const { threads } = config.facade
  const owner = threads > 0 ? stack.use(await createOwnerSocket()) : undefined
  const owned = owner && createOwnerTokens(overrides.ticks ?? (() => performance.now()))
  const tokens = owned && { tokens: owned.tokens }
  const app = stack.use(await createApp(config, { ...overrides, ...tokens }))
  const rest = stack.use(createRestHandler(app))
  const graphql = stack.use(await createGraphql(app))
  const { insecurePort, securePort, tlsCertFile, tlsPrivateKey, bindAddress } = config.server
  const follow = followRequests({
    tracing: app.tracing ?? untraced,
    trustedProxies: config.facade.trustedProxies,
  })
  const tls = securePort ? { certFile: tlsCertFile, keyFile: tlsPrivateKey } : undefined
  const faces = {
    host: bindAddress,
    rest,
    graphql,
    explorer: config.facade.explorer ? createExplorer() : undefined,
    pages: createPages({ headers: config.facade.headers, ...config.facade.cors }),
    follow,
    log: app.log,
  }
  let server: HttpServer
  if (owner && owned) {
    stack.use(await listen({ ...faces, port: owner.path, onArrival: takeOver }))
    const { openHosts } = overrides
    const { rows } = rest
    server = stack.use(
      await startFronts({ config, app, rows, owned, socketPath: owner.path, openHosts }),
    )
  } else {
    const port = overrides.listenOn ?? (securePort || insecurePort)
    server = stack.use(await listen({ ...faces, port, tls }))
  }
  // First of all, while their sockets still can be told why.
  stack.defer(() => graphql.drain(drainMs))
  stack.defer(() => app.execs.told(drainMs))
  stack.defer(() => app.terminal.endAll())
  const all = stack.move()
  return {
    app,
    server,
    warm: () => graphql.warm(),
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  }
}
