/** The thread of a front: a listener of its own, and the layers of REST for what it may answer. */
import { parentPort, workerData } from 'node:worker_threads'
import { createSocketTarget } from '../../kube/socket-target.ts'
import { createLogger, createMetrics, untraced } from '../../telemetry/index.ts'
import {
  allRoutes,
  createRestHandler,
  createRouter,
  type RouteRow,
} from '../../../rest-compat/index.ts'
import type { Auditor } from '../../domain/auditing/index.ts'
import { createApp } from '../app.ts'
import { createPages } from '../foreign-pages.ts'
import { listen } from '../http.ts'
import { followRequests } from '../requests.ts'
import { createFrontFaces } from './faces.ts'
import type { FrontData, FromFront, ToFront } from './messages.ts'
import { createOwner, type Owner } from './owner.ts'
import { beat } from './pulse.ts'
import { createRelay } from './relay.ts'
import { createFrontTokens, type Question } from './tokens.ts'

const port = parentPort
if (!port) throw new Error('a front runs in a thread')
const data = workerData as FrontData
const send = (message: FromFront): void => port.postMessage(message)

try {
  await serve()
} catch (error) {
  send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  process.exit(1)
}

async function serve(): Promise<void> {
  const { config, socketPath } = data
  const log = createLogger({ level: data.logLevel })
  await using stack = new AsyncDisposableStack()
  stack.use(beat(data.pulse))
  const metrics = createMetrics()
  const ticks = () => performance.now()
  const ask = (question: Question): void => send({ kind: 'has', ...question })
  const tokens = createFrontTokens(ask, data.ended, ticks)
  const owner = stack.use(createOwner(send, data.versions, ticks))
  const closing = Promise.withResolvers<void>()
  port?.on('message', (message: ToFront) => {
    if (message.kind === 'answers') owner.answered(message.answers)
    else if (message.kind === 'has') tokens.answered(message.id, message.live)
    else if (message.kind === 'close') closing.resolve()
    else void metrics.samples().then((samples) => send({ ...message, samples }))
  })
  const app = stack.use(
    await createApp(config, {
      log,
      metrics,
      ticks,
      tokens,
      openHosts: data.openHosts,
      front: { auditor: auditor() },
    }),
  )
  const rows = allRoutes.map((row) => askingOwner(row, owner))
  const router = createRouter(rows)
  const rest = stack.use(createRestHandler(app, rows))
  const relay = createRelay(stack.use(createSocketTarget(socketPath)), log)
  const follow = followRequests({
    tracing: app.tracing ?? untraced,
    trustedProxies: config.facade.trustedProxies,
  })
  const { securePort, tlsCertFile, tlsPrivateKey, bindAddress } = config.server
  const server = stack.use(
    await listen({
      host: bindAddress,
      port: data.port,
      shared: true,
      tls: securePort ? { certFile: tlsCertFile, keyFile: tlsPrivateKey } : undefined,
      ...createFrontFaces({ rest, router, relay, follow }),
      pages: createPages({ headers: config.facade.headers, ...config.facade.cors }),
      log,
    }),
  )
  send({ kind: 'listening', port: server.port })
  await closing.promise
}

/** Records in the owner's place: there is one queue. */
function auditor(): Auditor | undefined {
  const { auditLevel } = data
  return (
    auditLevel && {
      level: auditLevel,
      record: (facts) => send({ kind: 'audit', facts }),
      async [Symbol.asyncDispose]() {},
    }
  )
}

/** Rows that the owner runs for this thread; a front never gets to the others. */
function askingOwner(row: RouteRow, owner: Owner): RouteRow {
  if (!row.anyThread) return row
  const { operation } = row
  return {
    ...row,
    handler: ({ ctx, params, query }) => {
      const { requestId, user, sourceIP, userAgent } = ctx
      const asked = { operation, params, query: query.toString() }
      return owner.answer({ ...asked, requestId, user, sourceIP, userAgent })
    },
  }
}

// What is still open belongs to nobody.
process.exit(0)
