import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { App } from '../gateway/context/app.ts'
import {
  createExtensionDocuments,
  createExtensionRegistry,
  createUpstreams,
} from '../gateway/domain/extensions/index.ts'
import { mayBeAudited } from './filters/auditing.ts'
import { tapRequest } from './filters/body-tap.ts'
import { Exchange } from './filters/exchange.ts'
import type { Layer } from './filters/exchange.ts'
import { createLayers } from './filters/layers.ts'
import { RemoteRequest } from './filters/routed-request.ts'
import { sendOnSocket, sendReply } from './filters/respond.ts'
import { answer } from './filters/container.ts'
import { createRouter } from './router.ts'
import { allRoutes } from './routes/index.ts'
import type { Reply, RouteRequest, RouteRow } from './routes/registry.ts'
import { internalError } from './wire/errors.ts'

export { allRoutes } from './routes/index.ts'
export { createRouter, type Router } from './router.ts'
export type { Reply, RouteRequest, RouteRow } from './routes/registry.ts'

export interface RestHandler extends AsyncDisposable {
  /** Answers one request; never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Takes over a connection that asked for an upgrade; never rejects. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Whether a request's wish for an upgrade is one that this server knows; others are served as plain requests. */
  shouldUpgrade(req: IncomingMessage): boolean
  readonly rows: readonly RouteRow[]
  /** Names of the layers, outermost first. */
  readonly layers: readonly string[]
}

/** The REST face over an App: every request, upgrades included, goes through the same layers. */
export function createRestHandler(app: App, rows: readonly RouteRow[] = allRoutes): RestHandler {
  const router = createRouter(rows)
  const upstreams = createUpstreams()
  const registry = createExtensionRegistry(app.clusters.host.caches)
  const { log, ticks } = app
  const documents = createExtensionDocuments({ registry, upstreams, log, now: ticks })
  const layers = createLayers(app, router, { registry, upstreams }, documents)
  return {
    rows,
    layers: layers.map(({ name }) => name),
    async handle(req, res) {
      const abort = new AbortController()
      const x = new Exchange({ app, req, res, signal: abort.signal })
      x.whenOver(() => {
        if (!res.writableFinished) abort.abort()
      })
      if (mayBeAudited(x)) x.body = tapRequest(req)
      const reply = await run(layers, x)
      if (reply !== 'done') await send(x, () => sendReply(res, reply, x.method))
      else if (!res.headersSent) res.destroy()
    },
    async upgrade(req, socket, head) {
      const abort = new AbortController()
      socket.on('error', () => void socket.destroy())
      const x = new Exchange({ app, req, upgrade: { socket, head }, signal: abort.signal })
      x.whenOver(() => abort.abort())
      const reply = await run(layers, x)
      if (reply === 'done') return
      x.socketStatus = reply.status
      await send(x, () => sendOnSocket(socket, reply))
    },
    shouldUpgrade: (req) => /^(?:websocket|spdy\/[\d.]+)$/i.test(req.headers.upgrade ?? ''),
    [Symbol.asyncDispose]: () => upstreams[Symbol.asyncDispose](),
  }
}

/** The answer of a row that may run in any thread, its errors in their wire form. */
export async function answerOf(
  row: RouteRow,
  of: Pick<RouteRequest, 'app' | 'ctx' | 'params' | 'query'>,
): Promise<Reply> {
  const reply = await answer(() => row.handler(new RemoteRequest(row, of)))
  if (reply === undefined || reply === 'done') throw new Error(`${row.operation} has no answer`)
  return reply
}

/** The first answer of the layers. What a layer throws is logged and becomes a 500 without details. */
async function run(layers: readonly Layer[], x: Exchange): Promise<Reply | 'done'> {
  try {
    for (const layer of layers) {
      const result = layer.run(x)
      const outcome = result instanceof Promise ? await result : result
      if (outcome !== undefined) return outcome
    }
    throw new Error('no layer answered')
  } catch (error) {
    if (x.signal.aborted) x.app.log.debug({ err: error }, 'request given up: the client went away')
    else
      x.app.log.error({ err: error, method: x.method, path: x.path }, 'request failed unexpectedly')
    return internalError(x.target, 'unexpected error')
  }
}

/** An answer that cannot be written (a header with characters that HTTP has no place for) ends the connection. */
async function send(x: Exchange, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    x.app.log.error({ err: error, path: x.path }, 'answer could not be written')
    x.socket.destroy()
  }
}
