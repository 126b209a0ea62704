import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { named } from './reach.ts'

/** Bytes that one login may bring. */
const MOST_BYTES = 1024 * 1024

export interface DirectoryAddress {
  readonly host: string
  readonly port: number
  /** TLS from the first byte. */
  readonly secure: boolean
  readonly tls: ConnectionOptions
}

/**
 * A connection to a directory, ready for use. It is destroyed when `signal` aborts or more than 1 MiB came. Throws Error
 * when the directory cannot be reached or its certificate is not trusted.
 */
export async function dial(of: DirectoryAddress, signal: AbortSignal): Promise<Socket> {
  const { lookup } = named
  named.demand(of.host)
  signal.throwIfAborted()
  const socket = of.secure
    ? connectTls({ host: of.host, port: of.port, lookup, ...of.tls })
    : connectTcp({ host: of.host, port: of.port, lookup })
  const abort = () => socket.destroy(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', abort))
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
    socket.once(of.secure ? 'secureConnect' : 'connect', () => resolve())
  })
  return bounded(socket)
}

/** TLS over a connection that stands (StartTLS), with the same bound. */
export function upgrade(options: ConnectionOptions): Socket {
  return bounded(connectTls(options))
}

function bounded<S extends Socket>(socket: S): S {
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MOST_BYTES) socket.destroy(new Error('the directory answered too much'))
  })
  return socket
}
