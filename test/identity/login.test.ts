import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, test } from 'node:test'
import { hash } from '@node-rs/bcrypt'
import { createPasswords } from '../../gateway/domain/identity/passwords.ts'
import { createAuthenticator, denial, alwaysAllowed } from '../../gateway/context/index.ts'
import { attributes } from '../../gateway/domain/operation.ts'
import { ORIGIN, PASSWORD, startIdentity, user, type TestIdentity } from './cluster.ts'

async function grant(rig: TestIdentity, username: string, password: string, provider = '') {
  const client = await rig.identity.client('app1', 'app1-secret')
  return rig.identity.password(client, { username, password, provider }, ORIGIN)
}

/** Name of the OAuth error and its text, or `ok`. */
async function outcome(rig: TestIdentity, username: string, password = PASSWORD, provider = '') {
  try {
    await grant(rig, username, password, provider)
    return 'ok'
  } catch (error) {
    const { code, error: name, message } = error as { code: number; error: string; message: string }
    return `${code} ${name}: ${message}`
  }
}

const WRONG = '400 invalid_grant: Invalid username or password.'

describe('the password grant', () => {
  test('takes name or e-mail, and tells nothing about accounts to whom does not know the password', async () => {
    await using rig = await startIdentity()
    rig.cluster.put(await user('locked', { state: 'AuthLimitExceeded' }))
    rig.cluster.put(await user('fresh', { state: '' }))
    rig.cluster.put({ ...(await user('bare')), spec: { email: 'bare@example.com' } })
    const cases: [name: string, password: string, wanted: string][] = [
      ['eve', PASSWORD, 'ok'],
      ['eve@example.com', PASSWORD, 'ok'],
      ['EVE@example.com', PASSWORD, WRONG],
      ['eve', 'wrong', WRONG],
      ['eve', '', WRONG],
      ['', PASSWORD, WRONG],
      ['ghost', PASSWORD, WRONG],
      ['bare', '', WRONG],
      ['dave', 'wrong', WRONG],
      ['dave', PASSWORD, '400 invalid_grant: Account suspended.'],
      ['fresh', 'wrong', WRONG],
      ['fresh', PASSWORD, '400 invalid_grant: Account suspended.'],
      ['locked', PASSWORD, '429 invalid_grant: Rate limit exceeded.'],
      ['locked', 'wrong', '429 invalid_grant: Rate limit exceeded.'],
    ]
    for (const [name, password, wanted] of cases) {
      assert.equal(await outcome(rig, name, password), wanted, `${name} ${password}`)
    }
  })

  test('leaves login records of whom it knows', async () => {
    await using rig = await startIdentity()
    await outcome(rig, 'eve')
    await outcome(rig, 'eve', 'wrong')
    await outcome(rig, 'ghost', 'wrong')
    await outcome(rig, 'dave')
    await rig.identity[Symbol.asyncDispose]()
    const base = { type: 'Token', provider: '', ...ORIGIN }
    assert.deepEqual(
      rig.cluster.created.map(({ metadata, spec }) => ({ metadata, spec })),
      [
        { spec: { ...base, success: true, reason: 'authenticated successfully' } },
        { spec: { ...base, success: false, reason: 'incorrect password' } },
      ].map(({ spec }) => ({
        metadata: { generateName: 'eve-', labels: { 'iam.kubesphere.io/user-ref': 'eve' } },
        spec,
      })),
    )
  })

  test('needs a trusted client, the right secret, and a provider that exists', async () => {
    await using rig = await startIdentity()
    const { oauthClient } = await import('./cluster.ts')
    rig.cluster.put(oauthClient('app1', { trusted: false }))
    assert.equal(
      await outcome(rig, 'eve'),
      '400 unsupported_grant_type: The provided grant_type is not supported.',
    )
    rig.cluster.put(oauthClient('app1'))
    assert.match(await outcome(rig, 'eve', PASSWORD, 'ldap'), /^500 server_error/)
    await assert.rejects(rig.identity.client('app1', 'nope'), {
      code: 401,
      error: 'unauthorized_client',
    })
    await assert.rejects(rig.identity.client('app9', ''), { code: 400, error: 'invalid_client' })
  })

  test('marks the first login of an account that is not set up', async () => {
    await using rig = await startIdentity()
    rig.cluster.put(
      await user('new', { annotations: { 'iam.kubesphere.io/uninitialized': 'true' } }),
    )
    const { access_token } = await grant(rig, 'new', PASSWORD)
    const claims = await rig.identity.verify(access_token)
    assert.deepEqual(claims.extra, { uninitialized: ['true'] })
  })
})

describe('who asks', () => {
  async function asked(rig: TestIdentity, authorization?: string, url = '/version') {
    const authenticator = createAuthenticator({ identity: rig.identity })
    const headers = authorization === undefined ? {} : { authorization }
    try {
      const { name, groups } = await authenticator.authenticate({
        method: 'GET',
        url,
        headers,
        remoteAddress: '192.0.2.1',
      })
      return `${name} ${groups.join(',')}`
    } catch (error) {
      const { code, message } = error as { code: number; message: string }
      return `${code} ${message}`
    }
  }
  const basic = (login: string, password: string) =>
    `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`

  test('is decided by the Authorization header, in the words of the original', async () => {
    await using rig = await startIdentity()
    rig.cluster.put(await user('grouped', { groups: ['g'] }))
    rig.cluster.put(await user('locked', { state: 'AuthLimitExceeded' }))
    const { access_token: token } = await grant(rig, 'eve', PASSWORD)
    const anonymous = 'system:anonymous system:unauthenticated'
    const nothing = '401 The request cannot be authenticated.'
    const cases: [string | undefined, string][] = [
      [undefined, anonymous],
      ['', anonymous],
      ['  ', anonymous],
      [basic('eve', PASSWORD), 'eve system:authenticated'],
      [basic('grouped', PASSWORD).replace('Basic', 'bAsIc'), 'grouped g,system:authenticated'],
      [basic('eve', 'wrong'), '401 incorrect password'],
      [basic('ghost', PASSWORD), '401 incorrect password'],
      [basic('', ''), '401 incorrect password'],
      [basic('dave', PASSWORD), '401 account is not active'],
      [basic('dave', 'wrong'), '401 incorrect password'],
      [basic('locked', PASSWORD), '401 auth rate limit exceeded'],
      ['Basic !!!!', nothing],
      [`Basic ${Buffer.from('nocolon').toString('base64')}`, nothing],
      ['Token x', nothing],
      ['Digest username=x', nothing],
      ['Bearer', nothing],
      [`Bearer  ${token}`, nothing],
      [`Bearer ${token}`, 'eve system:authenticated'],
      [`bearer ${token} extra`, 'eve system:authenticated'],
      ['bearer x', '401 token contains an invalid number of segments'],
    ]
    for (const [header, wanted] of cases)
      assert.equal(await asked(rig, header), wanted, String(header))
  })

  test('a refresh token in the header passes where the console renews its session, nowhere else', async () => {
    await using rig = await startIdentity()
    const { refresh_token } = await grant(rig, 'eve', PASSWORD)
    const header = `Bearer ${refresh_token}`
    assert.equal(await asked(rig, header, '/oauth/token'), 'eve system:authenticated')
    for (const url of ['/oauth/userinfo', '/oauth/token/', '/clusters/c/oauth/token', '/version']) {
      assert.match(await asked(rig, header, url), /^401 /, url)
    }
  })

  test('Basic leaves a login record of type Password for a wrong one alone', async () => {
    await using rig = await startIdentity()
    await asked(rig, basic('eve', PASSWORD))
    await asked(rig, basic('eve', 'wrong'))
    await rig.identity[Symbol.asyncDispose]()
    assert.deepEqual(
      rig.cluster.created.map(({ spec }) => spec),
      [
        {
          type: 'Password',
          provider: '',
          sourceIP: '192.0.2.1',
          success: false,
          reason: 'incorrect password',
        },
      ],
    )
  })
})

describe('passwords', () => {
  test('compare with every bcrypt prefix in use, and with nothing else', async () => {
    await using passwords = createPasswords()
    const stored = await passwords.hash('secret')
    assert.match(stored, /^\$2[aby]\$10\$/)
    for (const prefix of ['$2a$', '$2b$', '$2y$']) {
      assert.ok(await passwords.compare(prefix + stored.slice(4), 'secret'), prefix)
    }
    assert.ok(!(await passwords.compare(stored, 'Secret')))
    for (const bad of [undefined, '', 'secret', '$2b$10$short', stored.replace('$10$', '$31$')]) {
      assert.ok(!(await passwords.compare(bad, 'secret')), String(bad))
    }
  })

  test('are compared beside the event loop, which turns on while a hundred people log in', async (t) => {
    await using rig = await startIdentity()
    rig.cluster.put(await user('eve', { password: await hash(PASSWORD, 8) }))
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const logins = Array.from({ length: 100 }, () => grant(rig, 'eve', PASSWORD))
    let done = 0
    for (const login of logins) void login.then(() => done++)
    // Were the work done in the loop's own thread, all of a turn's logins would be over before the next turn.
    let turnsWithout = 0
    let most = 0
    while (done < logins.length) {
      const before = done
      await new Promise((resolve) => setTimeout(resolve, 1))
      most = Math.max(most, done - before)
      if (done === before) turnsWithout++
    }
    delay.disable()
    await Promise.all(logins)
    t.diagnostic(`event loop delay: p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`)
    assert.ok(turnsWithout > 100, `only ${turnsWithout} turns passed without a login`)
    assert.ok(most < logins.length / 2, `${most} logins ended in one turn`)
  })

  test('an unknown account costs what a known one costs', async () => {
    await using passwords = createPasswords()
    const stored = await passwords.hash('secret')
    // Of each the quickest of several, in turns: what else runs on the machine only ever adds.
    let [known, unknown] = [Infinity, Infinity]
    const time = async (of: string | undefined) => {
      const start = performance.now()
      await passwords.compare(of, 'wrong')
      return performance.now() - start
    }
    for (let round = 0; round < 6; round++) {
      known = Math.min(known, await time(stored))
      unknown = Math.min(unknown, await time(undefined))
    }
    assert.ok(unknown > known / 3, `${unknown} ms against ${known} ms`)
  })
})

test('a refusal names who, what and where, as the original does', () => {
  const eve = { name: 'eve', uid: '', groups: [], extra: {} }
  const refused = (asked: Parameters<typeof attributes>[0], reason = '') =>
    denial(eve, attributes(asked), reason)
  const pods = { verb: 'get', resource: 'pods', name: 'web-0', subresource: 'log' }
  const error = refused({ ...pods, apiGroup: 'resources.kubesphere.io', namespace: 'alpha-prod' })
  assert.equal(
    error.message,
    'pods.resources.kubesphere.io "web-0" is forbidden: User "eve" cannot get resource "pods/log" in API group "resources.kubesphere.io" in the namespace "alpha-prod"',
  )
  assert.deepEqual(error.details, { name: 'web-0', group: 'resources.kubesphere.io', kind: 'pods' })
  const path = refused({ verb: 'GET', path: '/a<b>&c', resourceRequest: false, scope: '' })
  assert.equal(path.message, 'forbidden: User "eve" cannot GET path "/a&lt;b&gt;&amp;c"')
  assert.deepEqual(path.details, {})
  assert.equal(
    refused({ verb: 'list', resource: 'nodes', workspace: 'w' }, 'RBAC: x').message,
    'nodes is forbidden: User "eve" cannot list resource "nodes" in API group "" at the cluster scope: RBAC: x',
  )
})

test('the allow-list covers its paths and no others', () => {
  for (const path of [
    '/oauth/token',
    '/dist/a/b',
    '/version',
    '/metrics',
    '/livez',
    '/healthz',
    '/openapi/v2',
    '/openapi/v3',
    '/.well-known/openid-configuration',
  ]) {
    assert.ok(alwaysAllowed(path), path)
  }
  for (const path of [
    '/oauth',
    '/healthz/',
    '/healthz/ping',
    '/kapis/version',
    '/openapi/v3/x',
    '/static/x',
    '/proxy/x',
    '/',
    '/distx',
  ]) {
    assert.ok(!alwaysAllowed(path), path)
  }
})
