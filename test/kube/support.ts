import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net'
import { Agent } from 'undici'
import { forward, ForwardError, forwardUpgrade } from '../../gateway/kube/forward.ts'
import type { ForwardOptions, ForwardTarget } from '../../gateway/kube/forward.ts'

export interface Listening extends AsyncDisposable {
  readonly url: URL
  /** Connections accepted so far. */
  readonly connections: number
  readonly open: ReadonlySet<Socket>
}

export async function listening(server: Server | TcpServer, port = 0): Promise<Listening> {
  const open = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    get connections() {
      return connections
    },
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

export function httpServer(answer: RequestListener): Promise<Listening & { server: Server }> {
  const server = createServer(answer)
  return listening(server).then((made) => Object.assign(made, { server }))
}

/** A TCP server that does exactly what `script` does with each connection. */
export function tcpServer(script: (socket: Socket) => void): Promise<Listening> {
  return listening(createTcpServer({ allowHalfOpen: true }, script))
}

export function plainTarget(url: URL): ForwardTarget & AsyncDisposable {
  const dispatcher = new Agent({ allowH2: false, keepAliveTimeout: 60_000 })
  return {
    origin: url,
    dispatcher,
    connect: () => dialled(url),
    authHeaders: async () => ({}),
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}

async function dialled(url: URL): Promise<Socket> {
  const socket = connect({ host: url.hostname, port: Number(url.port), allowHalfOpen: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('error', reject)
  })
  return socket
}

/** A server that forwards everything to `target`; a ForwardError becomes 502 with its text. */
export async function proxyTo(
  target: ForwardTarget,
  options: Partial<ForwardOptions> | ((req: IncomingMessage) => Partial<ForwardOptions>) = {},
  port = 0,
): Promise<Listening> {
  const ofRequest = (req: IncomingMessage): ForwardOptions => ({
    path: req.url ?? '/',
    headers: req.headers,
    ...(typeof options === 'function' ? options(req) : options),
  })
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    forward(req, res, target, ofRequest(req)).catch((error: unknown) => {
      res.writeHead(error instanceof ForwardError ? 502 : 500)
      res.end(String(error))
    })
  }
  const server = createServer(answer)
  server.on('upgrade', (req, socket, head) => {
    forwardUpgrade(req, socket, head, target, ofRequest(req)).catch((error: unknown) => {
      socket.end(`HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n${String(error)}`)
    })
  })
  return listening(server, port)
}

/** Sends exactly `text` and resolves with everything that comes until the other side ends or `enough` matches. */
export async function raw(url: URL, text: string, enough?: RegExp): Promise<string> {
  const socket = await dialled(url)
  socket.setEncoding('latin1')
  let got = ''
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.on('data', (chunk: string) => {
    got += chunk
    if (enough?.test(got)) resolve()
  })
  socket.once('end', resolve)
  socket.once('close', () => resolve())
  socket.on('error', () => resolve())
  socket.write(text)
  await promise
  socket.destroy()
  return got
}

/** Resolves once `check` holds; asked again after each turn of the event loop, rejects after `ms`. */
export async function until(
  check: () => boolean | Promise<boolean>,
  what: string,
  ms = 60_000,
): Promise<void> {
  const end = Date.now() + ms
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`still not so after ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
