import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A request as it stands in the bytes that an upstream got. */
export interface Received {
  readonly method: string
  readonly target: string
  /** Names in lower case, in the order and number in which they came. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** An upstream that takes no library's word for what it got: it keeps the bytes. */
export interface RawUpstream extends AsyncDisposable {
  readonly url: string
  /** All that came, connection by connection. Throws for bytes that are no HTTP/1.1. */
  received(): Received[]
  /** Forgets what came. */
  reset(): void
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok'

/** Answers each whole request with `answer`; connections stay open, so that a second request would find its way. */
export async function rawUpstream(answer = OK): Promise<RawUpstream> {
  const connections: { bytes: string; answered: number }[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const connection = { bytes: '', answered: 0 }
    connections.push(connection)
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    socket.on('data', (text: string) => {
      connection.bytes += text
      const { length } = requestsIn(connection.bytes).requests
      for (; connection.answered < length; connection.answered++) socket.write(answer)
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise<void>((resolve) => {
    server.once('listening', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => connections.flatMap(({ bytes }) => requestsIn(bytes).requests),
    reset() {
      // Connections live on; what they brought so far is over.
      for (const connection of connections) Object.assign(connection, { bytes: '', answered: 0 })
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/**
 * Whole requests at the start of `bytes`, read by the letter of RFC 9112: what is ambiguous there is an error here, not a
 * guess.
 */
function requestsIn(bytes: string): { requests: Received[]; rest: string } {
  const requests: Received[] = []
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return { requests, rest }
    const [line = '', ...fields] = rest.slice(0, end).split('\r\n')
    const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(line) ?? []
    if (!method || !target) throw new Error(`no request line: ${JSON.stringify(line)}`)
    const headers = fields.map((field) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)$/.exec(field) ?? []
      if (name === undefined) throw new Error(`no header: ${JSON.stringify(field)}`)
      return [name.toLowerCase(), value?.trimEnd() ?? ''] as const
    })
    const framed = bodyOf(headers, rest.slice(end + 4))
    if (framed === undefined) return { requests, rest }
    requests.push({ method, target, headers, body: framed.body })
    rest = framed.rest
  }
}

function bodyOf(
  headers: Received['headers'],
  text: string,
): { body: string; rest: string } | undefined {
  const lengths = headers.filter(([name]) => name === 'content-length')
  const encodings = headers.filter(([name]) => name === 'transfer-encoding')
  if (lengths.length + encodings.length > 1) throw new Error('a body that is framed twice')
  const [length] = lengths
  if (length) {
    if (!/^\d+$/.test(length[1])) throw new Error(`no length: ${length[1]}`)
    const size = Number(length[1])
    return text.length < size ? undefined : { body: text.slice(0, size), rest: text.slice(size) }
  }
  const [encoding] = encodings
  if (!encoding) return { body: '', rest: text }
  if (encoding[1] !== 'chunked') throw new Error(`an encoding: ${encoding[1]}`)
  let body = ''
  for (let at = 0; ;) {
    const end = text.indexOf('\r\n', at)
    if (end < 0) return undefined
    const size = text.slice(at, end)
    if (!/^[0-9a-f]+$/i.test(size)) throw new Error(`no size of a chunk: ${size}`)
    const bytes = Number.parseInt(size, 16)
    const next = end + 2 + bytes
    if (text.length < next + 2) return undefined
    if (text.slice(next, next + 2) !== '\r\n') throw new Error('a chunk that does not end')
    if (bytes === 0) return { body, rest: text.slice(next + 2) }
    body += text.slice(end + 2, next)
    at = next + 2
  }
}
