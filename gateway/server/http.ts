import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { followCertificate, readCertificate, type CertificateFiles } from './certificate.ts'
import type { Pages } from './foreign-pages.ts'
import type { FollowRequest } from './requests.ts'

export interface Face {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
}

export interface SocketFace extends Face {
  /** Takes over a connection whose request offers an upgrade. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
}

export interface UpgradingFace extends SocketFace {
  /** Whether an upgrade that a request offers is one to take; all others are served as plain requests. */
  shouldUpgrade(req: IncomingMessage): boolean
}

export interface ListenOptions {
  host: string
  /** A number, a server that listens already and whose port is taken over, or the path of a Unix socket. */
  port: number | Server | string
  /** Others listen on the same port, and the kernel shares connections out. */
  shared?: boolean
  /** Looks at each request before anything else does. */
  onArrival?: (req: IncomingMessage) => void
  /** Paths of a PEM certificate chain and key; absent = plain HTTP. */
  tls?: CertificateFiles | undefined
  /** Milliseconds between looks at a certificate that may have been renewed. */
  certificateMs?: number
  rest: UpgradingFace
  /** Upgrades to websockets. */
  graphql: SocketFace
  /** The page at `/explorer`; absent = the path is the original's, which has nothing there. */
  explorer?: Face | undefined
  /** What browsers are told, and which pages may ask; absent = nothing, and any that can. */
  pages?: Pages | undefined
  /** What each request is followed by; absent = none is. */
  follow?: FollowRequest | undefined
  log: Logger
  /** Milliseconds that requests in flight get at shutdown. */
  graceMs?: number
}

export interface HttpServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

/** Most bytes of a request's head: Go's default, which callers with long selectors and cookies rely on. */
const headLimit = 1024 * 1024

/** Milliseconds of silence after which the kernel asks whether a peer is still there; ten seconds later it is not. */
const keepAliveMs = 30_000

/** An answer before there is a request that a face could answer; the connection ends with it. */
function refusal(status: number, reason: string, why = ''): string {
  const line = `${status} ${reason}`
  const head = 'Content-Type: text/plain; charset=utf-8\r\nConnection: close'
  return `HTTP/1.1 ${line}\r\n${head}\r\n\r\n${line}${why && `: ${why}`}`
}

/** The face that a request target belongs to; all that is not ours alone is the original's. */
function faceOf(url: string | undefined, { rest, graphql, explorer }: ListenOptions): Face {
  const own = /^\/(graphql|explorer)(?:[/?]|$)/.exec(url ?? '')?.[1]
  if (own === 'graphql') return graphql
  return (own === 'explorer' && explorer) || rest
}

/**
 * Listens and splits requests between the two faces. Like the original it sets no read, write or idle timeout on
 * requests (watches and terminals live long), but headers must arrive within a minute. Throws when the port is taken.
 */
export async function listen(options: ListenOptions): Promise<HttpServer> {
  const { rest, graphql, log, follow = (_req, _answer, work) => work() } = options
  let closing = false
  const onRequest = (req: IncomingMessage, res: ServerResponse) => {
    options.onArrival?.(req)
    // Of what follows an offer to upgrade that is not taken, node:http loses a part.
    if (closing || req.headers.upgrade !== undefined) res.shouldKeepAlive = false
    if (req.headers.host === undefined && req.httpVersion === '1.1') {
      // RFC 9112 §3.2; node:http would answer without a body.
      req.socket.end(refusal(400, 'Bad Request', 'missing required Host header'))
      return
    }
    if (req.httpVersionMajor !== 1) {
      // node:http takes a line without a version for a request, too.
      req.socket.end(refusal(505, 'HTTP Version Not Supported'))
      return
    }
    if (options.pages?.answer(req, res)) return
    const face = faceOf(req.url, options)
    follow(req, res, () => face.handle(req, res)).catch((error: unknown) => {
      log.error({ err: error }, 'a request ended in an error that no layer answered')
      if (!res.headersSent) res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      res.end()
    })
  }
  const tls = options.tls
  const settings = {
    headersTimeout: 60_000,
    requestTimeout: 0,
    keepAliveTimeout: 75_000,
    // Finds peers that went without a word, as Go's server does.
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
    maxHeaderSize: headLimit,
    requireHostHeader: false,
    shouldUpgradeCallback: (req: IncomingMessage) =>
      req.httpVersionMajor === 1 &&
      (faceOf(req.url, options) === graphql
        ? /^websocket$/i.test(req.headers.upgrade ?? '')
        : rest.shouldUpgrade(req)),
  }
  const certificate = tls && (await readCertificate(tls))
  const server = certificate
    ? createHttpsServer({ ...settings, ...certificate }, onRequest)
    : createHttpServer(settings, onRequest)
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.debug({ err: error }, 'upgraded socket'))
    options.onArrival?.(req)
    if (options.pages?.admits(req) === false) {
      socket.end(refusal(403, 'Forbidden', 'pages of this origin may not open sockets'))
      return
    }
    const face = faceOf(req.url, options) === graphql ? graphql : rest
    follow(req, socket, () => face.upgrade(req, socket, head)).catch((error: unknown) => {
      log.error({ err: error }, 'an upgrade ended in an error that no layer answered')
      socket.destroy()
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) {
      socket.destroy()
      return
    }
    const known: Record<string, string> = {
      HPE_HEADER_OVERFLOW: refusal(431, 'Request Header Fields Too Large'),
      ERR_HTTP_REQUEST_TIMEOUT: refusal(408, 'Request Timeout'),
    }
    socket.end(known[error.code ?? ''] ?? refusal(400, 'Bad Request'))
  })
  server.on('connect', (_req, socket: Duplex) => {
    socket.on('error', () => socket.destroy())
    socket.end(refusal(405, 'Method Not Allowed', 'this is no proxy of that kind'))
  })
  // node:http forgets connections that were upgraded or are still in the TLS handshake.
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    const listening = () => {
      server.removeListener('error', reject)
      resolve()
    }
    const { port, host, shared = false } = options
    if (typeof port === 'number') server.listen({ port, host, reusePort: shared }, listening)
    else server.listen(port, listening)
  })
  const following =
    tls && certificate && server instanceof HttpsServer
      ? followCertificate(server, tls, {
          first: certificate,
          log,
          ...(options.certificateMs === undefined ? {} : { everyMs: options.certificateMs }),
        })
      : undefined
  const address = server.address() as AddressInfo | string
  const port = typeof address === 'string' ? 0 : address.port
  return {
    url: `${tls ? 'https' : 'http'}://${options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      closing = true
      following?.[Symbol.dispose]()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A connection whose request was in flight becomes idle later.
      const sweep = setInterval(() => server.closeIdleConnections(), 100)
      const timer = setTimeout(() => {
        for (const socket of connections) socket.destroy()
      }, options.graceMs ?? 5000)
      await closed
      clearTimeout(timer)
      clearInterval(sweep)
    },
  }
}
