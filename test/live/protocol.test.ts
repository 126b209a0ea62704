import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { WebSocket } from 'ws'
import { appDouble, serveGraphql, type Face } from '../graphql/double.ts'
import { openedSocket, rawSocket, type Message, type RawSocket } from './socket.ts'

const live = 'subscription { schemaChanged { kinds } }'
const init = (token?: string) => ({
  type: 'connection_init',
  ...(token ? { payload: { authorization: `Bearer ${token}` } } : {}),
})
const subscribe = (id: string, query: string, more: object = {}) => ({
  type: 'subscribe',
  id,
  payload: { query, ...more },
})

/** What a client does, and how the server ends it. */
interface Row {
  readonly does: string
  readonly code: number
  readonly reason: RegExp
  readonly protocol?: string
  /** Said once the socket is open. */
  readonly says?: readonly unknown[]
  /** Said after the server has agreed to a token. */
  readonly after?: readonly unknown[]
}

const table: readonly Row[] = [
  { does: 'says what is no JSON', says: ['{'], code: 4400, reason: /JSON/ },
  { does: 'says JSON that is no object', says: ['[]'], code: 4400, reason: /object/ },
  { does: 'says nothing of a type', says: [{}], code: 4400, reason: /type/ },
  { does: 'says what is no type', says: [{ type: 'hello' }], code: 4400, reason: /hello/ },
  {
    does: 'says what only servers say',
    after: [{ type: 'connection_ack' }],
    code: 4400,
    reason: /connection_ack/,
  },
  {
    does: 'subscribes without an id',
    after: [{ type: 'subscribe', payload: { query: live } }],
    code: 4400,
    reason: /id/,
  },
  {
    does: 'subscribes without a document',
    after: [{ type: 'subscribe', id: '1', payload: {} }],
    code: 4400,
    reason: /query/,
  },
  { does: 'sends bytes', after: [Buffer.from('{}')], code: 4400, reason: /text/ },
  {
    does: 'subscribes before it has said who it is',
    says: [subscribe('1', live)],
    code: 4401,
    reason: /^Unauthorized$/,
  },
  { does: 'has a bad token', says: [init('bad')], code: 4403, reason: /^invalid token$/ },
  { does: 'has no token', says: [init()], code: 4403, reason: /^log in first$/ },
  { does: 'names no protocol', protocol: '', code: 4406, reason: /^Subprotocol not acceptable$/ },
  {
    does: 'uses the id of an operation that runs',
    after: [subscribe('1', live), subscribe('1', '{ __typename }')],
    code: 4409,
    reason: /^Subscriber for 1 already exists$/,
  },
  {
    does: 'says twice who it is',
    after: [init('good-ann')],
    code: 4429,
    reason: /^Too many initialisation requests$/,
  },
  {
    does: 'sends more than a message may hold',
    after: [subscribe('1', `# ${'x'.repeat(4 * 1024 * 1024)}`)],
    code: 1009,
    reason: /^$/,
  },
]

describe('a socket of the graph', () => {
  let face: Face
  before(async () => {
    face = await serveGraphql(appDouble())
  })
  after(() => face[Symbol.asyncDispose]())

  for (const { does, code, reason, protocol, says = [], after: later = [] } of table) {
    it(`ends with ${code} for a client that ${does}`, async () => {
      await using raw = await rawSocket(face.url, { protocol })
      for (const message of says) raw.send(message)
      if (later.length > 0) {
        raw.send(init('good-ann'))
        assert.deepEqual(await raw.next(), { type: 'connection_ack' })
      }
      for (const message of later) {
        if (Buffer.isBuffer(message)) raw.socket.send(message)
        else raw.send(message)
      }
      const end = await raw.closed
      assert.equal(end.code, code)
      assert.match(end.reason, reason)
    })
  }

  it('that speaks another protocol is not opened', async () => {
    const socket = new WebSocket(face.url.replace('http', 'ws'), 'graphql-ws')
    const [error] = (await once(socket, 'error')) as [Error]
    assert.match(error.message, /subprotocol/)
  })

  it('takes a token of the handshake, and either spelling of the first message', async () => {
    await using byHeader = await rawSocket(face.url, {
      headers: { authorization: 'Bearer good-ann' },
    })
    byHeader.send(init())
    assert.deepEqual(await byHeader.next(), { type: 'connection_ack' })
    await using capital = await rawSocket(face.url)
    capital.send({ type: 'connection_init', payload: { Authorization: 'Bearer good-ann' } })
    assert.deepEqual(await capital.next(), { type: 'connection_ack' })
  })

  it('is opened from any Origin with a token, from none with what a browser adds by itself', async () => {
    const origin = 'https://elsewhere.example'
    await using raw = await openedSocket(face.url, 'good-ann', {
      headers: { origin, cookie: 'token=good-ann' },
    })
    assert.equal(raw.socket.readyState, WebSocket.OPEN)
    await using cookie = await rawSocket(face.url, { headers: { cookie: 'token=good-ann' } })
    cookie.send(init())
    assert.equal((await cookie.closed).code, 4403)
    const basic = { origin, authorization: `Basic ${btoa('ann:secret')}` }
    await assert.rejects(rawSocket(face.url, { headers: basic }), /403/)
  })

  it('is at /graphql alone, and answers a handshake that is none with 400', async () => {
    await assert.rejects(rawSocket(`${face.url}/sdl`), /404/)
    const headers = { connection: 'upgrade', upgrade: 'websocket' }
    const [response] = await once(get(face.url, { headers }), 'response')
    assert.equal((response as { statusCode: number }).statusCode, 400)
  })

  it('compresses nothing', async () => {
    await using raw = await rawSocket(face.url, { options: { perMessageDeflate: true } })
    assert.equal(raw.socket.extensions, '')
  })

  it('answers a ping with what was in it', async () => {
    await using raw = await rawSocket(face.url)
    raw.send({ type: 'ping', payload: { n: 1 } })
    assert.deepEqual(await raw.next(), { type: 'pong', payload: { n: 1 } })
    raw.send({ type: 'pong' })
    raw.send({ type: 'ping' })
    assert.deepEqual(await raw.next(), { type: 'pong' })
  })

  it('carries any number of operations of every kind, each answered under its own id', async () => {
    await using raw = await openedSocket(face.url, 'good-ann')
    raw.send(subscribe('s', live))
    assert.deepEqual(await raw.next(), next('s', { schemaChanged: { kinds: 0 } }))
    raw.send(
      subscribe('q', 'query($x: Boolean!) { __typename @include(if: $x) }', {
        variables: { x: true },
      }),
    )
    assert.deepEqual(await raw.next(), next('q', { __typename: 'Query' }))
    assert.deepEqual(await raw.next(), { type: 'complete', id: 'q' })
    raw.send({ type: 'complete', id: 's' })
    raw.send(subscribe('s', '{ __typename }'))
    assert.deepEqual(await raw.next(), next('s', { __typename: 'Query' }))
    assert.deepEqual(await raw.next(), { type: 'complete', id: 's' })
  })

  it('answers ten thousand operations', async () => {
    await using raw = await openedSocket(face.url, 'good-ann')
    const total = 10_000
    const together = 40
    const open = new Set<string>()
    let sent = 0
    let answered = 0
    while (answered < total) {
      while (open.size < together && sent < total) {
        const id = String(sent++)
        open.add(id)
        raw.send(subscribe(id, `{ a${Number(id) % 100}: __typename }`))
      }
      const { type, id = '', payload } = await raw.next()
      assert.ok(open.has(id))
      if (type === 'complete') {
        open.delete(id)
        answered++
      } else assert.deepEqual(payload, { data: { [`a${Number(id) % 100}`]: 'Query' } })
    }
  })
})

const next = (id: string, data: unknown): Message => ({ type: 'next', id, payload: { data } })

describe('a client that is gone', () => {
  it('is not waited for: one that never says who it is gets 4408', async () => {
    await using face = await serveGraphql(appDouble(), { times: { initMs: 50, pingMs: 20_000 } })
    await using raw = await rawSocket(face.url)
    const end = await raw.closed
    assert.deepEqual(end, { code: 4408, reason: 'Connection initialisation timeout' })
  })

  it('is found out by two questions without an answer; one that answers stays', async () => {
    await using face = await serveGraphql(appDouble(), { times: { initMs: 60_000, pingMs: 200 } })
    await using there = await openedSocket(face.url, 'good-ann')
    await using away = await openedSocket(face.url, 'good-ann', { options: { autoPong: false } })
    let pings = 0
    away.socket.on('ping', () => pings++)
    assert.equal((await away.closed).code, 1006)
    assert.equal(pings, 2)
    assert.equal(there.socket.readyState, WebSocket.OPEN)
  })

  it('that does not read is not read from either, and misses nothing once it does', async () => {
    await using face = await serveGraphql(appDouble())
    await using raw = await openedSocket(face.url, 'good-ann')
    const pad = 'x'.repeat(64 * 1024)
    const count = 1000
    raw.socket.pause()
    for (let n = 0; n < count; n++) raw.send({ type: 'ping', payload: { n, pad } })
    await stuck(raw)
    assert.ok(raw.socket.bufferedAmount > 8 * 1024 * 1024, 'the server reads on')
    raw.socket.resume()
    for (let n = 0; n < count; n++) {
      assert.deepEqual(await raw.next(), { type: 'pong', payload: { n, pad } })
    }
  })

  it('that pings without reading is not read from either', async () => {
    await using face = await serveGraphql(appDouble())
    await using raw = await openedSocket(face.url, 'good-ann')
    const data = Buffer.alloc(125)
    const count = 200_000
    let pongs = 0
    const all = Promise.withResolvers<void>()
    raw.socket.on('pong', () => {
      if (++pongs === count) all.resolve()
    })
    raw.socket.pause()
    for (let n = 0; n < count; n++) raw.socket.ping(data)
    await stuck(raw)
    assert.ok(raw.socket.bufferedAmount > 8 * 1024 * 1024, 'the server reads on')
    raw.socket.resume()
    await all.promise
  })
})

/** Resolves when nothing more of what was sent leaves. */
async function stuck({ socket }: RawSocket): Promise<void> {
  let before = -1
  for (let quiet = 0; quiet < 5; quiet++) {
    if (socket.bufferedAmount !== before) quiet = 0
    before = socket.bufferedAmount
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
