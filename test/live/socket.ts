import assert from 'node:assert/strict'
import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

/** A raw socket of the graph that keeps what it hears until somebody asks. */
export interface RawSocket extends AsyncDisposable {
  readonly socket: WebSocket
  send(message: unknown): void
  /** The next message, whatever it is. Rejects when the socket closes before. */
  next(): Promise<Message>
  /** Code and reason of the end. */
  readonly closed: Promise<{ code: number; reason: string }>
}

export interface RawOptions {
  readonly protocol?: string | undefined
  readonly headers?: Record<string, string>
  readonly options?: ClientOptions
}

const patience = 60_000

/** Opens a socket at an http address. */
export async function rawSocket(url: string, of: RawOptions = {}): Promise<RawSocket> {
  const { protocol = 'graphql-transport-ws' } = of
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocol || [], {
    headers: of.headers,
    ...of.options,
  })
  const heard: Message[] = []
  let wake = Promise.withResolvers<void>()
  let over = false
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code: number, reason: Buffer) => {
      over = true
      wake.resolve()
      resolve({ code, reason: reason.toString() })
    })
  })
  socket.on('message', (data: Buffer) => {
    heard.push(JSON.parse(data.toString()) as Message)
    wake.resolve()
  })
  await once(socket, 'open')
  socket.on('error', () => {})
  return {
    socket,
    closed,
    send(message) {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message))
    },
    async next() {
      const timer = setTimeout(() => wake.reject(new Error('nothing was heard')), patience)
      try {
        for (;;) {
          const first = heard.shift()
          if (first) return first
          assert.ok(!over, 'the socket closed')
          await wake.promise
          wake = Promise.withResolvers()
        }
      } finally {
        clearTimeout(timer)
      }
    },
    async [Symbol.asyncDispose]() {
      socket.terminate()
      await closed
    },
  }
}

/** A socket whose server has said yes to a token. */
export async function openedSocket(
  url: string,
  token: string,
  of: RawOptions = {},
): Promise<RawSocket> {
  const raw = await rawSocket(url, of)
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
  assert.deepEqual(await raw.next(), { type: 'connection_ack' })
  return raw
}
