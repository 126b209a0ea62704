import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface Answer {
  status: number
  /** Content type without parameters. */
  type: string
  headers: Headers
  text: string
}

/** The answer to one request, redirects not followed. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? ''
  return { status: response.status, type, headers: response.headers, text: await response.text() }
}

export interface Graph {
  status: number
  data: Record<string, unknown> | null | undefined
  codes: unknown[]
  text: string
}

/** Asks the graph; `codes` are those of the errors. */
export async function graph(
  url: string,
  token: string,
  query: string,
  variables: object = {},
): Promise<Graph> {
  const { status, text } = await ask(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && bearer(token)) },
    body: JSON.stringify({ query, variables }),
  })
  const body = JSON.parse(text) as {
    data?: Record<string, unknown> | null
    errors?: { extensions?: { code?: unknown } }[]
  }
  const codes = (body.errors ?? []).map(({ extensions }) => extensions?.code)
  return { status, data: body.data, codes, text }
}

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` }
}

/** Token of a password login. Throws with the answer where there is none. */
export async function login(url: string, username: string, password: string): Promise<string> {
  const form = { grant_type: 'password', client_id: 'kubesphere', client_secret: 'kubesphere' }
  const { text } = await ask(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, username, password }),
  })
  const token = /"access_token":\s*"([^"]+)"/.exec(text)?.[1]
  if (!token) throw new Error(`${username} cannot log in: ${text}`)
  return token
}

/** Resolves once the graph of a server that has just started has the types of the cluster's kinds. */
export async function hasKinds(url: string, token: string): Promise<void> {
  const query = '{ configMaps(namespace: "default") { nodes { metadata { name } } } }'
  const look = () => graph(url, token, query)
  await eventually('the graph has its kinds', look, ({ codes }) => codes.length === 0, 240)
}

/** A plain connection to the server. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Everything that the server says to these bytes until it closes the connection. */
export async function raw(url: string, bytes: string | Uint8Array): Promise<string> {
  const socket = await open(url)
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  const closed = once(socket, 'close')
  socket.write(bytes)
  await closed
  return text
}

/** Asks again and again until `done` holds; throws after `seconds`, with what was seen last. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T>,
  done: (value: T) => boolean,
  seconds = 90,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const value = await look()
    if (done(value)) return value
    if (Date.now() > deadline) throw new Error(`${what}: ${JSON.stringify(value)?.slice(0, 2000)}`)
    await delay(100)
  }
}
