import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { WebSocket } from 'ws'
import type { KubeClient } from '../../kube/api.ts'
import { resourcePath } from '../../kube/types.ts'
import { ApiError, fromStatus, reasonFor, unavailable } from '../../lib/errors.ts'
import type { KubeStatus } from '../../lib/errors.ts'
import { PODS } from './names.ts'

/** Channels of the remote-command protocol. Source: Kubernetes, `k8s.io/apimachinery` remotecommand constants. */
const STDIN = 0
const STDOUT = 1
const STDERR = 2
const STATUS = 3
const RESIZE = 4
/** Version 5 only: closes the channel whose number follows. */
const CLOSE = 255

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const HANDSHAKE_MS = 30_000
/** Most bytes of one message to the server; its SPDY side copies in pieces of this size. */
const PIECE = 32 * 1024
/** Unsent input that a writer need not wait for. */
const INPUT_WINDOW = 256 * 1024
/** Output read ahead of the consumer. */
const OUTPUT_WINDOW = 256 * 1024
const MOST_OF_A_MESSAGE = 16 * 1024 * 1024
const MOST_OF_A_STATUS = 64 * 1024

export interface CommandTarget {
  readonly namespace: string
  readonly pod: string
  /** Empty = the pod's only or default container. */
  readonly container: string
}

/** How a command ended: its exit code, or why there is none. */
export type CommandEnd =
  | { readonly kind: 'exit'; readonly code: number }
  /** The server said that it could not be run. */
  | { readonly kind: 'error'; readonly message: string }
  /** The connection ended before the server said how the command did. */
  | { readonly kind: 'lost'; readonly message: string }

export interface CommandOptions {
  readonly command: readonly string[]
  readonly stdin: boolean
  /** Merges stderr into stdout. */
  readonly tty: boolean
  readonly signal?: AbortSignal | undefined
}

/** A command that runs in a container. Both outputs must be read, or nothing more comes. */
export interface RemoteCommand {
  readonly stdout: Readable
  /** Ends at once with a TTY. */
  readonly stderr: Readable
  /** Takes a copy. Resolves when more may be written; also when nobody listens any more. */
  write(data: Uint8Array): Promise<void>
  /** Closes stdin. A server of protocol v4 cannot be told. */
  endInput(): void
  resize(cols: number, rows: number): void
  /** Never rejects; settled once the outputs have been handed over. */
  readonly ended: Promise<CommandEnd>
  /** Ends the connection; the command sees its input close. */
  destroy(): void
}

/** The cluster that a command runs in, as somebody may ask it. */
export type CommandClient = Pick<KubeClient, 'origin' | 'connect' | 'authHeaders' | 'targetOf'>

/**
 * Starts a command over the websocket remote-command protocol, v5 or else v4. Throws the ApiError of a server that
 * refuses (403, 404, 400 …), 503 when it cannot be reached. Source: Kubernetes KEP-4006.
 */
export async function startCommand(
  client: CommandClient,
  target: CommandTarget,
  options: CommandOptions,
): Promise<RemoteCommand> {
  const { signal } = options
  if (client.targetOf) {
    // kube-apiserver's proxy drops the query of an upgrade, and with it the command.
    throw unavailable('the cluster is behind a proxy through which no command can be run')
  }
  const connection = await client.connect(signal)
  const { namespace, pod: name } = target
  const path = resourcePath(PODS, { namespace, name, subresource: 'exec' })
  const asked = `${path}?${execQuery(target, options)}`
  const url = new URL(asked, `ws://${client.origin.host}`)
  let socket: WebSocket
  try {
    socket = new WebSocket(url, PROTOCOLS, {
      // TLS, where the server wants it, is in the connection already.
      createConnection: () => connection,
      headers: await client.authHeaders(),
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_OF_A_MESSAGE,
      perMessageDeflate: false,
      followRedirects: false,
    })
  } catch (error) {
    connection.destroy()
    throw error
  }
  // Bound to the socket before it opens: the first messages may come together with the answer.
  const command = attach(socket)
  await opened(socket, signal)
  if (signal?.aborted) socket.terminate()
  const abort = (): void => command.destroy()
  signal?.addEventListener('abort', abort, { once: true })
  void command.ended.then(() => signal?.removeEventListener('abort', abort))
  return command
}

function execQuery(target: CommandTarget, options: CommandOptions): string {
  const query = new URLSearchParams()
  if (target.container) query.set('container', target.container)
  query.set('stdout', 'true')
  if (options.stdin) query.set('stdin', 'true')
  if (options.tty) query.set('tty', 'true')
  else query.set('stderr', 'true')
  for (const word of options.command) query.append('command', word)
  return query.toString()
}

async function opened(socket: WebSocket, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = (): void => {
    reject(signal?.reason as Error)
    socket.terminate()
  }
  socket.once('open', resolve)
  socket.on('error', (error) => reject(unavailable(`exec: ${error.message}`, error)))
  socket.once('unexpected-response', (request, response: IncomingMessage) => {
    void refusal(response)
      .then(reject)
      .finally(() => request.destroy())
  })
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    await promise
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function refusal(response: IncomingMessage): Promise<ApiError> {
  const code = response.statusCode ?? 500
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      text += chunk
      if (text.length > MOST_OF_A_STATUS) break
    }
    const status = JSON.parse(text) as KubeStatus
    if (status?.kind === 'Status') return fromStatus(code, status)
  } catch {
    // What stands before the API server answers in plain text.
  }
  return new ApiError(code, reasonFor(code), text.trim().slice(0, 500) || `exec answered ${code}`)
}

function attach(socket: WebSocket): RemoteCommand {
  const { promise: ended, resolve: end } = Promise.withResolvers<CommandEnd>()
  const full = new Set<Readable>()
  const output = (): Readable => {
    const stream = new Readable({
      highWaterMark: OUTPUT_WINDOW,
      read() {
        if (full.delete(stream) && full.size === 0) socket.resume()
      },
      destroy(error, done) {
        full.delete(stream)
        if (full.size === 0) socket.resume()
        done(error)
      },
    })
    return stream
  }
  const stdout = output()
  const stderr = output()
  /** For whole pieces, used again and again: a big upload would leave its size in garbage. */
  const frames: Buffer[] = []
  let status: CommandEnd | undefined
  let said = ''

  const deliver = (stream: Readable, data: Buffer): void => {
    if (data.length === 0 || stream.destroyed) return
    if (stream.push(data)) return
    full.add(stream)
    socket.pause()
  }
  socket.on('message', (message: Buffer) => {
    const data = message.subarray(1)
    switch (message[0]) {
      case STDOUT:
        return deliver(stdout, data)
      case STDERR:
        return deliver(stderr, data)
      case STATUS:
        if (said.length < MOST_OF_A_STATUS) said += data.toString()
        status = readStatus(said) ?? status
        return
      default:
    }
  })
  socket.on('error', () => {})
  socket.once('close', (code: number, reason: Buffer) => {
    stdout.push(null)
    stderr.push(null)
    const why = reason.toString() || `connection closed (${code})`
    end(status ?? { kind: 'lost', message: said.trim() || why })
  })

  return {
    stdout,
    stderr,
    ended,
    async write(data) {
      for (let at = 0; at < data.length; at += PIECE) {
        if (socket.readyState !== WebSocket.OPEN) return
        const piece = data.subarray(at, at + PIECE)
        const whole = piece.length === PIECE
        const frame = (whole && frames.pop()) || Buffer.allocUnsafe(1 + piece.length)
        frame[0] = STDIN
        frame.set(piece, 1)
        const { promise, resolve } = Promise.withResolvers<void>()
        socket.send(frame, () => {
          if (whole) frames.push(frame)
          resolve()
        })
        if (socket.bufferedAmount > INPUT_WINDOW) await promise
      }
    },
    endInput() {
      if (socket.readyState !== WebSocket.OPEN || socket.protocol !== PROTOCOLS[0]) return
      socket.send(Buffer.of(CLOSE, STDIN))
    },
    resize(cols, rows) {
      if (socket.readyState !== WebSocket.OPEN) return
      const size = Buffer.from(JSON.stringify({ Width: cols, Height: rows }))
      socket.send(Buffer.concat([Buffer.of(RESIZE), size]))
    },
    destroy() {
      stdout.destroy()
      stderr.destroy()
      socket.terminate()
    },
  }
}

/** The Status that ends a command; undefined until it has come whole. */
function readStatus(text: string): CommandEnd | undefined {
  let status: KubeStatus
  try {
    status = JSON.parse(text) as KubeStatus
  } catch {
    return undefined
  }
  if (status.status === 'Success') return { kind: 'exit', code: 0 }
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')
  const code = Number(cause?.message)
  if (cause && Number.isInteger(code)) return { kind: 'exit', code }
  return { kind: 'error', message: status.message ?? 'the command could not be run' }
}

/** Reads a stream to its end and keeps its first `limit` bytes as text. */
export async function textOf(stream: Readable, limit: number): Promise<string> {
  const kept: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < limit) kept.push(chunk.subarray(0, limit - size))
    size += chunk.length
  })
  if (!stream.readableEnded && !stream.destroyed) {
    await Promise.race([once(stream, 'end'), once(stream, 'close')]).catch(() => {})
  }
  return Buffer.concat(kept).toString()
}
