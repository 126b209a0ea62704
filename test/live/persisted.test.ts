import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { createPersisted } from '../../gateway/server/graphql/persisted.ts'
import { appDouble, serveGraphql, type Answer, type Face } from '../graphql/double.ts'
import { openedSocket, type RawSocket } from './socket.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const byHash = (sha256Hash: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
})

describe('a document that was sent once', () => {
  let face: Face
  before(async () => {
    const limits = { byUser: { ben: { depth: 1 } } }
    const config = defaultConfig({ facade: { graphql: { limits } } })
    face = await serveGraphql(appDouble({ config }))
  })
  after(() => face[Symbol.asyncDispose]())

  /** The codes that a plain request for a hash ends with; none when it has an answer. */
  async function plain(body: object, token = ''): Promise<unknown[]> {
    const response = await fetch(face.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    })
    const { errors = [] } = (await response.json()) as Answer['body']
    return errors.map(({ extensions }) => extensions['code'])
  }

  /** The same over a socket. */
  async function over(raw: RawSocket, query: string, sha256Hash: string): Promise<unknown[]> {
    raw.send({ type: 'subscribe', id: '1', payload: { query, ...byHash(sha256Hash) } })
    const { type, payload } = await raw.next()
    if (type === 'error') {
      return (payload as { extensions: { code: unknown } }[]).map(
        ({ extensions }) => extensions.code,
      )
    }
    assert.equal(type, 'next')
    assert.equal((await raw.next()).type, 'complete')
    return []
  }

  it('over a socket is asked for by its hash from then on, over sockets and without', async () => {
    await using raw = await openedSocket(face.url, 'good-ann')
    const query = 'query Socket { __typename }'
    const hash = hashOf(query)
    assert.deepEqual(await over(raw, '', hash), ['PERSISTED_QUERY_NOT_FOUND'])
    assert.deepEqual(await over(raw, query, hashOf('another')), ['BAD_USER_INPUT'])
    assert.deepEqual(await over(raw, '', hashOf('another')), ['PERSISTED_QUERY_NOT_FOUND'])
    assert.deepEqual(await over(raw, query, hash), [])
    assert.deepEqual(await over(raw, '', hash), [])
    await using other = await openedSocket(face.url, 'good-ben')
    assert.deepEqual(await over(other, '', hash), [])
    assert.deepEqual(await plain(byHash(hash)), [])
  })

  it('by a plain request is known to sockets', async () => {
    await using raw = await openedSocket(face.url, 'good-ann')
    const query = 'query Plain { __typename }'
    assert.deepEqual(await plain(byHash(hashOf(query))), ['PERSISTED_QUERY_NOT_FOUND'])
    assert.deepEqual(await plain({ query, ...byHash(hashOf(query)) }), [])
    assert.deepEqual(await over(raw, '', hashOf(query)), [])
  })

  it('is judged for whoever asks for it', async () => {
    const deep = 'query Deep { a: __schema { queryType { name } } me { id } }'
    await using ann = await openedSocket(face.url, 'good-ann')
    const schema = 'query Schema { __schema { queryType { name } } }'
    assert.deepEqual(await over(ann, schema, hashOf(schema)), [])
    assert.deepEqual(await plain(byHash(hashOf(schema)), 'good-ann'), [])
    assert.deepEqual(await plain(byHash(hashOf(schema))), ['UNAUTHENTICATED'])
    const me = 'query Me { kinds { kind } ...F } fragment F on Query { __typename }'
    for (const [query, hash] of [
      [deep, hashOf(deep)],
      [me, hashOf(me)],
    ] as const) {
      await over(ann, query, hash)
      await using ben = await openedSocket(face.url, 'good-ben')
      assert.deepEqual(await over(ben, '', hash), ['DEPTH_LIMIT'])
      assert.deepEqual(await plain(byHash(hash), 'good-ben'), ['DEPTH_LIMIT'])
    }
  })
})

describe('documents that are kept', () => {
  it('are bounded: those that nobody asks for go first, and long ones are not kept', () => {
    const persisted = createPersisted({ all: 30, one: 12 })
    const documents = ['{ a } #one', '{ b } #two', '{ c } #thr', '{ d } #fou']
    const [one = '', two = '', three = '', four = ''] = documents
    const keep = (query: string) => persisted.register({ query, ...byHash(hashOf(query)) })
    const known = (query: string) => persisted.get(hashOf(query)) !== undefined
    for (const query of [one, two, three]) keep(query)
    assert.ok(known(one))
    keep(four)
    assert.deepEqual([one, two, three, four].map(known), [true, false, true, true])
    const long = '{ a } # far too long'
    keep(long)
    assert.deepEqual([long, one, three, four].map(known), [false, true, true, true])
    keep(four)
    assert.deepEqual([one, three, four].map(known), [true, true, true])
  })
})
