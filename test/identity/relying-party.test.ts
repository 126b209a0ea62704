import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import * as openid from 'openid-client'
import { account, IAM } from '../iam/world.ts'
import { people } from './stories/people.ts'
import { RETURN, startStrangers, tokenOf, type Strangers } from './strangers.ts'

let strangers: Strangers
const stage = (): Strangers => strangers

before(async () => {
  strangers = await startStrangers()
})
after(() => strangers?.[Symbol.asyncDispose]())

people(stage)

describe('a strict relying party', () => {
  test('completes code with PKCE, ID token, user info, renewal and logout', async () => {
    const admin = await stage().world.as('admin')
    assert.equal((await admin.post(`${IAM}/users`, account('customer'))).status, 200)
    await stage().world.settled()
    const session = await stage().world.login('customer')
    const config = await stage().relyingParty()
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
    const end = await stage().authorize(url, session)
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

    const metadata = {
      issuer: stage().world.url,
      end_session_endpoint: `${stage().world.url}/oauth/logout`,
    }
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
    assert.equal((await stage().world.withToken(session).get(`${IAM}/users/customer`)).status, 200)
  })

  test('logs out by the browser alone, with an ID token of the login', async () => {
    const admin = await stage().world.as('admin')
    assert.equal((await admin.post(`${IAM}/users`, account('leaver'))).status, 200)
    await stage().world.settled()
    const session = await stage().world.login('leaver')
    const config = await stage().relyingParty()
    const ask = openid.buildAuthorizationUrl(config, {
      redirect_uri: RETURN,
      scope: 'openid',
      state: 's',
    })
    const end = await stage().authorize(ask, session)
    const tokens = await openid.authorizationCodeGrant(config, end, { expectedState: 's' })
    const metadata = {
      issuer: stage().world.url,
      end_session_endpoint: `${stage().world.url}/oauth/logout`,
    }
    const leaver = new openid.Configuration(metadata, 'shop', {}, openid.None())
    openid.allowInsecureRequests(leaver)
    const leave = async (of: Record<string, string>) => {
      const { status, headers } = await fetch(openid.buildEndSessionUrl(leaver, of), {
        redirect: 'manual',
      })
      return [status, headers.get('location')]
    }
    const live = async () => {
      const { status } = await stage().world.withToken(tokens.access_token).get('/oauth/userinfo')
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
    assert.equal((await stage().world.withToken(session).get(`${IAM}/users/leaver`)).status, 200)
    assert.deepEqual(await leave({ id_token_hint: hint }), [200, null], 'twice is fine')
  })

  test('gets nothing with another verifier, another secret, or for a URI that is not its own', async () => {
    const session = await stage().world.login('admin')
    const config = await stage().relyingParty()
    const ask = async (redirect_uri: string) =>
      openid.buildAuthorizationUrl(config, {
        redirect_uri,
        scope: 'openid',
        state: 's',
        code_challenge: await openid.calculatePKCECodeChallenge('a'.repeat(43)),
        code_challenge_method: 'S256',
      })
    const end = await stage().authorize(await ask(RETURN), session)
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

test('somebody of an OpenID provider walks on to an application, and is the same one there', async () => {
  const config = await stage().relyingParty()
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
  const { access_token = '' } = tokenOf((await stage().byProvider('sso', 'u-1')).text)
  const end = await stage().authorize(start, access_token)
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
      const response = await fetch(stage().world.url + path)
      assert.equal(response.status, 200)
      return response.text()
    }),
  )
  const { signKey } = stage()
  const { d = '', n = '' } = stage().privateKey.export({ format: 'jwk' })
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
    (await stage().relyingParty()).serverMetadata(),
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
  const all = await stage().providers()
  assert.deepEqual(all.map(({ name }) => name).toSorted(), ['corp', 'invited', 'sso'])
  const text = JSON.stringify(all)
  assert.ok(text.includes(`${stage().upstream.issuer}/auth`))
  for (const secret of ['ks-secret', stage().slapd.managerPassword])
    assert.ok(!text.includes(secret))
})
