import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import type { OperationScope } from '../../gateway/domain/operation.ts'
import { unauthorized } from '../../gateway/lib/errors.ts'
import { appDouble, ask, serveGraphql, type Face } from '../graphql/double.ts'
import { openedSocket, type Message, type RawSocket } from './socket.ts'

const live = 'subscription { schemaChanged { kinds } }'
const token = 'good-ann'

/** Reads of users that nobody has answered yet. */
interface Reading {
  readonly name: string
  readonly signal: AbortSignal
  answer(): void
}

let readings: Reading[] = []
let news = Promise.withResolvers<void>()

const get = {
  name: 'users.get',
  needs: () => ({ verb: 'get' }),
  run({ signal }: OperationScope, { name }: { name: string }) {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const answer = () => resolve({ metadata: { name }, spec: {} })
    signal.addEventListener('abort', () => reject(signal.reason as Error))
    readings.push({ name, signal, answer })
    news.resolve()
    return promise
  },
}

/** The next read that begins. */
async function reading(): Promise<Reading> {
  for (;;) {
    const first = readings.shift()
    if (first) return first
    await news.promise
    news = Promise.withResolvers()
  }
}

const services = { iam: { users: { get } } as never }
const user = (name: string) => `{ user(name: "${name}") { name } }`

function subscribe(raw: RawSocket, id: string, query: string, more: object = {}): void {
  raw.send({ type: 'subscribe', id, payload: { query, ...more } })
}

/** Codes of the message that refuses an operation. */
async function refused(raw: RawSocket, id: string): Promise<unknown[]> {
  const { type, id: of, payload } = await raw.next()
  assert.deepEqual([type, of], ['error', id])
  return (payload as { extensions: { code: unknown } }[]).map(({ extensions }) => extensions.code)
}

const done = (id: string): Message => ({ type: 'complete', id })
const nested = `${'{ a '.repeat(16)}${'}'.repeat(16)}`

describe('an operation on a socket', () => {
  let face: Face
  before(async () => {
    face = await serveGraphql(appDouble(services), {
      inFlight: 2,
      subscriptions: 2,
      deadlines: { query: 60_000, mutation: 60_000 },
    })
  })
  beforeEach(() => {
    readings = []
  })
  after(() => face[Symbol.asyncDispose]())

  it('that cannot run is refused by itself, with the code that plain HTTP has', async () => {
    const wrong: [string, object, string][] = [
      ['{', {}, 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
      ['query($n: ID!) { user(name: $n) { name } }', { variables: {} }, 'BAD_USER_INPUT'],
      [nested, {}, 'DEPTH_LIMIT'],
      [
        '{ users(first: 500) { nodes { workspaces(first: 500) { nodes { name } } } } }',
        {},
        'COST_LIMIT',
      ],
    ]
    await using raw = await openedSocket(face.url, token)
    for (const [query, more, code] of wrong) {
      subscribe(raw, '1', query, more)
      assert.deepEqual(await refused(raw, '1'), [code], query)
      const response = await ask(face.url, query, { token, ...more })
      assert.equal(response.body.errors?.[0]?.extensions['code'], code, query)
    }
    subscribe(raw, '1', 'query A { __typename } query B { __typename }')
    assert.deepEqual(await refused(raw, '1'), ['BAD_USER_INPUT'])
    subscribe(raw, '1', '')
    assert.deepEqual(await refused(raw, '1'), ['BAD_USER_INPUT'])
    subscribe(raw, '1', 'query A { __typename } query B { b: __typename }', { operationName: 'B' })
    assert.deepEqual((await raw.next()).payload, { data: { b: 'Query' } })
  })

  it('that its client completes is aborted, and says no more', async () => {
    await using raw = await openedSocket(face.url, token)
    subscribe(raw, '1', user('hung'))
    const { signal } = await reading()
    raw.send({ type: 'complete', id: '1' })
    await aborted(signal)
    subscribe(raw, '1', '{ __typename }')
    assert.deepEqual((await raw.next()).payload, { data: { __typename: 'Query' } })
    assert.deepEqual(await raw.next(), done('1'))
  })

  it('is aborted when its socket is gone', async () => {
    const raw = await openedSocket(face.url, token)
    subscribe(raw, '1', user('left'))
    const { signal } = await reading()
    await raw[Symbol.asyncDispose]()
    await aborted(signal)
  })

  it('is one of a bounded number of its user, whatever it comes over', async () => {
    await using one = await openedSocket(face.url, token)
    await using two = await openedSocket(face.url, token)
    await using other = await openedSocket(face.url, 'good-bob')
    subscribe(one, '1', user('a'))
    subscribe(two, '1', user('b'))
    const [a] = [await reading(), await reading()]
    subscribe(two, '2', user('c'))
    const { payload } = await two.next()
    const [{ message, extensions }] = payload as [{ message: string; extensions: object }]
    assert.equal(message, 'at most 2 requests at a time')
    assert.deepEqual(
      { ...extensions, status: undefined },
      { code: 'TOO_MANY_REQUESTS', retryAfter: 1, status: undefined },
    )
    const plain = await ask(face.url, user('d'), { token })
    assert.equal(plain.status, 429)
    subscribe(other, '1', '{ __typename }')
    assert.deepEqual((await other.next()).payload, { data: { __typename: 'Query' } })
    subscribe(two, '3', live)
    assert.equal((await two.next()).type, 'next')
    a?.answer()
    assert.equal((await one.next()).type, 'next')
    assert.deepEqual(await one.next(), done('1'))
    subscribe(two, '4', user('e'))
    assert.equal((await reading()).name, 'e')
  })

  it('that subscribes is counted apart, until it ends', async () => {
    await using raw = await openedSocket(face.url, 'good-eve')
    for (const id of ['1', '2']) {
      subscribe(raw, id, live)
      assert.equal((await raw.next()).type, 'next')
    }
    subscribe(raw, '3', live)
    assert.deepEqual(await refused(raw, '3'), ['TOO_MANY_REQUESTS'])
    raw.send({ type: 'complete', id: '1' })
    subscribe(raw, '4', live)
    assert.equal((await raw.next()).type, 'next')
  })

  it('is refused once its token is not good any more, and the socket ends with 4403', async () => {
    const bad = new Set<string>()
    const app = appDouble(services)
    const { authenticator } = app
    await using own = await serveGraphql({
      ...app,
      authenticator: {
        authenticate: async (view) => {
          if (bad.has(String(view.headers.authorization))) throw unauthorized('token not found')
          return authenticator.authenticate(view)
        },
      },
    })
    await using raw = await openedSocket(own.url, token)
    bad.add(`Bearer ${token}`)
    subscribe(raw, '1', '{ __typename }')
    assert.deepEqual(await raw.closed, { code: 4403, reason: 'the token is no longer good' })
  })
})

describe('operations on one socket', () => {
  it('begin in the order in which they came, however long their callers take to check', async () => {
    readings = []
    const app = appDouble(services)
    const { authenticator } = app
    let asked = 0
    await using face = await serveGraphql({
      ...app,
      authenticator: {
        async authenticate(view) {
          // Every other check takes several turns of the loop.
          if (asked++ % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 5))
          return authenticator.authenticate(view)
        },
      },
    })
    await using raw = await openedSocket(face.url, token)
    const names = Array.from({ length: 20 }, (_, n) => `user-${n}`)
    for (const name of names) subscribe(raw, name, user(name))
    const begun: string[] = []
    while (begun.length < names.length) begun.push((await reading()).name)
    assert.deepEqual(begun, names)
  })

  it('that take too long are told so, and the socket goes on', async () => {
    readings = []
    await using face = await serveGraphql(appDouble(services), {
      deadlines: { query: 5000, mutation: 5000 },
    })
    await using raw = await openedSocket(face.url, token)
    subscribe(raw, '1', user('slow'))
    const { type, payload } = await raw.next()
    assert.equal(type, 'next')
    assert.equal((payload as { errors: unknown[] }).errors.length, 1)
    assert.deepEqual(await raw.next(), done('1'))
    subscribe(raw, '2', '{ __typename }')
    assert.deepEqual((await raw.next()).payload, { data: { __typename: 'Query' } })
  })

  it('are those of the manifest where there is one, by text or by hash', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'manifest-'))
    try {
      const known = '{ __typename }'
      const hash = createHash('sha256').update(known).digest('hex')
      const trustedDocuments = join(dir, 'manifest.json')
      await writeFile(trustedDocuments, JSON.stringify({ [hash]: known }))
      const config = defaultConfig({ facade: { graphql: { trustedDocuments } } })
      await using face = await serveGraphql(appDouble({ config }))
      await using raw = await openedSocket(face.url, token)
      subscribe(raw, '1', live)
      assert.deepEqual(await refused(raw, '1'), ['UNTRUSTED_DOCUMENT'])
      const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }
      for (const [query, more] of [[known, {}] as const, ['', byHash] as const]) {
        subscribe(raw, '1', query, more)
        assert.deepEqual((await raw.next()).payload, { data: { __typename: 'Query' } })
        assert.deepEqual(await raw.next(), done('1'))
      }
    } finally {
      await rm(dir, { recursive: true })
    }
  })

  it('learn nothing of a schema that is not shown', async () => {
    const config = defaultConfig({ facade: { graphql: { introspection: false } } })
    await using face = await serveGraphql(appDouble({ config }))
    await using raw = await openedSocket(face.url, token)
    subscribe(raw, '1', '{ __schema { queryType { name } } }')
    assert.deepEqual(new Set(await refused(raw, '1')), new Set(['GRAPHQL_VALIDATION_FAILED']))
    subscribe(raw, '2', '{ usrs { totalCount } }')
    const { payload } = await raw.next()
    const [{ message }] = payload as [{ message: string }]
    assert.equal(message, 'Cannot query field "usrs" on type "Query".')
  })
})

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
