import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { OperationScope } from '../../gateway/domain/operation.ts'
import { createGraphql } from '../../gateway/server/graphql/index.ts'
import { appDouble, ask, listenOn } from '../graphql/double.ts'
import { askForEvents, eventStream } from './event-stream.ts'
import { openedSocket, rawSocket } from './socket.ts'

const live = 'subscription { schemaChanged { kinds } }'
const token = 'good-ann'

it('a stop completes subscriptions, lets queries finish, then closes sockets with 1001', async () => {
  const begun = Promise.withResolvers<() => void>()
  const get = {
    name: 'users.get',
    needs: () => ({ verb: 'get' }),
    run(_scope: OperationScope, { name }: { name: string }) {
      return new Promise((resolve) => {
        begun.resolve(() => resolve({ metadata: { name }, spec: {} }))
      })
    },
  }
  await using graphql = await createGraphql(appDouble({ iam: { users: { get } } as never }))
  await using face = await listenOn(graphql)
  await using raw = await openedSocket(face.url, token)
  await using idle = await openedSocket(face.url, token)
  await using stream = await eventStream(face.url, { query: live }, { token })
  raw.send({ type: 'subscribe', id: 's', payload: { query: live } })
  assert.equal((await raw.next()).type, 'next')
  assert.equal((await stream.next())?.event, 'next')
  raw.send({ type: 'subscribe', id: 'q', payload: { query: '{ user(name: "x") { name } }' } })
  const answer = await begun.promise

  const drained = graphql.drain(120_000)
  assert.deepEqual(await raw.next(), { type: 'complete', id: 's' })
  assert.deepEqual(await stream.next(), { event: 'complete', data: undefined })
  raw.send({ type: 'subscribe', id: 'late', payload: { query: live } })
  const { payload } = await raw.next()
  const [late] = payload as [{ extensions: { code: string } }]
  assert.equal(late.extensions.code, 'UNAVAILABLE')
  answer()
  assert.deepEqual((await raw.next()).payload, { data: { user: { name: 'x' } } })
  assert.deepEqual(await raw.next(), { type: 'complete', id: 'q' })
  const why = { code: 1001, reason: 'the server is stopping' }
  assert.deepEqual(await raw.closed, why)
  assert.deepEqual(await idle.closed, why)
  await drained

  await assert.rejects(rawSocket(face.url), /503/)
  await using refused = await askForEvents(face.url, { query: live }, { token })
  const told = (await refused.next())?.data as { errors: [{ extensions: { code: string } }] }
  assert.equal(told.errors[0].extensions.code, 'UNAVAILABLE')
  const plain = await ask(face.url, '{ __typename }', { token })
  assert.equal(plain.status, 200)
})

it('a stop waits for no client that does not take its leave, and for no query without end', async () => {
  const get = {
    name: 'users.get',
    needs: () => ({ verb: 'get' }),
    run: () => new Promise(() => {}),
  }
  await using graphql = await createGraphql(appDouble({ iam: { users: { get } } as never }))
  await using face = await listenOn(graphql)
  await using raw = await openedSocket(face.url, token)
  raw.send({ type: 'subscribe', id: 's', payload: { query: live } })
  assert.equal((await raw.next()).type, 'next')
  raw.send({ type: 'subscribe', id: 'q', payload: { query: '{ user(name: "x") { name } }' } })
  raw.socket.pause()
  await graphql.drain(200)
  raw.socket.resume()
  await raw.closed
})
