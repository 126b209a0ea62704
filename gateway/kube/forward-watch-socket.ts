import type { IncomingMessage } from 'node:http'
import type { Duplex, Readable } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

/** Bytes that a slow reader may leave unsent before the watch waits for it. */
const HIGH_WATER = 1024 * 1024
/** Milliseconds between two pings. */
const PING_MS = 20_000

/**
 * Serves a watch over a websocket as kube-apiserver does: each line of `lines` becomes one text frame; no subprotocol
 * is needed and any Origin is welcome. Resolves when either side ends; the other is closed then. Source: Kubernetes API
 * concepts, "Efficient detection of changes".
 */
export async function serveWatchSocket(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  lines: Readable,
): Promise<void> {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 })
  const { promise, resolve } = Promise.withResolvers<WebSocket | undefined>()
  socket.once('close', () => resolve(undefined))
  server.handleUpgrade(req, socket, head, resolve)
  const client = await promise
  if (!client) {
    lines.destroy()
    return
  }
  client.on('error', () => client.terminate())
  client.once('close', () => lines.destroy())
  const stop = startPings(client)
  try {
    for await (const line of lines as AsyncIterable<Buffer | string>) {
      for (const text of line.toString().split('\n')) if (text !== '') await send(client, text)
    }
    client.close(1000)
  } catch {
    client.close(1011)
  } finally {
    stop()
  }
}

/** Cuts a client that answered pings before, and left two without an answer. */
function startPings(client: WebSocket): () => void {
  let answers = false
  let unanswered = 0
  client.on('pong', () => {
    answers = true
    unanswered = 0
  })
  const timer = setInterval(() => {
    if (answers && unanswered >= 2) client.terminate()
    else if (client.readyState === client.OPEN) client.ping()
    unanswered++
  }, PING_MS).unref()
  return () => clearInterval(timer)
}

async function send(client: WebSocket, text: string): Promise<void> {
  if (client.bufferedAmount < HIGH_WATER) {
    client.send(text)
    return
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.send(text, (error) => (error ? reject(error) : resolve()))
  await promise
}
