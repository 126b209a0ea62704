import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { closeReason } from '../../lib/close-reason.ts'

/** Most bytes of one message of a client: a big paste, escaped. */
const MESSAGE_LIMIT = 32 * 1024 * 1024
/** Bytes that a slow reader may leave unsent before `send` waits for it. */
const HIGH_WATER = 256 * 1024

export interface SocketClose {
  readonly code: number
  readonly reason: string
}

/** A client's websocket, narrowed to what a terminal needs. */
export interface ClientSocket {
  /** Text and binary messages alike. */
  onMessage(listener: (data: Buffer) => void): void
  onPong(listener: () => void): void
  /** A text message; resolves when more may be sent, also on a closed socket. */
  send(text: string): Promise<void>
  ping(): void
  /** Stops reading, so that the client's own buffers fill. */
  pause(): void
  resume(): void
  /** Says goodbye; the connection ends when the client agrees, or half a minute later. */
  close(code: number, reason: string): void
  terminate(): void
  readonly closed: Promise<SocketClose>
}

/**
 * Completes a websocket handshake: any Origin, no subprotocol, no compression. Resolves with undefined when the client is
 * gone or asks for something that is no websocket (answered with 400 then).
 */
export async function acceptSocket(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<ClientSocket | undefined> {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MESSAGE_LIMIT,
    perMessageDeflate: false,
    autoPong: false,
    handleProtocols: () => false,
  })
  const { promise, resolve } = Promise.withResolvers<WebSocket | undefined>()
  const gone = (): void => resolve(undefined)
  socket.once('close', gone)
  server.handleUpgrade(req, socket, head, (client) => {
    // At once: the first messages may have come with the handshake.
    client.pause()
    resolve(client)
  })
  const client = await promise
  socket.off('close', gone)
  return client && narrow(client)
}

/**
 * Answers pings, one at a time and then the latest, so that answers cannot pile up for a client that does not read.
 * Source: RFC 6455 §5.5.3.
 */
function answerPings(client: WebSocket): void {
  let underway = false
  let latest: Buffer | undefined
  const answer = (data: Buffer): void => {
    underway = true
    client.pong(data, undefined, () => {
      const next = latest
      latest = undefined
      if (next) answer(next)
      else underway = false
    })
  }
  client.on('ping', (data: Buffer) => {
    if (underway) latest = data
    else answer(data)
  })
}

function narrow(client: WebSocket): ClientSocket {
  const { promise: closed, resolve } = Promise.withResolvers<SocketClose>()
  client.on('error', () => client.terminate())
  answerPings(client)
  client.once('close', (code: number, reason: Buffer) => {
    resolve({ code, reason: reason.toString() })
  })
  return {
    closed,
    onMessage(listener) {
      client.on('message', (data: Buffer) => listener(data))
      client.resume()
    },
    onPong(listener) {
      client.on('pong', () => listener())
    },
    async send(text) {
      if (client.readyState !== WebSocket.OPEN) return
      const sent = Promise.withResolvers<void>()
      client.send(text, () => sent.resolve())
      if (client.bufferedAmount > HIGH_WATER) await sent.promise
    },
    ping() {
      if (client.readyState === WebSocket.OPEN) client.ping(undefined, undefined, () => {})
    },
    pause: () => client.pause(),
    resume: () => client.resume(),
    close(code, reason) {
      // A paused socket would not hear the answer.
      client.resume()
      client.close(code, closeReason(reason))
    },
    terminate: () => client.terminate(),
  }
}
