import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { OperationScope } from '../../gateway/domain/operation.ts'
import { appDouble, ask, serveGraphql, type Face } from '../graphql/double.ts'
import { askForEvents, eventStream, type StreamEvent } from './event-stream.ts'

const live = 'subscription { schemaChanged { kinds } }'
const token = 'good-ann'
const mutation = 'mutation { renewSession(token: "x") { expiresAt } }'
const first = { event: 'next', data: { data: { schemaChanged: { kinds: 0 } } } }
const whole = { event: 'next', data: { data: { __typename: 'Query' } } }
const complete = { event: 'complete', data: undefined }

/** What clients that take several forms of an answer send. */
const both = 'application/graphql-response+json, application/json, text/event-stream'

/** The code of the first error in a result. */
function codeOf(event: StreamEvent | undefined): string | undefined {
  const { errors } = (event?.data ?? {}) as { errors?: { extensions: { code: string } }[] }
  return errors?.[0]?.extensions.code
}

describe('server-sent events', () => {
  let face: Face
  let hung = Promise.withResolvers<AbortSignal>()
  before(async () => {
    const get = {
      name: 'users.get',
      needs: () => ({ verb: 'get' }),
      run: ({ signal }: OperationScope) => {
        hung.resolve(signal)
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
      },
    }
    face = await serveGraphql(appDouble({ iam: { users: { get } } as never }), {
      subscriptions: 1,
      times: { initMs: 10_000, pingMs: 20 },
    })
  })
  after(() => face[Symbol.asyncDispose]())

  it('carry a subscription, for a client that takes nothing else and for one that does', async () => {
    for (const accept of ['text/event-stream', both]) {
      await using stream = await eventStream(face.url, { query: live }, { token, accept })
      assert.deepEqual(await stream.next(), first)
      assert.equal(stream.response.headers.get('cache-control'), 'private, no-store')
    }
  })

  it('carry a query where nothing else is taken, and end with it', async () => {
    await using stream = await eventStream(face.url, { query: '{ __typename }' }, { token })
    assert.deepEqual(await stream.next(), whole)
    assert.deepEqual(await stream.next(), complete)
    assert.equal(await stream.next(), undefined)
    const plain = await ask(face.url, '{ __typename }', { token, headers: { accept: both } })
    assert.deepEqual(plain.body, whole.data)
  })

  it('are asked for with GET as well, but not for a mutation', async () => {
    const at = (query: string, variables: object) =>
      `${face.url}?${String(new URLSearchParams({ query, variables: JSON.stringify(variables) }))}`
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` }
    const query = 'query($x: Boolean!) { __typename @include(if: $x) }'
    const response = await fetch(at(query, { x: true }), { headers })
    assert.match(
      await response.text(),
      /^:\n\nevent: next\ndata: .*\n\nevent: complete\ndata: \n\n$/,
    )
    const refused = await fetch(at(mutation, {}), { headers })
    assert.equal(refused.status, 405)
  })

  it('tell what is wrong with an operation, and are complete', async () => {
    for (const [query, code] of [
      ['{', 'GRAPHQL_PARSE_FAILED'],
      ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      [`${'{ a '.repeat(16)}${'}'.repeat(16)}`, 'DEPTH_LIMIT'],
    ]) {
      await using stream = await eventStream(face.url, { query }, { token })
      const told = await stream.next()
      assert.deepEqual([told?.event, codeOf(told)], ['next', code])
      assert.deepEqual(await stream.next(), complete)
    }
  })

  it('are for who is logged in: others get 401, and cookies and forged requests count for nothing', async () => {
    for (const headers of [{}, { cookie: 'token=good-ann' }, { authorization: 'Bearer bad' }]) {
      await using stream = await askForEvents(face.url, { query: live }, { headers })
      assert.equal(stream.response.status, 401)
    }
    const forged = await fetch(`${face.url}?query=${encodeURIComponent(live)}`, {
      headers: { accept: 'text/event-stream', authorization: `Basic ${btoa('ann:secret')}` },
    })
    assert.equal(forged.status, 400)
  })

  it('are one operation each', async () => {
    await using stream = await askForEvents(face.url, [{ query: live }], { token })
    assert.equal(stream.response.status, 400)
  })

  it('count as subscriptions of their user, until the client goes', async () => {
    const user = 'good-eve'
    const stream = await eventStream(face.url, { query: live }, { token: user })
    assert.deepEqual(await stream.next(), first)
    const again = async (): Promise<string> => {
      await using second = await eventStream(face.url, { query: live }, { token: user })
      return codeOf(await second.next()) ?? 'taken'
    }
    assert.equal(await again(), 'TOO_MANY_REQUESTS')
    await stream[Symbol.asyncDispose]()
    while ((await again()) !== 'taken');
  })

  it('abort what their client no longer waits for', async () => {
    hung = Promise.withResolvers()
    const stream = await eventStream(face.url, { query: '{ user(name: "x") { name } }' }, { token })
    const signal = await hung.promise
    await stream[Symbol.asyncDispose]()
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  })

  it('are kept alive while there is nothing to tell', async () => {
    const response = await fetch(face.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: 'Bearer good-kim',
      },
      body: JSON.stringify({ query: live }),
    })
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk as Uint8Array)
      if (/data: .*\n\n(?::\n\n){2}/.test(text)) break
    }
    assert.match(text, /data: .*\n\n(?::\n\n){2}/)
  })

  it('are what a subscription needs without a socket: 406 where they are not taken', async () => {
    const { status, body } = await ask(face.url, live, { token })
    assert.equal(status, 406)
    assert.equal(body.errors?.[0]?.extensions['code'], 'UNSUPPORTED_MEDIA_TYPE')
    const batch = await fetch(face.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify([{ query: '{ __typename }' }, { query: live }]),
    })
    assert.equal(batch.status, 406)
  })
})
