import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Redis } from 'ioredis'
import { startRedis } from '../env/redis.ts'
import {
  createTestCluster,
  ORIGIN,
  PASSWORD,
  startIdentity,
  user,
  type TestIdentity,
} from './cluster.ts'

async function login({ identity }: TestIdentity, username = 'eve') {
  const client = await identity.client('app1', 'app1-secret')
  return identity.password(client, { username, password: PASSWORD, provider: '' }, ORIGIN)
}

describe('sessions in Redis', { concurrency: false }, () => {
  test('stand under the keys of the original, with their time to live', async () => {
    await using redis = await startRedis()
    await using rig = await startIdentity({
      cache: { type: 'redis', options: { host: '127.0.0.1', port: redis.port } },
    })
    const { access_token } = await login(rig)
    const client = new Redis(redis.port, '127.0.0.1')
    const key = `kubesphere:user:eve:token:${access_token}`
    assert.equal(await client.get(key), access_token)
    const ttl = await client.pttl(key)
    assert.ok(ttl > 7_190_000 && ttl <= 7_200_000, `${ttl}`)
    client.disconnect()
  })

  test('two replicas agree about a login, a logout and a user with no sessions left', async () => {
    await using redis = await startRedis()
    const cache = { type: 'redis', options: { host: '127.0.0.1', port: String(redis.port) } }
    const cluster = createTestCluster()
    await using one = await startIdentity({ cache }, cluster)
    await using two = await startIdentity({ cache }, cluster)
    const first = await login(one)
    assert.equal((await two.identity.bearer(first.access_token)).name, 'eve')
    await two.identity.logout(first.access_token)
    await assert.rejects(one.identity.bearer(first.access_token), {
      code: 401,
      message: 'token not found in cache',
    })
    const second = await login(one)
    await two.identity.revokeUser('eve')
    await assert.rejects(one.identity.bearer(second.access_token), { code: 401 })
  })

  test('hole 48: signs that Redis reads as wildcards are taken literally', async () => {
    await using redis = await startRedis()
    await using rig = await startIdentity({
      cache: { type: 'redis', options: { host: '127.0.0.1', port: redis.port } },
    })
    for (const name of ['axb', 'a*b', 'a?b', 'a[x]b']) rig.cluster.put(await user(name))
    const { access_token } = await login(rig, 'axb')
    for (const name of ['a*b', 'a?b', 'a[x]b', '*', 'a\\xb']) await rig.identity.revokeUser(name)
    assert.equal((await rig.identity.bearer(access_token)).name, 'axb')
  })

  test('while Redis is down the answer is 503, not 401, and it recovers by itself', async () => {
    await using redis = await startRedis()
    await using rig = await startIdentity({
      cache: { type: 'redis', options: { host: '127.0.0.1', port: redis.port } },
    })
    const { access_token } = await login(rig)
    await redis.stop()
    await assert.rejects(rig.identity.bearer(access_token), { code: 503 })
    await assert.rejects(login(rig), { code: 503 })
    await redis.start()
    const again = await retry(() => login(rig))
    assert.equal((await rig.identity.bearer(again.access_token)).name, 'eve')
    await assert.rejects(rig.identity.bearer(access_token), { code: 401 })
  })

  test('a Redis that does not answer at start is a clear error', async () => {
    await assert.rejects(
      startIdentity({ cache: { type: 'redis', options: { host: '127.0.0.1', port: 1 } } }),
      {
        name: 'ConfigError',
        message: 'cache: redis at 127.0.0.1:1 does not answer',
      },
    )
  })
})

/** Until it works; the client reconnects within a second. */
async function retry<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
