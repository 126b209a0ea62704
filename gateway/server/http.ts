import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'

export interface Face {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
}

export interface UpgradingFace extends Face {
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Whether an upgrade that a request offers is one to take; all others are served as plain requests. */
  shouldUpgrade(req: IncomingMessage): boolean
}

export interface ListenOptions {
  host: string
  port: number
  /** Paths of a PEM certificate chain and key; absent = plain HTTP. */
  tls?: { certFile: string; keyFile: string } | undefined
  rest: UpgradingFace
  graphql: Face
  log: Logger
  /** Milliseconds that requests in flight get at shutdown. */
  graceMs?: number
}

export interface HttpServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

/** Whether a request target belongs to the GraphQL face; all else is the original's. */
function isGraphql(url: string | undefined): boolean {
  return url !== undefined && /^\/graphql(?:[/?]|$)/.test(url)
}

/**
 * Listens and splits requests between the two faces. Like the original it sets no read, write or idle timeout on
 * requests (watches and terminals live long), but headers must arrive within a minute. Throws when the port is taken.
 */
export async function listen(options: ListenOptions): Promise<HttpServer> {
  const { rest, graphql, log } = options
  const onRequest = (req: IncomingMessage, res: ServerResponse) => {
    const face = isGraphql(req.url) ? graphql : rest
    face.handle(req, res).catch((error: unknown) => {
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
    shouldUpgradeCallback: (req: IncomingMessage) => rest.shouldUpgrade(req),
  }
  const server = tls
    ? createHttpsServer(
        { ...settings, cert: await readFile(tls.certFile), key: await readFile(tls.keyFile) },
        onRequest,
      )
    : createHttpServer(settings, onRequest)
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => log.debug({ err: error }, 'upgraded socket'))
    rest.upgrade(req, socket, head).catch((error: unknown) => {
      log.error({ err: error }, 'an upgrade ended in an error that no layer answered')
      socket.destroy()
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
    if (socket.writable) {
      socket.end(
        tooLarge
          ? 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n'
          : 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
      )
    } else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://${options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), options.graceMs ?? 5000)
      await closed
      clearTimeout(timer)
    },
  }
}
