import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, CloseCode } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { authorizationOf, type RequestView } from '../../../context/index.ts'
import { currentSpan, requestIdOf, type Metrics, type Tracing } from '../../../telemetry/index.ts'
import { createProtocol, type Protocol, type ProtocolOptions } from './protocol.ts'
import { socketWire, type SocketWire } from './wire.ts'

export interface SocketsOptions extends Omit<ProtocolOptions, 'view' | 'begin'> {
  readonly tracing: Tracing
  readonly metrics: Pick<Metrics, 'socketOpened'>
  /** Milliseconds between questions whether a client is still there. */
  readonly pingMs: number
}

export interface Sockets extends Disposable {
  /** Takes over a connection that asked for a websocket. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Closes every socket with 1001 once its operations have told their end, and waits until their clients have agreed. The
   * others are cut after `ms`.
   */
  close(ms: number): Promise<void>
}

/** Most bytes of one message: an object of etcd's maximum must fit after JSON escaping, as over plain HTTP. */
const messageLimit = 4 * 1024 * 1024

function refuse(socket: Duplex, status: string, why: string): void {
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${why}\n`,
  )
}

/**
 * Whether a browser on another site may have made this request with a password that it keeps. Cookies are no credentials
 * here, and a token can only be sent by who knows it, whatever the Origin.
 */
function isForged({ headers }: Pick<RequestView, 'headers'>): boolean {
  return headers['origin'] !== undefined && /^basic\b/i.test(authorizationOf({ headers }))
}

/** The sockets of the graph: subprotocol graphql-transport-ws, no compression, any Origin. */
export function createSockets(options: SocketsOptions): Sockets {
  const open = new Map<SocketWire, Protocol>()
  let closing = false
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: messageLimit,
    perMessageDeflate: false,
    // Answers to pings are bounded like all others.
    autoPong: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  })
  const beats = setInterval(() => {
    for (const wire of open.keys()) wire.beat()
  }, options.pingMs).unref()

  function accept(client: WebSocket, view: RequestView): void {
    const cause = currentSpan()
    const begin = () =>
      options.tracing.begin({ id: requestIdOf(undefined), name: 'graphql.operation', cause })
    const protocol = createProtocol(() => wire, { ...options, view, begin })
    const wire = socketWire(client, (text) => protocol.onText(text))
    const uncount = options.metrics.socketOpened('graphql')
    const gone = async () => {
      await wire.closed
      open.delete(wire)
      uncount()
      protocol.closed()
    }
    open.set(wire, protocol)
    void gone()
    if (client.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      wire.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable')
    }
  }

  return {
    upgrade(req, socket, head) {
      socket.on('error', () => socket.destroy())
      const { method = 'GET', url = '/graphql', headers } = req
      const view = { method, url, headers, remoteAddress: req.socket.remoteAddress ?? '' }
      if (!/^\/graphql(?:\?|$)/.test(url)) {
        return refuse(socket, '404 Not Found', 'the graph is at /graphql')
      }
      if (closing) return refuse(socket, '503 Service Unavailable', 'the server is stopping')
      if (isForged(view)) {
        return refuse(
          socket,
          '403 Forbidden',
          'a page does not open a socket with HTTP Basic: send the credentials in connection_init',
        )
      }
      server.handleUpgrade(req, socket, head, (client) => accept(client, view))
    },
    async close(ms) {
      closing = true
      const timer = setTimeout(() => {
        for (const wire of open.keys()) wire.terminate()
      }, ms)
      const leave = async ([wire, protocol]: [SocketWire, Protocol]) => {
        await Promise.race([protocol.idle(), wire.closed])
        wire.close(1001, 'the server is stopping')
        await wire.closed
      }
      await Promise.all(Array.from(open, leave))
      clearTimeout(timer)
    },
    [Symbol.dispose]() {
      clearInterval(beats)
      for (const wire of open.keys()) wire.terminate()
      server.close()
    },
  }
}
