import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RequestHandler } from 'express'
import type { RequestView } from '../../../context/index.ts'
import { untraced } from '../../../telemetry/index.ts'
import { busy, createGate, orAny } from '../../../lib/gate.ts'
import { openConnection, type Wire } from './connection.ts'
import { answerByEvents } from './events.ts'
import { createOperations, type OperationsOptions } from './operations.ts'
import { createSockets } from './socket.ts'

export type { OwnedConnection } from './connection.ts'
export { createWording } from './errors.ts'

/** Milliseconds. */
export interface LiveTimes {
  /** Between questions whether a client is still there. */
  readonly pingMs: number
  /** For the first message on a socket. */
  readonly initMs: number
}

export const usualTimes: LiveTimes = { pingMs: 20_000, initMs: 10_000 }

export interface LiveOptions extends OperationsOptions {
  readonly times: LiveTimes
  readonly report: (error: unknown) => void
}

/** What the graph has beside plain requests: sockets, and streams of events. */
export interface Live extends Disposable {
  /** Answers requests that accept events, and passes the others on. */
  readonly events: RequestHandler
  /** Takes over a connection that asked for a websocket. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Completes every subscription, waits half of `ms` at most for queries and mutations and the rest for clients to take
   * their leave. Nothing can be opened any more.
   */
  drain(ms: number): Promise<void>
}

export function createLive(options: LiveOptions): Live {
  const { app, documents, times, report } = options
  const { pingMs, initMs } = times
  const { metrics } = app
  const operations = createOperations(options)
  const open = (view: RequestView, wire: Wire) => openConnection(app, view, wire)
  const tracing = app.tracing ?? untraced
  const { socketsPerUser } = app.config.facade.limits
  const sockets = createSockets({
    operations,
    open,
    sockets: createGate(orAny(socketsPerUser), busy('sockets')),
    metrics,
    tracing,
    pingMs,
    initMs,
    report,
  })
  return {
    async events(req, res, next) {
      const common = { operations, documents, open, metrics, pingMs }
      if (!(await answerByEvents(req, res, common))) next()
    },
    upgrade: (req, socket, head) => sockets.upgrade(req, socket, head),
    async drain(ms) {
      const half = ms / 2
      await operations.drain(half)
      await sockets.close(half)
    },
    [Symbol.dispose]: () => sockets[Symbol.dispose](),
  }
}
