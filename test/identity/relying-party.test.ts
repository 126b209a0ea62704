import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import * as openid from 'openid-client'
import { startOpenIdProvider, type OpenIdProvider } from '../env/openid-provider.ts'
import { freePort } from '../env/redis.ts'
import { startSlapd, type Slapd } from '../env/slapd.ts'
import { account, eventually, IAM, startWorld, type World } from '../iam/world.ts'
import { oauthClient, providerSecret } from './cluster.ts'

/** Strangers of another make against the running server: a relying party, a directory, an OpenID provider. */

const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const USERS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }
const RETURN = 'https://shop.example/cb'
const CONSOLE = 'https://console.example/oauth/redirect'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signKey = privateKey.export({ type: 'pkcs1', format: 'pem' })

const ends = new AsyncDisposableStack()
let world: World
let slapd: Slapd
let upstream: OpenIdProvider

before(async () => {
  slapd = ends.use(await startSlapd([{ uid: 'Ann', password: 'ann-secret', mail: 'ann@x.org' }]))
  const redirect_uris = ['sso', 'invited'].map((name) => `${CONSOLE}/${name}`)
  upstream = ends.use(
    await startOpenIdProvider(
      [
        { sub: 'u-1', preferred_username: 'Bob', email: 'bob@x.org' },
        { sub: 'u-2', preferred_username: 'admin', email: 'mallory@x.org' },
        { sub: 'u-3', preferred_username: 'Cleo', email: 'cleo@x.org' },
      ],
      [{ client_id: 'ks', client_secret: 'ks-secret', redirect_uris }],
    ),
  )
  const insecurePort = await freePort()
  const url = `http://127.0.0.1:${insecurePort}`
  world = ends.use(
    await startWorld({
      config: {
        server: { insecurePort },
        authentication: { issuer: { url, signKeyData: Buffer.from(signKey).toString('base64') } },
      },
    }),
  )
  const secrets = [
    oauthClient('shop', { trusted: false, redirectURIs: [RETURN, 'https://shop.example/bye'] }),
    providerSecret('corp', 'LDAPIdentityProvider', {
      host: `127.0.0.1:${slapd.port}`,
      managerDN: slapd.managerDN,
      managerPassword: slapd.managerPassword,
      userSearchBase: slapd.base,
      loginAttribute: 'uid',
      mailAttribute: 'mail',
    }),
    ...['sso', 'invited'].map((name) =>
      providerSecret(
        name,
        'OIDCIdentityProvider',
        {
          issuer: upstream.issuer,
          clientID: 'ks',
          clientSecret: 'ks-secret',
          redirectURL: `${CONSOLE}/${name}`,
          getUserInfo: true,
        },
        { mappingMethod: name === 'sso' ? 'auto' : 'manual' },
      ),
    ),
  ]
  for (const secret of secrets) {
    await world.kube.create(
      SECRETS,
      { apiVersion: 'v1', ...secret },
      { namespace: 'kubesphere-system' },
    )
  }
  // The watch brings them in.
  await eventually(listed, (names) => names.length === 3)
})
after(() => ends.disposeAsync())

interface Listed {
  name: string
  provider: { endpoint?: Record<string, string> }
}

async function providers(): Promise<Listed[]> {
  const response = await fetch(`${world.url}/kapis/config.kubesphere.io/v1alpha2/configs/oauth`)
  return ((await response.json()) as { identityProviders: Listed[] }).identityProviders
}

async function listed(): Promise<string[]> {
  return (await providers()).map(({ name }) => name)
}

/** What a browser does at the authorization endpoint whose user the console has logged in: where it is sent. */
async function authorize(url: URL, token: string): Promise<URL> {
  const anonymous = await fetch(url, { redirect: 'manual' })
  assert.equal(anonymous.status, 302)
  assert.equal(anonymous.headers.get('location'), world.url, 'to the console, to log in')
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(url, { redirect: 'manual', headers })
  assert.equal(response.status, 302, await response.text())
  return new URL(response.headers.get('location') ?? '')
}

async function relyingParty(): Promise<openid.Configuration> {
  const options = { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] }
  const authentication = openid.ClientSecretPost('shop-secret')
  return openid.discovery(new URL(world.url), 'shop', {}, authentication, options)
}

describe('a strict relying party', () => {
  test('completes code with PKCE, ID token, user info, renewal and logout', async () => {
    const admin = await world.as('admin')
    assert.equal((await admin.post(`${IAM}/users`, account('customer'))).status, 200)
    await world.settled()
    const session = await world.login('customer')
    const config = await relyingParty()
    const verifier = openid.randomPKCECodeVerifier()
    const [state, nonce] = [openid.randomState(), openid.randomNonce()]
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: RETURN,
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const end = await authorize(url, session)
    const checks = {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    }
    const tokens = await openid.authorizationCodeGrant(config, end, checks)
    const claims = tokens.claims()
    assert.equal(claims?.sub, 'customer')
    assert.equal(claims?.email, 'customer@example.com')
    assert.equal(claims?.preferred_username, 'customer')
    await assert.rejects(
      openid.authorizationCodeGrant(config, end, checks),
      { error: 'invalid_grant' },
      'a code is good once',
    )
    const info = await openid.fetchUserInfo(config, tokens.access_token, 'customer')
    assert.equal(info.email, 'customer@example.com')
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    await openid.fetchUserInfo(config, renewed.access_token, 'customer')

    const metadata = { issuer: world.url, end_session_endpoint: `${world.url}/oauth/logout` }
    const leaver = new openid.Configuration(metadata, 'shop', {}, openid.None())
    openid.allowInsecureRequests(leaver)
    const leaving = openid.buildEndSessionUrl(leaver, {
      post_logout_redirect_uri: 'https://shop.example/bye',
      state: 'left',
    })
    const left = await openid.fetchProtectedResource(config, renewed.access_token, leaving, 'GET')
    assert.equal(left.status, 302)
    assert.equal(left.headers.get('location'), 'https://shop.example/bye?state=left')
    for (const { access_token } of [tokens, renewed]) {
      await assert.rejects(openid.fetchUserInfo(config, access_token, 'customer'))
    }
    await assert.rejects(openid.refreshTokenGrant(config, renewed.refresh_token ?? ''), {
      error: 'invalid_grant',
    })
    assert.equal((await world.withToken(session).get(`${IAM}/users/customer`)).status, 200)
  })

  test('logs out by the browser alone, with an ID token of the login', async () => {
    const admin = await world.as('admin')
    assert.equal((await admin.post(`${IAM}/users`, account('leaver'))).status, 200)
    await world.settled()
    const session = await world.login('leaver')
    const config = await relyingParty()
    const ask = openid.buildAuthorizationUrl(config, {
      redirect_uri: RETURN,
      scope: 'openid',
      state: 's',
    })
    const end = await authorize(ask, session)
    const tokens = await openid.authorizationCodeGrant(config, end, { expectedState: 's' })
    const metadata = { issuer: world.url, end_session_endpoint: `${world.url}/oauth/logout` }
    const leaver = new openid.Configuration(metadata, 'shop', {}, openid.None())
    openid.allowInsecureRequests(leaver)
    const leave = async (of: Record<string, string>) => {
      const { status, headers } = await fetch(openid.buildEndSessionUrl(leaver, of), {
        redirect: 'manual',
      })
      return [status, headers.get('location')]
    }
    const live = async () => {
      const { status } = await world.withToken(tokens.access_token).get('/oauth/userinfo')
      return status === 200
    }
    const [hint, bye] = [tokens.id_token ?? '', 'https://shop.example/bye']
    const forged = `${hint.slice(0, -8)}AAAAAAAA`
    for (const refused of [
      { id_token_hint: hint, post_logout_redirect_uri: 'https://evil.example/' },
      { id_token_hint: hint, post_logout_redirect_uri: bye, client_id: 'kubesphere' },
      { id_token_hint: forged, post_logout_redirect_uri: bye },
      { id_token_hint: tokens.access_token, post_logout_redirect_uri: bye },
    ]) {
      assert.deepEqual(await leave(refused), [400, null], JSON.stringify(refused))
    }
    assert.deepEqual(await leave({ post_logout_redirect_uri: bye }), [200, null])
    assert.ok(await live(), 'nothing has ended yet')
    assert.deepEqual(
      await leave({ id_token_hint: hint, post_logout_redirect_uri: bye, state: 'left' }),
      [302, `${bye}?state=left`],
    )
    assert.ok(!(await live()))
    await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token ?? ''), {
      error: 'invalid_grant',
    })
    assert.equal((await world.withToken(session).get(`${IAM}/users/leaver`)).status, 200)
    assert.deepEqual(await leave({ id_token_hint: hint }), [200, null], 'twice is fine')
  })

  test('gets nothing with another verifier, another secret, or for a URI that is not its own', async () => {
    const session = await world.login('admin')
    const config = await relyingParty()
    const ask = async (redirect_uri: string) =>
      openid.buildAuthorizationUrl(config, {
        redirect_uri,
        scope: 'openid',
        state: 's',
        code_challenge: await openid.calculatePKCECodeChallenge('a'.repeat(43)),
        code_challenge_method: 'S256',
      })
    const end = await authorize(await ask(RETURN), session)
    await assert.rejects(
      openid.authorizationCodeGrant(config, end, {
        pkceCodeVerifier: 'b'.repeat(43),
        expectedState: 's',
      }),
      { error: 'invalid_grant' },
    )
    const elsewhere = await fetch(await ask('https://evil.example/cb'), { redirect: 'manual' })
    assert.deepEqual([elsewhere.status, elsewhere.headers.get('location')], [400, null])
    const stranger = new openid.Configuration(
      config.serverMetadata(),
      'shop',
      {},
      openid.ClientSecretPost('guess'),
    )
    openid.allowInsecureRequests(stranger)
    await assert.rejects(openid.refreshTokenGrant(stranger, 'x'), { error: 'unauthorized_client' })
  })
})

async function byDirectory(username: string, password: string) {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'kubesphere',
    client_secret: 'kubesphere',
    provider: 'corp',
    username,
    password,
  })
  const response = await fetch(`${world.url}/oauth/token`, { method: 'POST', body })
  return { status: response.status, json: (await response.json()) as Record<string, string> }
}

/** From the login page's link to the provider's answer at the callback, as the console carries it. */
async function byProvider(name: string, sub: string) {
  const found = (await providers()).find((one) => one.name === name)
  const query = new URLSearchParams({
    client_id: 'ks',
    redirect_uri: `${CONSOLE}/${name}`,
    response_type: 'code',
    scope: 'openid profile email',
    state: name,
  })
  const link = `${found?.provider.endpoint?.authURL}?${query.toString()}`
  const back = await upstream.walk(link, sub)
  const response = await fetch(`${world.url}/oauth/callback/${name}${back.search}`)
  return { status: response.status, text: await response.text() }
}

const tokenOf = (text: string): Record<string, string> => JSON.parse(text) as Record<string, string>

describe('people of a directory', () => {
  test('get an account on their first login, and the same one on the next', async () => {
    const first = await byDirectory('Ann', 'ann-secret')
    assert.equal(first.status, 200)
    const ann = world.withToken(first.json.access_token ?? '')
    const own = await ann.get(`${IAM}/users/ann`)
    assert.equal(own.status, 200, own.text)
    const { state } = own.json.status as { state: string }
    assert.deepEqual([own.json.spec.email, state], ['ann@x.org', 'Active'])
    assert.equal(own.json.metadata.annotations?.['iam.kubesphere.io/identity-provider.corp'], 'Ann')
    assert.equal((await ann.get(`${IAM}/users/admin`)).status, 403, 'they have no role')
    assert.equal((await byDirectory('ann', 'ann-secret')).status, 200)
    assert.equal((await byDirectory('ann', 'wrong')).status, 400)
    const admin = await world.as('admin')
    const records = await eventually(
      () => admin.get(`${IAM}/users/ann/loginrecords`),
      ({ json }) => json.totalItems === 3,
    )
    assert.deepEqual(
      (records.json.items ?? []).map(({ spec }) => (spec as { provider: string }).provider),
      ['corp', 'corp', 'corp'],
    )
  })
})

describe('people of an OpenID provider', () => {
  test('get an account on their first login, and the same one on the next', async () => {
    const first = await byProvider('sso', 'u-1')
    assert.equal(first.status, 200, first.text)
    const { access_token = '', token_type } = tokenOf(first.text)
    assert.equal(token_type, 'Bearer')
    const { uid } = (await world.withToken(access_token).get(`${IAM}/users/bob`)).json
      .metadata as unknown as { uid: string }
    const second = await byProvider('sso', 'u-1')
    const again = await world
      .withToken(tokenOf(second.text).access_token ?? '')
      .get(`${IAM}/users/bob`)
    assert.equal((again.json.metadata as unknown as { uid: string }).uid, uid)
  })

  test('never become the administrator by being called so', async () => {
    const { status, text } = await byProvider('sso', 'u-2')
    assert.equal(status, 401)
    assert.equal(
      text,
      'Unauthorized: user admin exists and is not linked to identity provider sso\n',
    )
    const admin = await world.kube.get(USERS, 'admin')
    assert.ok(
      !Object.keys(admin.metadata.annotations ?? {}).some((key) =>
        key.includes('identity-provider'),
      ),
    )
  })

  test('register once where accounts are made by hand, then go on with the session they have', async () => {
    const first = tokenOf((await byProvider('invited', 'u-3')).text)
    const nobody = world.withToken(first.access_token ?? '')
    assert.equal((await nobody.get(`${IAM}/users/admin`)).status, 403)
    const body = account('cleopatra', 'platform-admin')
    const made = await nobody.post(`${IAM}/users`, body)
    assert.equal(made.status, 200, made.text)
    await world.settled()
    const stored = await world.kube.get(USERS, 'cleopatra')
    const annotations = stored.metadata.annotations ?? {}
    assert.equal(annotations['iam.kubesphere.io/identity-provider.invited'], 'u-3')
    assert.ok(!annotations['iam.kubesphere.io/globalrole'])
    const second = await nobody.post(`${IAM}/users`, account('second-try'))
    assert.deepEqual([second.status, second.text], [400, 'invalid registration token\n'])
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'kubesphere',
      client_secret: 'kubesphere',
      refresh_token: first.refresh_token ?? '',
    })
    const renewed = await fetch(`${world.url}/oauth/token`, { method: 'POST', body: form })
    const { access_token = '' } = tokenOf(await renewed.text())
    assert.equal((await world.withToken(access_token).get(`${IAM}/users/cleopatra`)).status, 200)
    const again = tokenOf((await byProvider('invited', 'u-3')).text)
    const same = world.withToken(again.access_token ?? '')
    assert.equal((await same.get(`${IAM}/users/cleopatra`)).status, 200)
  })
})

test('somebody of an OpenID provider walks on to an application, and is the same one there', async () => {
  const config = await relyingParty()
  const verifier = openid.randomPKCECodeVerifier()
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const start = openid.buildAuthorizationUrl(config, {
    redirect_uri: RETURN,
    scope: 'openid email',
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  // The application sends the browser here, this sends it to the console, which offers the provider of the link.
  const { access_token = '' } = tokenOf((await byProvider('sso', 'u-1')).text)
  const end = await authorize(start, access_token)
  assert.equal(end.origin + end.pathname, RETURN)
  const tokens = await openid.authorizationCodeGrant(config, end, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  assert.deepEqual([tokens.claims()?.sub, tokens.claims()?.email], ['bob', 'bob@x.org'])
  const info = await openid.fetchUserInfo(config, tokens.access_token, 'bob')
  assert.equal(info.preferred_username, 'bob')
})

test('hole 27: the key that signs ID tokens is shown to nobody, its public half to everybody', async () => {
  const shown = await Promise.all(
    ['/kapis/config.kubesphere.io/v1alpha2/configs/oauth', '/oauth/keys'].map(async (path) => {
      const response = await fetch(world.url + path)
      assert.equal(response.status, 200)
      return response.text()
    }),
  )
  const { d = '', n = '' } = privateKey.export({ format: 'jwk' })
  const [configuration = '', keys = ''] = shown
  assert.ok(keys.includes(n), 'it is the key of the configuration')
  for (const text of shown) {
    for (const secret of [d, signKey, Buffer.from(signKey).toString('base64'), 'PRIVATE KEY']) {
      assert.ok(!text.includes(secret))
    }
  }
  const { issuer } = JSON.parse(configuration) as { issuer: object }
  assert.deepEqual(Object.keys(issuer).toSorted(), [
    'accessTokenInactivityTimeout',
    'accessTokenMaxAge',
    'maximumClockSkew',
    'url',
  ])
})

test('Basic credentials at the token endpoint are those of a user, never of a client', async () => {
  const stranger = new openid.Configuration(
    (await relyingParty()).serverMetadata(),
    'shop',
    {},
    openid.ClientSecretBasic('shop-secret'),
  )
  openid.allowInsecureRequests(stranger)
  await assert.rejects(openid.refreshTokenGrant(stranger, 'x'), (error: openid.ClientError) => {
    const { cause } = error as { cause?: { status?: number } }
    assert.equal(cause?.status ?? (error as { status?: number }).status, 401)
    return true
  })
})

test('the login page sees the providers with their endpoints and without their secrets', async () => {
  const all = await providers()
  assert.deepEqual(all.map(({ name }) => name).toSorted(), ['corp', 'invited', 'sso'])
  const text = JSON.stringify(all)
  assert.ok(text.includes(`${upstream.issuer}/auth`))
  for (const secret of ['ks-secret', slapd.managerPassword]) assert.ok(!text.includes(secret))
})
