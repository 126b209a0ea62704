import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import {
  endToEndHeaders,
  ForwardError,
  forward,
  forwardUpgrade,
  type ForwardTarget,
} from '../../kube/forward.ts'
import type { SocketFace } from '../http.ts'

/** Where a front tells the owner whose request it is. Clients that send it are not heard. */
const CLIENT = 'x-ks-facade-client'

/** Targets that name something of a server (RFC 9112 §3.2.1, §3.2.2). */
const NAMES = /^(?:\/|https?:\/\/)/

/** Hands requests over to the owner as they are, each way as it comes. */
export function createRelay(owner: ForwardTarget, log: Logger): SocketFace {
  const handedOver = (req: IncomingMessage) => ({
    path: req.url ?? '/',
    // First without what Connection names, or a client could take out what is added.
    headers: { ...endToEndHeaders(req.headers), [CLIENT]: req.socket.remoteAddress ?? '' },
    within: { host: req.headers.host ?? '' },
  })
  return {
    async handle(req: IncomingMessage, res: ServerResponse) {
      if (!NAMES.test(req.url ?? '')) {
        res.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
        res.end('400 Bad Request')
        return
      }
      try {
        await forward(req, res, owner, handedOver(req))
      } catch (error) {
        if (!(error instanceof ForwardError)) throw error
        log.warn({ err: error }, 'the owner did not answer a front')
        if (!res.headersSent) res.writeHead(503, { 'retry-after': '1' })
        res.end()
      }
    },
    async upgrade(req: IncomingMessage, socket: Duplex, head: Buffer) {
      try {
        await forwardUpgrade(req, socket, head, owner, handedOver(req))
      } catch (error) {
        if (!(error instanceof ForwardError)) throw error
        log.warn({ err: error }, 'the owner did not take an upgrade from a front')
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
      }
    },
  }
}

/** On the owner's side: the request is the client's own again. */
export function takeOver(req: IncomingMessage): void {
  const address = req.headers[CLIENT]
  delete req.headers[CLIENT]
  // A connection of a front carries one request at a time.
  Object.defineProperty(req.socket, 'remoteAddress', { value: address, configurable: true })
}
