import { WebSocket } from 'ws'
import { closeReason } from '../../../lib/close-reason.ts'

/** Bytes that may wait in a socket before senders wait for it, and before it is read from again. */
const highWater = 256 * 1024

/** A websocket of the graph, narrowed to what its protocol needs. */
export interface SocketWire {
  /** Resolves when more may be sent, also on a closed socket. */
  send(message: object): Promise<void>
  readonly buffered: number
  /** Resolves when the client has caught up or is gone. */
  drained(): Promise<void>
  /** Says goodbye; nothing is sent or heard after it. */
  close(code: number, reason: string): void
  /** Asks for a sign of life; cuts the connection when the last two questions brought none. */
  beat(): void
  terminate(): void
  readonly closed: Promise<void>
}

/**
 * Hears every message of a socket that does not answer pings by itself, in its order. While much waits to be sent nothing
 * more is read, so that a client which does not read cannot make answers pile up.
 */
export function socketWire(socket: WebSocket, onText: (text: string) => void): SocketWire {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const waiting = new Set<() => void>()
  let unanswered = 0

  const isOpen = () => socket.readyState === WebSocket.OPEN
  const isFull = () => socket.bufferedAmount > highWater

  function release(): void {
    if (isOpen() && isFull()) return
    if (socket.isPaused) socket.resume()
    for (const go of waiting) go()
    waiting.clear()
  }

  function sent(full: boolean): void {
    // Only a client that takes what was sent empties a full socket.
    if (full) unanswered = 0
    release()
  }

  function drained(): Promise<void> {
    if (!isOpen() || !isFull()) return Promise.resolve()
    return new Promise((go) => waiting.add(go))
  }

  function close(code: number, reason: string): void {
    if (!isOpen()) return
    // A paused socket would not hear the answer.
    socket.resume()
    socket.close(code, closeReason(reason))
    release()
  }

  socket.on('error', () => socket.terminate())
  socket.once('close', () => {
    resolve()
    release()
  })
  socket.on('pong', () => (unanswered = 0))
  socket.on('ping', (data: Buffer) => {
    if (!isOpen()) return
    const full = isFull()
    socket.pong(data, undefined, () => sent(full))
    if (isFull()) socket.pause()
  })
  socket.on('message', (data: Buffer, binary) => {
    if (!isOpen()) return
    unanswered = 0
    if (binary) return close(4400, 'a message must be text')
    onText(data.toString())
    if (isFull()) socket.pause()
  })

  return {
    closed,
    send(message) {
      if (!isOpen()) return Promise.resolve()
      const full = isFull()
      socket.send(JSON.stringify(message), () => sent(full))
      return drained()
    },
    get buffered() {
      return socket.bufferedAmount
    },
    drained,
    close,
    beat() {
      if (unanswered >= 2) return socket.terminate()
      unanswered++
      if (isOpen()) socket.ping(undefined, undefined, () => {})
    },
    terminate: () => socket.terminate(),
  }
}
