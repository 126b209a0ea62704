import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { App } from '../../gateway/context/app.ts'
import { authorizationOf, bearerToken } from '../../gateway/context/index.ts'
import type { Watched } from '../../gateway/domain/guard.ts'
import { unauthorized } from '../../gateway/lib/errors.ts'
import { appDouble, ask, serveGraphql } from '../graphql/double.ts'
import { eventStream } from './event-stream.ts'
import { openedSocket, type RawSocket } from './socket.ts'

const live = 'subscription { schemaChanged { kinds } }'
const renew = (token: string) => `mutation { renewSession(token: "${token}") { expiresAt } }`

interface Token {
  readonly user: string
  /** Milliseconds from its first use; absent = for ever. */
  readonly life?: number
}

/** An App that knows these tokens, and who is followed by its guard. */
function appWith(tokens: Record<string, Token>): { app: App; followed: Set<Watched> } {
  const followed = new Set<Watched>()
  const ends = new Map<string, number>()
  const app = appDouble({
    authenticator: {
      async authenticate(view) {
        const found = tokens[bearerToken(authorizationOf(view)) ?? '']
        if (!found) throw unauthorized('invalid token')
        return { name: found.user, uid: '', groups: [], extra: {} }
      },
    },
    identity: {
      async verify(token: string) {
        const { life } = tokens[token] ?? {}
        if (life === undefined) return {}
        const end = ends.get(token) ?? Date.now() + life
        ends.set(token, end)
        return { exp: end / 1000 }
      },
    } as never,
    guard: {
      watch(one) {
        followed.add(one)
        return () => void followed.delete(one)
      },
      [Symbol.dispose]() {},
    },
  })
  return { app, followed }
}

async function answer(raw: RawSocket, query: string): Promise<unknown> {
  raw.send({ type: 'subscribe', id: 'answer', payload: { query } })
  const { payload } = await raw.next()
  assert.deepEqual(await raw.next(), { type: 'complete', id: 'answer' })
  return payload
}

describe('a socket', () => {
  it('ends with 4403 when its token runs out; one that was renewed goes on, with its subscriptions', async () => {
    const { app } = appWith({ short: { user: 'ann', life: 5000 }, long: { user: 'ann' } })
    await using face = await serveGraphql(app)
    await using kept = await openedSocket(face.url, 'short')
    await using left = await openedSocket(face.url, 'short')
    kept.send({ type: 'subscribe', id: 's', payload: { query: live } })
    assert.equal((await kept.next()).type, 'next')
    assert.deepEqual(await answer(kept, renew('long')), {
      data: { renewSession: { expiresAt: null } },
    })
    assert.deepEqual(await left.closed, { code: 4403, reason: 'the token has expired' })
    assert.deepEqual(await answer(kept, '{ __typename }'), { data: { __typename: 'Query' } })
    kept.send({ type: 'subscribe', id: 's', payload: { query: live } })
    assert.equal((await kept.closed).code, 4409, 'the subscription is there still')
  })

  it('tells when a renewed token runs out, and ends then', async () => {
    const { app } = appWith({ first: { user: 'ann' }, next: { user: 'ann', life: 2000 } })
    await using face = await serveGraphql(app)
    await using raw = await openedSocket(face.url, 'first')
    const before = Date.now()
    const { data } = (await answer(raw, renew('next'))) as {
      data: { renewSession: { expiresAt: string } }
    }
    assert.ok(Date.parse(data.renewSession.expiresAt) >= before)
    assert.deepEqual(await raw.closed, { code: 4403, reason: 'the token has expired' })
  })

  it('takes no bad token and none of another user, and lives on by the one it has', async () => {
    const { app, followed } = appWith({ ann: { user: 'ann' }, bob: { user: 'bob' } })
    await using face = await serveGraphql(app)
    await using raw = await openedSocket(face.url, 'ann')
    const codes = { bad: 'UNAUTHENTICATED', bob: 'FORBIDDEN' }
    for (const [token, code] of Object.entries(codes)) {
      const { errors } = (await answer(raw, renew(token))) as {
        errors: { extensions: { code: string } }[]
      }
      assert.equal(errors[0]?.extensions.code, code)
    }
    assert.deepEqual(
      Array.from(followed, ({ token }) => token),
      ['ann'],
    )
    assert.deepEqual(await answer(raw, '{ __typename }'), { data: { __typename: 'Query' } })
  })

  it('ends with 4403 when its login is over, and is followed no longer than it is open', async () => {
    const { app, followed } = appWith({ ann: { user: 'ann' } })
    await using face = await serveGraphql(app)
    const gone = await openedSocket(face.url, 'ann')
    await gone[Symbol.asyncDispose]()
    await using raw = await openedSocket(face.url, 'ann')
    assert.equal(followed.size, 1)
    for (const { onLost } of followed) onLost('the login is over')
    assert.deepEqual(await raw.closed, { code: 4403, reason: 'the login is over' })
    assert.equal(followed.size, 0)
  })
})

describe('an event stream', () => {
  it('ends with UNAUTHENTICATED when its token runs out, and says that it is complete', async () => {
    const { app, followed } = appWith({ short: { user: 'ann', life: 4000 } })
    await using face = await serveGraphql(app)
    await using stream = await eventStream(face.url, { query: live }, { token: 'short' })
    assert.equal((await stream.next())?.event, 'next')
    const { data } = (await stream.next()) ?? assert.fail('no word of it')
    const [error] = (data as { errors: { message: string; extensions: { code: string } }[] }).errors
    assert.equal(error?.extensions.code, 'UNAUTHENTICATED')
    assert.equal(error?.message, 'the token has expired')
    assert.deepEqual(await stream.next(), { event: 'complete', data: undefined })
    assert.equal(await stream.next(), undefined)
    assert.equal(followed.size, 0)
  })
})

it('a plain request has no session to renew', async () => {
  const { app } = appWith({ ann: { user: 'ann' } })
  await using face = await serveGraphql(app)
  const { body } = await ask(face.url, renew('ann'), { token: 'ann' })
  assert.equal(body.errors?.[0]?.extensions['code'], 'BAD_USER_INPUT')
})
