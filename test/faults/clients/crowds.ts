import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'

/** How many clients misbehave, and where. */
export interface CrowdOrder {
  readonly url: string
  readonly token: string
  readonly count: number
  /** Of a terminal; `terminals` alone need it. */
  readonly exec?: string
}

/** One client of a crowd. */
interface Member {
  /** Resolves with what the server said, or how it ended the connection. */
  readonly ended: Promise<string>
  /** Takes its leave as a client of its kind does. */
  leave(): void
}

/** Makes one client more; resolves once it is where it wants to be. */
type Join = (order: CrowdOrder, index: number) => Promise<Member>

/** Loopback has many addresses: one would run out of ports. */
function addressOf({ url }: CrowdOrder, index: number): { localAddress?: string } {
  return /\/\/127\./.test(url) ? { localAddress: `127.0.0.${2 + (index % 200)}` } : {}
}

async function tcp(order: CrowdOrder, index: number): Promise<Socket> {
  const { hostname: host, port } = new URL(order.url)
  const socket = connect({ host, port: Number(port), ...addressOf(order, index) })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Status lines as they come, or `closed` where there was none. */
function endOf(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    if (text.length < 1000) text += chunk
  })
  return new Promise((resolve) => {
    socket.once('close', () => resolve(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'closed'))
  })
}

async function slowHead(order: CrowdOrder, index: number): Promise<Member> {
  const socket = await tcp(order, index)
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  const drip = setInterval(() => socket.write('x'), 1000)
  const ended = endOf(socket)
  void ended.then(() => clearInterval(drip))
  return { ended, leave: () => socket.destroy() }
}

/** Asks for a large answer and takes none of it. */
async function slowReader(order: CrowdOrder, index: number): Promise<Member> {
  const socket = await tcp(order, index)
  const path = index % 2 ? '/openapi/v2' : '/kapis/resources.kubesphere.io/v1alpha3/configmaps'
  socket.pause()
  const authorization = `Authorization: Bearer ${order.token}`
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n\r\n`)
  const ended = once(socket, 'close').then(() => 'closed')
  return { ended, leave: () => socket.destroy() }
}

async function hugeHead(order: CrowdOrder, index: number): Promise<Member> {
  const socket = await tcp(order, index)
  const ended = endOf(socket)
  socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: ${'c'.repeat(1_100_000)}\r\n\r\n`)
  return { ended, leave: () => socket.destroy() }
}

async function opened(socket: WebSocket): Promise<Member> {
  socket.on('error', () => {})
  const ended = new Promise<string>((resolve) => {
    socket.once('close', (code: number) => resolve(String(code)))
  })
  await Promise.race([
    once(socket, 'open'),
    ended.then((code) => Promise.reject(new Error(`a websocket was refused: ${code}`))),
  ])
  return { ended, leave: () => socket.close(1000) }
}

function websocket(order: CrowdOrder, index: number, path: string, protocol: string[] = []) {
  const headers = { authorization: `Bearer ${order.token}` }
  return new WebSocket(`${order.url.replace(/^http/, 'ws')}${path}`, protocol, {
    ...addressOf(order, index),
    perMessageDeflate: false,
    // kube-apiserver takes no websocket without one.
    origin: order.url,
    headers,
  })
}

async function graphSocket(order: CrowdOrder, index: number): Promise<Member> {
  const socket = websocket(order, index, '/graphql', ['graphql-transport-ws'])
  const member = await opened(socket)
  const acknowledged = once(socket, 'message')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await Promise.race([
    acknowledged,
    member.ended.then((code) => Promise.reject(new Error(`a socket was not let in: ${code}`))),
  ])
  return member
}

const watches = '/api/v1/namespaces/default/configmaps?watch=true'
const execs = '/kapis/terminal.kubesphere.io/v1alpha2'

export const crowds = {
  'slow heads': slowHead,
  'slow readers': slowReader,
  'huge heads': hugeHead,
  'graph sockets': graphSocket,
  'watch sockets': (order, index) => opened(websocket(order, index, watches)),
  terminals: (order, index) => opened(websocket(order, index, `${execs}${order.exec}`)),
} satisfies Record<string, Join>

export type CrowdKind = keyof typeof crowds
