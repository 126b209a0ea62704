import { createServer, request, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { close, listen } from '../rest/support.ts'

/** One call that the console made, as the API server answered it. */
export interface Call {
  method: string
  path: string
  status: number
  user: string
  /** Beginning of the answer of a call that failed. */
  body: string
}

export interface Recorder extends AsyncDisposable {
  readonly url: string
  readonly calls: Call[]
}

/** Who the bearer token says it is. */
function userOf({ headers }: IncomingMessage): string {
  const claims = /^Bearer [^.]+\.([^.]+)\./.exec(headers.authorization ?? '')?.[1]
  if (!claims) return 'anonymous'
  const { username = '' } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    username?: string
  }
  return username
}

/** A wire tap between the console's server and ours: passes everything on and remembers what was asked and answered. */
export async function startRecorder(target: string): Promise<Recorder> {
  const { port, hostname } = new URL(target)
  const calls: Call[] = []
  const upgraded = new Set<Socket>()
  const called = (req: IncomingMessage, status = 0): Call => {
    const call = {
      method: req.method ?? '',
      path: req.url ?? '',
      status,
      user: userOf(req),
      body: '',
    }
    calls.push(call)
    return call
  }
  const server = createServer((req, res) => {
    const onward = request(
      { host: hostname, port, method: req.method, path: req.url, headers: req.headers },
      (answer) => {
        const call = called(req, answer.statusCode)
        if (call.status >= 400)
          answer.on('data', (chunk: Buffer) => {
            if (call.body.length < 500) call.body += chunk.toString()
          })
        res.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(res)
      },
    )
    onward.on('error', () => res.destroy())
    res.on('close', () => onward.destroy())
    req.pipe(onward)
  })
  server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => {
    const call = called(req)
    const onward = connect(Number(port), hostname)
    for (const end of [socket, onward]) {
      upgraded.add(end)
      end.on('error', () => end.destroy())
      end.on('close', () => {
        upgraded.delete(end)
        ;(end === socket ? onward : socket).destroy()
      })
    }
    const lines = req.rawHeaders.flatMap((name, index) =>
      index % 2 ? [] : [`${name}: ${req.rawHeaders[index + 1]}`],
    )
    onward.write(`${req.method} ${req.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    onward.write(head)
    onward.once('data', (chunk: Buffer) => {
      call.status = Number(chunk.toString('latin1', 9, 12))
      if (call.status >= 400) call.body = chunk.toString('utf8', 0, 500)
    })
    socket.pipe(onward)
    onward.pipe(socket)
  })
  return {
    url: await listen(server),
    calls,
    async [Symbol.asyncDispose]() {
      for (const socket of upgraded) socket.destroy()
      await close(server)
    },
  }
}
