import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { createMemoryCache } from '../../gateway/domain/identity/token-cache.ts'
import { decodeSegment } from '../../gateway/domain/identity/base64.ts'
import { formatDuration, parseDuration } from '../../gateway/lib/go-duration.ts'
import {
  ORIGIN,
  PASSWORD,
  SECRET,
  START,
  startIdentity,
  user,
  type TestIdentity,
} from './cluster.ts'

const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signed by hand, so that any header and claims can be tried. */
function forge(
  claims: object,
  header: object = { alg: 'HS256', typ: 'JWT' },
  secret = SECRET,
): string {
  const body = `${b64(header)}.${b64(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

const seconds = START / 1000
const good = {
  sub: 'eve',
  username: 'eve',
  iat: seconds,
  exp: seconds + 60,
  token_type: 'access_token',
}

async function login({ identity }: TestIdentity, name = 'eve', client = 'app1') {
  const found = await identity.client(client, `${client}-secret`)
  return identity.password(found, { username: name, password: PASSWORD, provider: '' }, ORIGIN)
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
}

describe('a token that is no good is refused in the words of the original', () => {
  const cases: [token: string, message: string][] = [
    ['not-a-token', 'token contains an invalid number of segments'],
    ['a.b.c.d', 'token contains an invalid number of segments'],
    ['a.b.c', 'illegal base64 data at input byte 0'],
    ['ab$d.b.c', 'illegal base64 data at input byte 2'],
    [`${b64('x')}.${b64('{}')}.`, "invalid character 'x' looking for beginning of value"],
    [`${b64('')}.${b64('{}')}.`, 'unexpected end of JSON input'],
    [forge(good, { typ: 'JWT' }), 'signing method (alg) is unspecified.'],
    [forge(good, { alg: 'XS256' }), 'signing method (alg) is unavailable.'],
    [forge(good, { alg: 'none' }), 'signing method none is invalid'],
    [forge(good, { alg: 'HS512' }), 'signing method HS512 is invalid'],
    [forge(good, { alg: 'RS256' }), 'key is of invalid type'],
    [forge(good, undefined, 'wrong'), 'signature is invalid'],
    [forge({ ...good, exp: seconds - 62.345 }), 'jwt: token is expired by 1m2.345s'],
    [forge({ ...good, exp: seconds }), 'jwt: token is expired by 0s'],
    [
      forge({ ...good, iat: seconds + 11 }),
      'jwt: token used before issued, iat:2026-03-01 12:00:11 +0000 UTC, now:2026-03-01 12:00:00 +0000 UTC',
    ],
    [forge(good), 'token not found in cache'],
    [
      forge({ ...good, token_type: 'refresh_token' }),
      'a token of type refresh_token is not accepted here',
    ],
    [forge({ ...good, token_type: '' }), 'a token of type unknown is not accepted here'],
    [forge({ ...good, username: 7 }), 'json: cannot unmarshal claim username'],
  ]
  for (const [token, message] of cases) {
    test(message, async () => {
      await using rig = await startIdentity()
      await assert.rejects(rig.identity.bearer(token), { code: 401, message })
    })
  }
})

test('claims stand in the order of the original, empty ones left out', async () => {
  await using rig = await startIdentity()
  const { access_token, refresh_token, ...rest } = await login(rig)
  assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 7200 })
  assert.deepEqual(Object.keys(claimsOf(access_token)), [
    'iss',
    'sub',
    'exp',
    'iat',
    'jti',
    'token_type',
    'username',
    'sid',
  ])
  assert.equal(access_token.split('.')[0], b64({ alg: 'HS256', typ: 'JWT' }))
  const { exp, iat, token_type } = claimsOf(refresh_token) as {
    exp: number
    iat: number
    token_type: string
  }
  assert.equal(exp - iat, 4 * 3600)
  assert.equal(token_type, 'refresh_token')
})

test('hole 47: two logins within a second give two tokens', async () => {
  await using rig = await startIdentity()
  const [one, two] = [await login(rig), await login(rig)]
  assert.notEqual(one.access_token, two.access_token)
  await rig.identity.logout(one.access_token)
  await assert.rejects(rig.identity.bearer(one.access_token), { code: 401 })
  assert.equal((await rig.identity.bearer(two.access_token)).name, 'eve')
})

test('holes 40 and 41: only access tokens are bearer tokens', async () => {
  await using rig = await startIdentity()
  const { access_token, refresh_token } = await login(rig)
  const eve = await rig.identity.bearer(access_token)
  assert.deepEqual(eve, { name: 'eve', uid: '', groups: ['system:authenticated'], extra: {} })
  await assert.rejects(rig.identity.bearer(refresh_token), { code: 401 })
  await assert.rejects(rig.identity.verify(refresh_token), { code: 401 })
  const location = await rig.identity.authorize(
    {
      responseType: 'code',
      clientId: 'app1',
      redirectUri: '',
      scope: 'openid',
      state: '',
      nonce: '',
      prompt: '',
      codeChallenge: '',
      codeChallengeMethod: '',
    },
    eve,
  )
  const code = new URL(location ?? '').searchParams.get('code') ?? ''
  assert.ok(code)
  await assert.rejects(rig.identity.bearer(code), { code: 401 })
})

test('hole 50: a static token is for service accounts of kubesphere.io only', async () => {
  await using rig = await startIdentity()
  const sub = 'kubesphere:serviceaccount:ns:robot'
  const forAdmin = { sub: 'eve', username: 'eve', iat: seconds, token_type: 'static_token' }
  await assert.rejects(rig.identity.bearer(forge(forAdmin)), {
    message: 'token not found in cache',
  })
  await assert.rejects(rig.identity.bearer(forge({ ...forAdmin, sub })), {
    message: 'ServiceAccount.kubesphere.io "" not found',
  })
  const robot = forge({ ...forAdmin, sub, username: sub, extra: { a: ['b'] } })
  await assert.rejects(rig.identity.bearer(robot), {
    message: 'ServiceAccount.kubesphere.io "robot" not found',
  })
  rig.cluster.put({ kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'ns' } })
  assert.deepEqual(await rig.identity.bearer(robot), {
    name: sub,
    uid: '',
    groups: [],
    extra: { a: ['b'] },
  })
})

describe('what ends a session', () => {
  const alive = async (rig: TestIdentity, token: string): Promise<boolean> =>
    rig.identity.bearer(token).then(
      () => true,
      () => false,
    )

  test('its time', async () => {
    await using rig = await startIdentity()
    const { access_token } = await login(rig)
    rig.clock.now += 2 * 3600_000 - 1
    assert.ok(await alive(rig, access_token))
    rig.clock.now += 1
    await assert.rejects(rig.identity.bearer(access_token), {
      message: 'jwt: token is expired by 0s',
    })
  })
  test('logout, of the refresh token too (hole 45), and of no other login', async () => {
    await using rig = await startIdentity()
    const [one, two] = [await login(rig), await login(rig)]
    const client = await rig.identity.client('app1', 'app1-secret')
    const renewed = await rig.identity.refresh(client, one.refresh_token)
    await rig.identity.logout(renewed.access_token)
    assert.ok(!(await alive(rig, one.access_token)))
    assert.ok(!(await alive(rig, renewed.access_token)))
    for (const { refresh_token } of [one, renewed]) {
      await assert.rejects(rig.identity.refresh(client, refresh_token), {
        code: 400,
        error: 'invalid_grant',
      })
    }
    assert.ok(await alive(rig, two.access_token))
  })
  test('hole 46: another password, but not its hashing', async () => {
    await using rig = await startIdentity()
    const first = await login(rig)
    rig.cluster.put(await user('eve', { password: 'plain-Text-1' }))
    assert.ok(!(await alive(rig, first.access_token)))
    rig.cluster.put(await user('eve'))
    const second = await login(rig)
    rig.cluster.put({ ...(await user('eve', { password: await rig.identity.hashPassword('x') })) })
    assert.ok(!(await alive(rig, second.access_token)))
  })
  test('the account being disabled, also after it is enabled again', async () => {
    await using rig = await startIdentity()
    const { access_token } = await login(rig)
    const is = await user('eve')
    rig.cluster.put({ ...is, status: { state: 'Disabled' } })
    await assert.rejects(rig.identity.bearer(access_token), { code: 401 })
    rig.cluster.put({ ...is, status: { state: 'Active' } })
    assert.ok(!(await alive(rig, access_token)))
  })
  test('the account being deleted, also after it is made again', async () => {
    await using rig = await startIdentity()
    const { access_token } = await login(rig)
    const is = await user('eve')
    rig.cluster.remove(is)
    assert.ok(!(await alive(rig, access_token)))
    rig.cluster.put(is)
    assert.ok(!(await alive(rig, access_token)))
  })
  test('the next login, where only one is allowed; names that look alike are not touched (hole 48)', async () => {
    await using rig = await startIdentity({ authentication: { multipleLogin: false } })
    for (const name of ['axb', 'a.b']) rig.cluster.put(await user(name))
    const axb = await login(rig, 'axb')
    const one = await login(rig, 'a.b')
    assert.ok(await alive(rig, axb.access_token))
    const two = await login(rig, 'a.b')
    assert.ok(!(await alive(rig, one.access_token)))
    assert.ok(await alive(rig, two.access_token))
  })
  test('nothing else: a locked account keeps its sessions', async () => {
    await using rig = await startIdentity()
    const is = await user('eve')
    rig.cluster.put(is)
    const { access_token } = await login(rig)
    rig.cluster.put({ ...is, status: { state: 'AuthLimitExceeded' } })
    assert.ok(await alive(rig, access_token))
  })
})

describe('hole 49: accounts are looked at whatever the role of the cluster', () => {
  for (const clusterRole of ['', 'member', 'host']) {
    test(`role "${clusterRole}"`, async () => {
      await using rig = await startIdentity({ multicluster: { clusterRole } })
      const [eve, mallory] = [await login(rig, 'eve'), await login(rig, 'mallory')]
      rig.cluster.put(await user('eve', { state: 'Disabled' }))
      rig.cluster.remove(await user('mallory'))
      await assert.rejects(rig.identity.bearer(eve.access_token), { code: 401 })
      await assert.rejects(rig.identity.bearer(mallory.access_token), { code: 401 })
    })
  }
  test('a member accepts the accounts of its host, which it does not know', async () => {
    await using rig = await startIdentity({
      multicluster: { clusterRole: 'member' },
      authentication: { issuer: { accessTokenMaxAgeMs: 0 } },
    })
    rig.cluster.missing.add('users')
    assert.equal(
      (await rig.identity.bearer(forge({ ...good, username: 'from-host' }))).name,
      'from-host',
    )
  })
})

describe('the cache in memory', () => {
  test('forgets what is expired and never holds more than its bound', async () => {
    let now = 0
    await using cache = createMemoryCache({ now: () => now, capacity: 3 })
    for (const token of ['a', 'b', 'c', 'd']) await cache.add('u', token, 1000)
    assert.deepEqual(await cache.tokens('u'), ['b', 'c', 'd'])
    now = 1000
    assert.equal(await cache.has('u', 'd'), false)
    now = 61_000
    await cache.add('v', 'x', 1000)
    assert.deepEqual(await cache.tokens('u'), [])
  })
  test('gives a token to one taker only', async () => {
    await using cache = createMemoryCache({ now: () => 0 })
    await cache.add('u', 'code', 1000)
    const taken = await Promise.all([cache.take('u', 'code'), cache.take('u', 'code')])
    assert.deepEqual(taken.filter(Boolean).length, 1)
  })
})

test('base64 errors count bytes as Go counts them', () => {
  const cases: [string, number | string][] = [
    ['', ''],
    ['YQ', 'a'],
    ['YWI', 'ab'],
    ['YW\nI', 'ab'],
    ['a', 0],
    ['YWJja', 4],
    ['Y=', 1],
    ['YWé', 2],
  ]
  for (const [text, wanted] of cases) {
    const decoded = decodeSegment(text)
    assert.equal('bytes' in decoded ? decoded.bytes.toString() : decoded.badByte, wanted, text)
  }
})

test('durations are read and written as Go does', () => {
  const cases: [string, number][] = [
    ['0s', 0],
    ['2h0m0s', 7_200_000],
    ['10m0s', 600_000],
    ['1m2.345s', 62_345],
    ['1.5s', 1500],
    ['20ms', 20],
    ['-3s', -3000],
    ['1.5ms', 1.5],
    ['2µs', 0.002],
  ]
  for (const [text, milliseconds] of cases) {
    assert.equal(formatDuration(milliseconds), text)
    assert.equal(parseDuration(text), milliseconds)
  }
  for (const bad of ['', '1', 'h', '1 h', '1d', '--1s', '1h-2m'])
    assert.equal(parseDuration(bad), undefined)
  assert.equal(parseDuration('0'), 0)
  assert.equal(parseDuration('.5h'), 1_800_000)
})
