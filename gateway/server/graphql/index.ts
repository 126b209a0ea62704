import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { expressMiddleware } from '@as-integrations/express5'
import express, { type Request, type Response } from 'express'
import { createCursors } from '../../../resolvers/cursor.ts'
import type { GraphqlContext, SchemaState } from '../../../resolvers/context.ts'
import { exposes } from '../../../resolvers/dynamic/exposure.ts'
import { formatError, inputError, requestError } from '../../../resolvers/errors.ts'
import { requestContext } from '../../../resolvers/request-context.ts'
import type { App } from '../../context/app.ts'
import { busy, createGate, orAny } from '../../lib/gate.ts'
import { adjustView, authorizationOf, buildContext, isAnonymous } from '../../context/index.ts'
import type { RequestContext, RequestView } from '../../context/types.ts'
import { createBreakers } from '../../lib/breaker.ts'
import { unavailable } from '../../lib/errors.ts'
import { currentScope, currentSpan } from '../../telemetry/index.ts'
import { answerBy } from '../express-face.ts'
import { createAudiences, type CallerLimits } from './audiences.ts'
import { costLimit, inOrder, type Costs } from './batch.ts'
import { createExtensions, usualExtensionTimes, type ExtensionTimes } from './extensions/index.ts'
import { gatewayOf } from './gateway.ts'
import { createIde } from './graphiql.ts'
import { answerError, bodyErrors, methodsAndTypes, refuseForgedRequests } from './http.ts'
import { createExecute, createStringify } from './introspection.ts'
import { createLiveSchema } from './kinds.ts'
import { defaultLimits, type DocumentLimits } from './limits.ts'
import { createLive, createWording, usualTimes, type LiveTimes } from './live/index.ts'
import { createDocuments } from './operation.ts'
import { createObserver, observed } from './observe.ts'
import { createPersisted } from './persisted.ts'
import { cacheHeaders, deadlines, mediaTypes, requestIds } from './plugins.ts'
import { loadSchema, type LoadedSchema } from './schema.ts'
import { preparationSpans, tracedExecute } from './traces.ts'
import { subgraphTexts, wholeSubgraph, type SubgraphText } from './subgraph.ts'
import { manifestCache, readManifest, type SentOperation } from './trusted.ts'

export interface GraphqlOptions {
  limits?: DocumentLimits
  /** Who may read the schema. Default: whoever is logged in. */
  introspection?: 'everyone' | 'authenticated'
  /** Whether `GET /graphql` with `Accept: text/html` answers GraphiQL. Default: yes. */
  ide?: boolean
  /** Requests of one user at a time. Default 50. */
  inFlight?: number
  /** Milliseconds an operation may take. Default 30 000 and 60 000. */
  deadlines?: { query: number; mutation: number }
  /** Subscriptions of one user at a time. Default: as configured. */
  subscriptions?: number
  times?: LiveTimes
  extensionTimes?: ExtensionTimes
  /** The hand-written part of the graph. Default: the platform's. */
  core?: Pick<LoadedSchema, 'schema' | 'sdl'>
}

export interface GraphqlFace extends AsyncDisposable {
  /** Builds the types of kinds now rather than for the first request that needs them. */
  warm(): void
  /** Answers one request whose path is `/graphql` or below; resolves when the answer is sent or the client is gone. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Takes over a connection that asked for a websocket. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Ends what clients left open, telling them; takes `ms` at most. Only plain requests are answered afterwards. */
  drain(ms: number): Promise<void>
}

/** Largest request body: an object of etcd's maximum must fit after JSON escaping. */
const bodyLimit = '4mb'

function viewOf(req: Request, signal: AbortSignal): RequestView {
  return {
    method: req.method,
    url: req.originalUrl,
    headers: req.headers,
    remoteAddress: req.socket.remoteAddress ?? '',
    signal,
  }
}

/** Aborts when the client goes away before its answer is complete. */
function clientGone(res: Response): AbortController {
  const controller = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(unavailable('the client closed the connection'))
  })
  return controller
}

/** The operations of a request as they were sent. */
function operationsOf(req: Request): readonly SentOperation[] {
  const sent: unknown = req.method === 'POST' ? req.body : req.query
  const all: readonly unknown[] = Array.isArray(sent) ? sent : [sent]
  return all.filter((one) => typeof one === 'object' && one !== null)
}

/** The context of a request for the schema's text, or undefined after an error was answered. */
async function schemaReader(
  app: App,
  req: Request,
  res: Response,
): Promise<RequestContext | undefined> {
  try {
    const ctx = await buildContext(app, viewOf(req, clientGone(res).signal))
    if (!isAnonymous(ctx.user)) return ctx
    answerError(res, 401, 'UNAUTHENTICATED', 'log in to read the schema')
  } catch (error) {
    const { message, extensions } = requestError(error)
    const http = extensions.http as { status: number }
    answerError(res, http.status, String(extensions.code), message)
  }
  return undefined
}

/**
 * The GraphQL face: Apollo Server 5 behind express, mounted at `/graphql`. Follows the GraphQL-over-HTTP draft; the
 * caller is who the REST face would say, and every field asks the authorizer through the operations of the domain.
 * Throws when the SDL and the resolvers do not fit together.
 */
export async function createGraphql(app: App, options: GraphqlOptions = {}): Promise<GraphqlFace> {
  const { schema: core, sdl } = options.core ?? (await loadSchema())
  const platform = createLiveSchema(app, core, () => subgraphText().sdl)
  const { subgraph, kinds, live: read } = app.config.facade.graphql
  const view = { shown: exposes(kinds), live: exposes({ allow: read, deny: [] }) }
  const subgraphText: () => SubgraphText = subgraphTexts(platform, {
    schema: core,
    sdl,
    shown: subgraph,
  })
  const report = (error: unknown) => app.log.error({ err: error }, 'graphql: internal error')
  const extensions = createExtensions({
    app,
    live: platform,
    execute: createExecute(),
    platformSdl: () => wholeSubgraph(platform, { schema: core, sdl }),
    report,
    times: options.extensionTimes ?? usualExtensionTimes,
  })
  const { live } = extensions
  const execute = app.tracing?.on ? tracedExecute(extensions.execute) : extensions.execute
  const schemaState: SchemaState = {
    get hash() {
      return live.hash
    },
    get kinds() {
      return live.kinds.length
    },
    onChange: (listener) => live.onChange(() => listener()),
  }
  const { trustedDocuments, introspection, maxCost, maxSubscriptions } = app.config.facade.graphql
  const usual: CallerLimits = {
    ...(options.limits ?? { ...defaultLimits, cost: maxCost }),
    requests: options.inFlight ?? 50,
    subscriptions: options.subscriptions ?? orAny(maxSubscriptions),
  }
  const limitsOf = createAudiences({
    usual,
    limits: app.config.facade.graphql.limits,
    roleOf: (ctx) => app.iam.users.globalRole.run(ctx, { name: ctx.user.name }),
  })
  const persisted = createPersisted()
  const manifest = trustedDocuments ? await readManifest(trustedDocuments) : undefined
  const gate = createGate(usual.requests)
  const cursors = createCursors(app.config.authentication.issuer.jwtSecret)
  const breakers = createBreakers({ now: app.ticks })
  const costs: Costs = new WeakMap()
  // By the request's context: Apollo makes a copy of the value that holds it.
  const aborts = new WeakMap<RequestContext, AbortController>()
  const costLimits = new WeakMap<RequestContext, number>()
  const times = options.deadlines ?? { query: 30_000, mutation: 60_000 }
  const documents = createDocuments({
    tokens: usual.tokens,
    manifest,
    persisted,
    introspection,
    introspectionForStrangers: options.introspection === 'everyone',
    core,
    live,
  })
  const common = {
    app,
    cursors,
    schemaState,
    breakers,
    extensions: () => extensions.verdicts(),
    ...view,
  }
  const { slowRequestMs } = app.config.facade
  const observe = createObserver({
    metrics: app.metrics,
    log: app.log,
    slowSeconds: slowRequestMs === 0 ? Infinity : slowRequestMs / 1000,
  })
  const stays = createLive({
    app,
    observe,
    documents,
    live,
    execute,
    wording: createWording(report),
    requests: gate,
    limitsOf,
    subscriptions: createGate(usual.subscriptions, busy('subscriptions')),
    deadlines: times,
    contextOf: (ctx, { live: connection, authorization }) =>
      requestContext({ ...common, ctx, connection, authorization }),
    times: options.times ?? usualTimes,
    report,
  })

  const server = new ApolloServer<GraphqlContext>({
    gateway: gatewayOf(live, execute),
    logger: app.log,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    allowBatchedHttpRequests: true,
    persistedQueries: { cache: manifest ? manifestCache(manifest) : persisted.cache },
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    parseOptions: { maxTokens: usual.tokens },
    stringifyResult: createStringify(),
    formatError: (formatted, error) => formatError(formatted, error, report),
    plugins: [
      // Nothing is cached, and its hook would run for every field.
      ApolloServerPluginCacheControlDisabled(),
      requestIds(),
      ...(app.tracing?.on ? [preparationSpans()] : []),
      mediaTypes(),
      cacheHeaders(),
      costLimit((ctx) => costLimits.get(ctx) ?? usual.cost, costs),
      observed(observe, costs),
      inOrder(),
      deadlines(times, ({ ctx }, reason) => aborts.get(ctx)?.abort(reason)),
    ],
  })
  await server.start()

  const context = async ({ req, res }: { req: Request; res: Response }) => {
    try {
      const abort = clientGone(res)
      const ctx = await buildContext(app, viewOf(req, abort.signal))
      const stranger = isAnonymous(ctx.user)
      const limits = await limitsOf(ctx)
      const who = stranger ? (req.socket.remoteAddress ?? '') : ctx.user.name
      res.once('close', gate.enter(who, limits.requests))
      costLimits.set(ctx, limits.cost)
      const operations = operationsOf(req)
      if (operations.length > limits.batch) {
        throw inputError(`at most ${limits.batch} operations at a time`, 'BATCH_LIMIT', 400)
      }
      for (const operation of operations) {
        const { document } = documents.read(operation, { stranger, limits })
        if (document) await documents.kindsFor(document)
      }
      const authorization = authorizationOf(adjustView(viewOf(req, abort.signal)))
      const value = requestContext({ ...common, ctx, authorization })
      aborts.set(ctx, abort)
      return value
    } catch (error) {
      throw requestError(error)
    }
  }

  const http = express()
  http.disable('x-powered-by').disable('etag')
  if (options.ide !== false) http.use('/graphql', createIde())
  http.get('/graphql/sdl', async (req, res) => {
    if (!introspection) return answerError(res, 404, 'NOT_FOUND', 'the schema is not shown here')
    if (!(await schemaReader(app, req, res))) return
    await documents.kinds()
    const text = subgraphText()
    const etag = `"${text.hash}"`
    res.set({ etag, 'cache-control': 'private, no-cache' })
    if (req.headers['if-none-match'] === etag) res.status(304).end()
    else res.type('text/plain').send(text.sdl)
  })
  http.all(
    '/graphql',
    methodsAndTypes,
    refuseForgedRequests,
    express.json({ limit: bodyLimit, strict: true }),
    (req: Request, _res: Response, next) => {
      if (!('body' in req)) Object.assign(req, { body: undefined })
      next()
    },
    stays.events,
    expressMiddleware(server, { context }),
  )
  http.use((_req, res) => answerError(res, 404, 'NOT_FOUND', 'the graph is at /graphql'))
  http.use(bodyErrors(report))

  return {
    warm: () => live.start(),
    handle(req, res) {
      const scope = currentScope()
      if (scope) res.setHeader('x-request-id', scope.id)
      scope?.span?.routed(req.method === 'GET' ? 'GET' : 'POST', '/graphql')
      return answerBy(http, req, res)
    },
    async upgrade(req, socket, head) {
      currentSpan()?.routed('GET', '/graphql')
      stays.upgrade(req, socket, head)
    },
    drain: (ms) => stays.drain(ms),
    async [Symbol.asyncDispose]() {
      stays[Symbol.dispose]()
      await server.stop()
      await extensions[Symbol.asyncDispose]()
    },
  }
}
