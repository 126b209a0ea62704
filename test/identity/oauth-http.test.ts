import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { pino } from 'pino'
import type { App } from '../../gateway/context/app.ts'
import { createAuthenticator } from '../../gateway/context/index.ts'
import { createAuthorizer } from '../../gateway/domain/access/index.ts'
import { createMetrics } from '../../gateway/telemetry/index.ts'
import { createRestHandler } from '../../rest-compat/index.ts'
import { oauthRoutes } from '../../rest-compat/routes/oauth/index.ts'
import { silentRego } from '../rego/support.ts'
import { oauthClient, PASSWORD, startIdentity, type TestIdentity } from './cluster.ts'

let rig: TestIdentity & AsyncDisposable
let url = ''
const ends = new AsyncDisposableStack()

before(async () => {
  rig = ends.use(await startIdentity())
  const log = pino({ level: 'silent' })
  const { host } = rig.cluster
  const app = {
    config: rig.config,
    log,
    metrics: ends.use(createMetrics()),
    now: () => rig.clock.now,
    clusters: { host },
    identity: rig.identity,
    authorizer: await createAuthorizer({ mode: 'RBAC', host, rego: ends.use(silentRego()), log }),
    authenticator: createAuthenticator({ identity: rig.identity }),
  } as unknown as App
  const rest = ends.use(createRestHandler(app, oauthRoutes))
  const server = createServer((req, res) => void rest.handle(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  ends.defer(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
})
after(() => ends.disposeAsync())

interface Answer {
  status: number
  headers: Headers
  text: string
  json: Record<string, unknown>
}

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url + path, { redirect: 'manual', ...init })
  const text = await response.text()
  let json: Record<string, unknown> = {}
  try {
    json = JSON.parse(text) as Record<string, unknown>
  } catch {
    // Not every answer is JSON.
  }
  return { status: response.status, headers: response.headers, text, json }
}

function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  return call(path, { method: 'POST', body: new URLSearchParams(form), headers })
}

const app1 = { client_id: 'app1', client_secret: 'app1-secret' }

async function login() {
  const { json } = await post('/oauth/token', {
    grant_type: 'password',
    username: 'eve',
    password: PASSWORD,
    ...app1,
  })
  return { access: String(json.access_token), refresh: String(json.refresh_token) }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('the token endpoint', () => {
  test('answers in the keys of the original and is never stored', async () => {
    const form = { grant_type: 'password', username: 'eve', password: PASSWORD, ...app1 }
    const { status, headers, json, text } = await post('/oauth/token', form)
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'application/json')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('pragma'), 'no-cache')
    assert.deepEqual(Object.keys(json), [
      'access_token',
      'token_type',
      'refresh_token',
      'expires_in',
    ])
    assert.match(text, /^\{\n "access_token"/)
  })

  test('refuses in the order client, secret, grant', async () => {
    const cases: [Record<string, string>, number, string][] = [
      [{}, 400, 'invalid_client'],
      [{ client_id: 'nope' }, 400, 'invalid_client'],
      [{ client_id: 'app1', client_secret: 'x' }, 401, 'unauthorized_client'],
      [app1, 400, 'unsupported_grant_type'],
      [{ ...app1, grant_type: 'otp' }, 400, 'unsupported_grant_type'],
      [{ ...app1, grant_type: 'password' }, 400, 'invalid_grant'],
      [{ ...app1, grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant'],
      [{ ...app1, grant_type: 'code' }, 400, 'invalid_request'],
    ]
    for (const [form, code, error] of cases) {
      const answer = await post('/oauth/token', form)
      assert.deepEqual([answer.status, answer.json.error], [code, error], JSON.stringify(form))
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      assert.equal(answer.headers.get('www-authenticate'), null)
    }
  })

  test('knows no client by a secret that it does not have', async () => {
    rig.cluster.put(oauthClient('open', { secret: '' }))
    for (const secret of ['', 'open-secret']) {
      const form = { client_id: 'open', client_secret: secret, grant_type: 'refresh_token' }
      const { status, json } = await post('/oauth/token', form)
      assert.deepEqual([status, json.error], [401, 'unauthorized_client'])
    }
  })

  test('reads the form only, and only a form', async () => {
    const query = new URLSearchParams({
      grant_type: 'password',
      username: 'eve',
      password: PASSWORD,
      ...app1,
    })
    const ignored = await post(`/oauth/token?${query.toString()}`, {})
    assert.equal(ignored.json.error, 'invalid_client')
    const json = await call('/oauth/token', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    assert.deepEqual([json.status, json.text], [415, '415: Unsupported Media Type'])
    const charset = 'application/x-www-form-urlencoded; charset=utf-8'
    const fine = await call('/oauth/token', {
      method: 'POST',
      body: query.toString(),
      headers: { 'content-type': charset },
    })
    assert.equal(fine.status, 200)
  })

  test('renews for the console, which sends the refresh token as bearer too; any other bad bearer is 401 first', async () => {
    const { access, refresh } = await login()
    const form = { grant_type: 'refresh_token', refresh_token: refresh, ...app1 }
    assert.equal((await post('/oauth/token', form, bearer(refresh))).status, 200)
    assert.equal((await post('/oauth/token', form, bearer(access))).status, 200)
    const stale = await post('/oauth/token', form, bearer('x.y.z'))
    assert.deepEqual([stale.status, stale.json.reason], [401, 'Unauthorized'])
  })
})

describe('logout', () => {
  test('ends the login and says so', async () => {
    const { access, refresh } = await login()
    const done = await call('/oauth/logout', { headers: bearer(access) })
    assert.deepEqual([done.status, done.json], [200, { message: 'success' }])
    assert.equal((await call('/oauth/userinfo', { headers: bearer(access) })).status, 401)
    const form = { grant_type: 'refresh_token', refresh_token: refresh, ...app1 }
    assert.equal((await post('/oauth/token', form)).status, 400)
  })
  test('hole 44: redirects to registered URIs with a bearer token only', async () => {
    const registered = encodeURIComponent('https://app1.example/cb?keep=1')
    const path = (uri: string) => `/oauth/logout?state=s&post_logout_redirect_uri=${uri}`
    const first = await login()
    const there = await call(path(registered), { headers: bearer(first.access) })
    assert.deepEqual(
      [there.status, there.headers.get('location'), there.text],
      [302, 'https://app1.example/cb?keep=1&state=s', ''],
    )
    const second = await login()
    const evil = await call(path('javascript:alert(1)'), { headers: bearer(second.access) })
    assert.deepEqual([evil.status, evil.headers.get('location')], [400, null])
    assert.equal((await call('/oauth/userinfo', { headers: bearer(second.access) })).status, 401)
    assert.deepEqual((await call(path('https://evil.example'))).json, { message: 'success' })
  })
})

describe('the OpenID routes', () => {
  test('userinfo tells who one is; nobody gets a bare string', async () => {
    const { access } = await login()
    const { json } = await call('/oauth/userinfo', { headers: bearer(access) })
    assert.deepEqual(json, {
      sub: 'eve',
      url: 'eve',
      email: 'eve@example.com',
      locale: 'en',
      preferred_username: 'eve',
    })
    const nobody = await call('/oauth/userinfo')
    assert.deepEqual([nobody.status, nobody.text], [401, '"login_required"'])
  })
  test('keys and discovery are public', async () => {
    const { json } = await call('/oauth/keys')
    const [key] = json.keys as Record<string, string>[]
    assert.deepEqual(Object.keys(key ?? {}), ['use', 'kty', 'kid', 'alg', 'n', 'e'])
    const discovery = await call('/.well-known/openid-configuration', {
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(discovery.json.issuer, 'https://console.example')
  })
  test('authorize redirects GET with a link and POST without a body', async () => {
    const params = { response_type: 'code', client_id: 'app1', scope: 'openid', state: 's' }
    const headers = bearer((await login()).access)
    const get = await call(`/oauth/authorize?${new URLSearchParams(params).toString()}`, {
      headers,
    })
    assert.equal(get.status, 302)
    assert.match(
      get.text,
      /^<a href="https:\/\/app1\.example\/cb\?code=[\w.-]+&amp;keep=1&amp;state=s">Found<\/a>\.\n\n$/,
    )
    const posted = await post('/oauth/authorize', params, headers)
    assert.deepEqual([posted.status, posted.text], [302, ''])
    const refused = await call('/oauth/authorize?client_id=nope')
    assert.deepEqual([refused.status, refused.json.error], [400, 'invalid_client'])
  })
  test('a callback of an unknown provider is a 401 in plain text', async () => {
    const { status, text } = await call('/oauth/callback/gh?code=c')
    assert.deepEqual(
      [status, text],
      [
        401,
        'Unauthorized: failed to get identity provider configuration for gh, error: the Identity provider was not found\n',
      ],
    )
  })
  test('hole 40: a token review accepts access tokens and says why it does not', async () => {
    const { access, refresh } = await login()
    const review = (token: unknown) =>
      call('/oauth/authenticate', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          spec: { token },
        }),
      })
    assert.deepEqual((await review(access)).json, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      status: { authenticated: true, user: { uid: '', username: 'eve' } },
    })
    assert.equal((await review(refresh)).status, 400)
    assert.equal((await review('x')).text, 'token contains an invalid number of segments\n')
    assert.equal((await review('')).text, 'token must not be null\n')
  })
})

/** `fetch` would tidy the path. */
async function raw(path: string): Promise<number> {
  const sent = request(url, { path })
  sent.end()
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage]
  response.resume()
  return response.statusCode ?? 0
}

test('holes 60 and 64: odd paths get an answer, anonymously', async () => {
  const paths = [
    '/clusters/x/api',
    '/clusters/x/api/v1',
    '/clusters/x/kapi',
    '/api/clusters/x/v1',
    '/clusters//apis',
    '/kapis/g/v1/namespaces/a/../b/foos',
    '/kapis/g/v1/namespaces/a/%2e%2e/b/foos',
    '/oauth/../kapis',
  ]
  for (const path of paths) assert.equal(await raw(path), 400, path)
  assert.equal((await call('/kapis/iam.kubesphere.io/v1beta1/users')).status, 403)
})
