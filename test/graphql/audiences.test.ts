import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { account, IAM } from '../iam/world.ts'
import { openedSocket, rawSocket, type RawSocket } from '../live/socket.ts'
import { ask } from './double.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const page = (size: number) => `{ users(first: ${size}) { nodes { name } } }`
const deep = '{ users(first: 1) { edges { node { name } } } }'

/** Codes of the errors that an operation over a socket ends with; none when it has an answer. */
async function codesOver(raw: RawSocket, id: string, query: string): Promise<unknown[]> {
  raw.send({ type: 'subscribe', id, payload: { query } })
  const { type, payload } = await raw.next()
  if (type === 'error') {
    return (payload as { extensions: { code: unknown } }[]).map(({ extensions }) => extensions.code)
  }
  assert.equal(type, 'next')
  assert.equal((await raw.next()).type, 'complete')
  return []
}

describe('limits of audiences', () => {
  let world: GraphWorld
  let admin: Graph
  before(async () => {
    world = await startGraphWorld({
      config: {
        facade: {
          limits: { socketsPerUser: 2 },
          graphql: {
            maxCost: 100,
            limits: {
              byGroup: {
                'system:authenticated': { cost: 60 },
                'system:unauthenticated': { depth: 1 },
              },
              byRole: { 'platform-admin': { cost: 200 }, 'platform-regular': { depth: 3 } },
              byUser: { ben: { depth: 4, subscriptions: 1 } },
            },
          },
        },
      },
    })
    admin = await world.graph('admin')
    const rest = await world.as('admin')
    for (const name of ['ann', 'ben']) {
      const { status, text } = await rest.post(`${IAM}/users`, account(name, 'platform-regular'))
      assert.equal(status, 200, text)
    }
    await world.settled()
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('are those of the role where the role has any, else of the group, else of all', async () => {
    const ann = await world.graph('ann')
    assert.deepEqual(await admin.codes(page(199)), [])
    assert.deepEqual(await admin.codes(page(200)), ['COST_LIMIT'])
    assert.deepEqual(await ann.codes(page(59)), [])
    assert.deepEqual(await ann.codes(page(60)), ['COST_LIMIT'])
    assert.deepEqual(await admin.codes(deep), [])
    assert.deepEqual(await ann.codes(deep), ['DEPTH_LIMIT'])
  })

  it('of a user go before those of the role', async () => {
    const ben = await world.graph('ben')
    assert.deepEqual(await ben.codes(deep), [])
    assert.deepEqual(await ben.codes(page(60)), ['COST_LIMIT'], 'and nothing is said of its cost')
  })

  it('follow the role as it is now', async () => {
    const cas = 'cas'
    const rest = await world.as('admin')
    await rest.post(`${IAM}/users`, account(cas, 'platform-regular'))
    const graph = await world.graph(cas)
    assert.deepEqual(await graph.codes(deep), ['DEPTH_LIMIT'])
    const changed =
      'mutation { updateUser(input: { name: "cas", globalRole: "platform-self-provisioner" }) { user { name } } }'
    await admin.data(changed)
    await world.settled()
    for (const ends = performance.now() + 60_000; (await graph.codes(deep)).length > 0;) {
      assert.ok(performance.now() < ends, 'the role has no such limit')
    }
  })

  it('are smaller for who is not logged in', async () => {
    const { status, body } = await ask(`${world.url}/graphql`, deep)
    assert.equal(status, 400)
    assert.deepEqual(
      body.errors?.map(({ extensions }) => extensions['code']),
      ['DEPTH_LIMIT'],
    )
  })

  it('hold on sockets, too', async () => {
    await using ann = await openedSocket(`${world.url}/graphql`, await world.login('ann'))
    assert.deepEqual(await codesOver(ann, '1', page(60)), ['COST_LIMIT'])
    assert.deepEqual(await codesOver(ann, '2', deep), ['DEPTH_LIMIT'])
    assert.deepEqual(await codesOver(ann, '3', page(59)), [])
    await using ben = await openedSocket(`${world.url}/graphql`, await world.login('ben'))
    const live = { query: 'subscription { schemaChanged { kinds } }' }
    ben.send({ type: 'subscribe', id: '1', payload: live })
    assert.equal((await ben.next()).type, 'next')
    ben.send({ type: 'subscribe', id: '2', payload: live })
    const { type, id, payload } = await ben.next()
    assert.deepEqual([type, id], ['error', '2'])
    assert.match(JSON.stringify(payload), /TOO_MANY_REQUESTS/)
  })

  it('bound the sockets of a user: one more is closed with 4429 until another is gone', async () => {
    const url = `${world.url}/graphql`
    const token = await world.login('ann')
    const others = await openedSocket(url, await world.login('ben'))
    await using first = await openedSocket(url, token)
    const second = await openedSocket(url, token)
    const init = { type: 'connection_init', payload: { authorization: `Bearer ${token}` } }
    await using third = await rawSocket(url)
    third.send(init)
    assert.deepEqual(await third.closed, { code: 4429, reason: 'at most 2 sockets at a time' })
    assert.equal(first.socket.readyState, first.socket.OPEN)
    await others[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
    // The server hears of the end a moment after the client.
    for (const ends = performance.now() + 60_000; ;) {
      await using raw = await rawSocket(url)
      raw.send(init)
      const said = await Promise.race([raw.next().catch(() => undefined), raw.closed])
      if (said && 'type' in said && said.type === 'connection_ack') break
      assert.ok(performance.now() < ends, 'there is room again')
    }
  })
})
