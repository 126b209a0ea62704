import { Agent, request } from 'node:https'
import { connect, createServer, type AddressInfo } from 'node:net'
import type { Pki } from './pki.ts'
import { pause } from './wait.ts'

/** Asks kube-apiserver with the administrator's certificate; used before there is a client of ours. */
export interface Probe extends Disposable {
  /** Status and body of a GET of `path`; a status of 0 while nothing listens. */
  get(path: string): Promise<{ status: number; body: string }>
}

export function createProbe(port: number, pki: Pki): Probe {
  const agent = new Agent({ ca: pki.ca, cert: pki.admin.cert, key: pki.admin.key, keepAlive: true })
  return {
    get: (path) =>
      new Promise((done) => {
        const failed = () => done({ status: 0, body: '' })
        const call = request(
          { agent, host: '127.0.0.1', port, path, timeout: 5000 },
          (response) => {
            let body = ''
            response.setEncoding('utf8')
            response.on('data', (chunk: string) => (body += chunk))
            response.on('end', () => done({ status: response.statusCode ?? 0, body }))
            response.on('error', failed)
          },
        )
        call.on('timeout', () => call.destroy(new Error('timed out')))
        call.on('error', failed)
        call.end()
      }),
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/** Asks until `ready` holds of an answer to `path`. Throws after `timeoutMs`, or with the reason of `signal`. */
export async function until(
  probe: Probe,
  path: string,
  ready: (answer: { status: number; body: string }) => boolean,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs
  for (;;) {
    options.signal.throwIfAborted()
    const answer = await probe.get(path)
    if (ready(answer)) return
    if (Date.now() > deadline) {
      throw new Error(
        `${path} was not as expected within ${options.timeoutMs / 1000} s: ${answer.body.slice(0, 500)}`,
      )
    }
    await pause(100, options.signal)
  }
}

/** Tries until something accepts connections at the Unix socket `path`. Throws the reason of `signal`. */
export async function untilListening(path: string, signal: AbortSignal): Promise<void> {
  const accepted = () =>
    new Promise<boolean>((done) => {
      const socket = connect(path, () => {
        socket.destroy()
        done(true)
      })
      socket.once('error', () => done(false))
    })
  while (!(await accepted())) await pause(50, signal)
}

/** A port of the loopback interface that nothing listens on: `wanted` where that is given. Throws when it is taken. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer()
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail)
      server.listen(wanted, '127.0.0.1', done)
    })
    return (server.address() as AddressInfo).port
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`port ${wanted} of 127.0.0.1 cannot be used (${code})`, { cause: error })
  } finally {
    server.close()
  }
}
