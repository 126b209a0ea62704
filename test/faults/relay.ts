import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** What a relay does to those who come through it. */
export type Fault =
  /** Nobody listens: connections are refused, those there are end. */
  | 'refuse'
  /** Connections are taken and ended at once with a reset. */
  | 'reset'
  /** Connections are taken, and nothing passes any more, in those that were open as well. */
  | 'hang'
  /** A few bytes pass now and then. */
  | 'crawl'
  /** Answers pass with some of their bytes changed. */
  | 'corrupt'

export interface FaultyRelay extends AsyncDisposable {
  readonly host: string
  readonly port: number
  begin(fault: Fault): Promise<void>
  /** As if nothing had been: open connections that were spoilt are ended. */
  heal(): Promise<void>
}

/** Bytes that pass at a time while a relay crawls, and the milliseconds between. */
const crawl = { bytes: 16, ms: 250 }

/**
 * A relay to a server on this machine that can be made to fail in the ways that networks and servers do. It listens at a
 * free port, or at a path.
 */
export async function startRelay(
  target: { host: string; port: number } | { path: string },
  at: number | string = 0,
): Promise<FaultyRelay> {
  let fault: Fault | undefined
  const open = new Set<Socket>()
  const server = createServer({ pauseOnConnect: false }, (client) => {
    track(client)
    if (fault === 'reset' || fault === 'hang') {
      if (fault === 'reset') reset(client)
      return
    }
    const upstream = connect(target)
    track(upstream)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
    client.pipe(through()).pipe(upstream)
    upstream.pipe(through(true)).pipe(client)
  })

  function track(socket: Socket): void {
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => open.delete(socket))
  }

  /** Looks at the fault for each chunk, so that connections that were open are hit too. */
  function through(answers = false): Transform {
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (fault === 'crawl') drip(this, chunk, done)
        else if (fault !== 'hang') {
          done(null, fault === 'corrupt' && answers ? spoilt(chunk) : chunk)
        }
      },
    })
  }

  function drip(to: Transform, chunk: Buffer, done: () => void, at = 0): void {
    if (at >= chunk.length || to.destroyed) return done()
    const bytes = fault === 'crawl' ? crawl.bytes : chunk.length
    to.push(chunk.subarray(at, at + bytes))
    setTimeout(() => drip(to, chunk, done, at + bytes), crawl.ms).unref()
  }

  const listen = (place: number | string) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      const listening = () => {
        server.off('error', reject)
        resolve()
      }
      if (typeof place === 'string') server.listen(place, listening)
      else server.listen(place, '127.0.0.1', listening)
    })
  // Unix sockets know no reset; their other end hears of the end as soon.
  const reset = (socket: Socket) => {
    if (typeof at === 'string') socket.destroy()
    else socket.resetAndDestroy()
  }
  const end = () => {
    for (const socket of open) socket.destroy()
  }
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()))

  await listen(at)
  const address = server.address() as AddressInfo | string
  const port = typeof address === 'string' ? 0 : address.port
  return {
    host: '127.0.0.1',
    port,
    async begin(next) {
      fault = next
      if (next === 'reset') for (const socket of open) reset(socket)
      if (next !== 'refuse') return
      const closed = close()
      end()
      await closed
    },
    async heal() {
      const was = fault
      fault = undefined
      end()
      if (was === 'refuse') await listen(port || at)
    },
    async [Symbol.asyncDispose]() {
      end()
      if (server.listening) await close()
    },
  }
}

/** A copy with every 37th byte changed: something is wrong in each frame, line or record. */
function spoilt(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk)
  for (let at = 7; at < copy.length; at += 37) copy[at] = (copy[at] ?? 0) ^ 0x15
  return copy
}
