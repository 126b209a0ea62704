import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import type { AuthorizeRequest } from '../../gateway/domain/identity/index.ts'
import type { UserInfo } from '../../gateway/domain/operation.ts'
import { challengeOf } from '../../gateway/domain/identity/sessions.ts'
import {
  oauthClient,
  ORIGIN,
  PASSWORD,
  START,
  startIdentity,
  user,
  type TestIdentity,
} from './cluster.ts'

const EVE: UserInfo = { name: 'eve', uid: '', groups: ['system:authenticated'], extra: {} }
const ANONYMOUS: UserInfo = { name: 'system:anonymous', uid: '', groups: [], extra: {} }
const CB = 'https://app1.example/cb?keep=1'

const usual: AuthorizeRequest = {
  responseType: 'code',
  clientId: 'app1',
  redirectUri: CB,
  scope: 'openid email profile',
  state: 's/1',
  nonce: 'n',
  prompt: '',
  codeChallenge: '',
  codeChallengeMethod: '',
}

async function authorized(
  rig: TestIdentity,
  of: Partial<AuthorizeRequest> = {},
  by = EVE,
): Promise<string> {
  return (await rig.identity.authorize({ ...usual, ...of }, by)) ?? 'empty'
}

async function code(rig: TestIdentity, of: Partial<AuthorizeRequest> = {}): Promise<string> {
  return new URL(await authorized(rig, of)).searchParams.get('code') ?? ''
}

async function exchange(
  rig: TestIdentity,
  of: { code: string; client?: string; redirectUri?: string; codeVerifier?: string },
) {
  const name = of.client ?? 'app1'
  const client = await rig.identity.client(name, `${name}-secret`)
  return rig.identity.exchangeCode(client, { redirectUri: '', codeVerifier: '', ...of })
}

const refused = { code: 400, error: 'invalid_grant' }

describe('the authorization endpoint', () => {
  test('checks in the order of the original', async () => {
    await using rig = await startIdentity()
    rig.cluster.put(oauthClient('never', { grantMethod: 'deny' }))
    rig.cluster.put(oauthClient('asks', { grantMethod: 'prompt' }))
    rig.cluster.put(oauthClient('nowhere', { redirectURIs: ['javascript:alert(1)'] }))
    const thrown: [Partial<AuthorizeRequest>, string][] = [
      [{ clientId: 'nope' }, 'invalid_client'],
      [{ redirectUri: 'https://evil.example/' }, 'invalid_request'],
      [{ clientId: 'nowhere', redirectUri: '' }, 'invalid_request'],
      [{ clientId: 'nowhere', redirectUri: 'javascript:alert(1)' }, 'invalid_request'],
    ]
    for (const [of, error] of thrown) {
      await assert.rejects(rig.identity.authorize({ ...usual, ...of }, EVE), { code: 400, error })
    }
    const redirected: [Partial<AuthorizeRequest>, UserInfo, string][] = [
      [{ scope: 'openid admin' }, EVE, 'invalid_scope'],
      [{ scope: '' }, EVE, 'invalid_scope'],
      [{ responseType: 'code token' }, EVE, 'unsupported_response_type'],
      [{ responseType: 'token' }, EVE, 'unsupported_response_type'],
      [{ responseType: '' }, EVE, 'unsupported_response_type'],
      [{ clientId: 'never', redirectUri: '' }, EVE, 'invalid_grant'],
      [{ prompt: 'none' }, ANONYMOUS, 'login_required'],
      [{ clientId: 'asks', redirectUri: '', prompt: 'none' }, EVE, 'interaction_required'],
    ]
    for (const [of, by, error] of redirected) {
      const location = new URL(await authorized(rig, of, by))
      assert.deepEqual([...location.searchParams.keys()], ['error', 'error_description', 'state'])
      assert.equal(location.searchParams.get('error'), error)
    }
    assert.equal(await authorized(rig, {}, ANONYMOUS), 'https://console.example')
  })

  test('adds code and state to the query of the registered URI, keys sorted', async () => {
    await using rig = await startIdentity()
    assert.match(
      await authorized(rig, { redirectUri: '' }),
      /^https:\/\/app1\.example\/cb\?code=[\w.-]+&keep=1&state=s%2F1$/,
    )
  })

  test('puts an ID token into the fragment, and needs a nonce for that', async () => {
    await using rig = await startIdentity()
    const of = { responseType: 'id_token', state: 'a%2Fb c' }
    const location = await authorized(rig, of)
    assert.match(
      location,
      /^https:\/\/app1\.example\/cb\?keep=1#id_token=[\w.-]+&state=a%25252Fb\+c$/,
    )
    assert.equal(await authorized(rig, { ...of, nonce: '' }), 'empty')
  })
})

describe('the code grant', () => {
  test('gives tokens and an ID token that the published key verifies', async () => {
    await using rig = await startIdentity()
    const got = await exchange(rig, { code: await code(rig), redirectUri: CB })
    assert.equal((await rig.identity.bearer(got.access_token)).name, 'eve')
    const keys = createLocalJWKSet(rig.identity.keys())
    const { payload, protectedHeader } = await jwtVerify(got.id_token ?? '', keys, {
      issuer: 'https://console.example',
      audience: 'app1',
      currentDate: new Date(START),
    })
    assert.match(protectedHeader.kid ?? '', /^\d+$/)
    const { url, nonce, email, locale, preferred_username } = payload
    assert.deepEqual(
      { url, nonce, email, locale, preferred_username },
      { url: 'eve', nonce: 'n', email: 'eve@example.com', locale: 'en', preferred_username: 'eve' },
    )
    await assert.rejects(rig.identity.bearer(got.id_token ?? ''), {
      message: 'key is of invalid type',
    })
  })

  test('without the openid scope there is no ID token', async () => {
    await using rig = await startIdentity()
    assert.equal(
      (await exchange(rig, { code: await code(rig, { scope: 'email' }) })).id_token,
      undefined,
    )
  })

  test('a code is good once, also when two ask at the same time', async () => {
    await using rig = await startIdentity()
    const once = await code(rig)
    const both = await Promise.allSettled([
      exchange(rig, { code: once }),
      exchange(rig, { code: once }),
    ])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    await assert.rejects(exchange(rig, { code: once }), refused)
  })

  test('hole 42: a code is bound to its client and redirect URI', async () => {
    await using rig = await startIdentity()
    rig.cluster.put(oauthClient('app1', { redirectURIs: [CB, 'https://app1.example/other'] }))
    await assert.rejects(exchange(rig, { code: await code(rig), client: 'app2' }), refused)
    const other = 'https://app1.example/other'
    await assert.rejects(exchange(rig, { code: await code(rig), redirectUri: other }), refused)
    const foreign = 'https://evil.example'
    await assert.rejects(exchange(rig, { code: 'x', redirectUri: foreign }), {
      error: 'invalid_request',
    })
    await assert.rejects(exchange(rig, { code: '' }), { error: 'invalid_request' })
    await assert.rejects(exchange(rig, { code: 'x' }), refused)
  })

  test('hole 43: PKCE is enforced once announced, and a plain challenge does not stand in the code', async () => {
    await using rig = await startIdentity()
    const verifier = 'v'.repeat(43)
    const announced = [
      { codeChallenge: challengeOf(verifier), codeChallengeMethod: 'S256' },
      { codeChallenge: verifier, codeChallengeMethod: 'plain' },
      { codeChallenge: verifier, codeChallengeMethod: '' },
    ]
    for (const of of announced) {
      await assert.rejects(exchange(rig, { code: await code(rig, of) }), refused)
      await assert.rejects(exchange(rig, { code: await code(rig, of), codeVerifier: 'w' }), refused)
      const issued = await code(rig, of)
      assert.doesNotMatch(Buffer.from(issued.split('.')[1] ?? '', 'base64url').toString(), /vvvv/)
      assert.ok(await exchange(rig, { code: issued, codeVerifier: verifier }))
    }
    await assert.rejects(exchange(rig, { code: await code(rig), codeVerifier: verifier }), refused)
    await assert.rejects(code(rig, { codeChallenge: 'x', codeChallengeMethod: 'S512' }), {
      error: 'invalid_request',
    })
  })

  test('a code expires and is of no use to an account that was disabled', async () => {
    await using rig = await startIdentity()
    const [late, disabled] = [await code(rig), await code(rig)]
    rig.cluster.put(await user('eve', { state: 'Disabled' }))
    await assert.rejects(exchange(rig, { code: disabled }), refused)
    rig.clock.now += 10 * 60_000
    await assert.rejects(exchange(rig, { code: late }), refused)
  })
})

describe('the refresh grant', () => {
  const start = async (rig: TestIdentity, client = 'app1') => {
    const found = await rig.identity.client(client, `${client}-secret`)
    const pair = await rig.identity.password(
      found,
      { username: 'eve', password: PASSWORD, provider: '' },
      ORIGIN,
    )
    return { client: found, pair }
  }

  test('keeps the old token alive, as the original does', async () => {
    await using rig = await startIdentity()
    const { client, pair } = await start(rig)
    for (let round = 0; round < 2; round++) {
      const next = await rig.identity.refresh(client, pair.refresh_token)
      assert.equal((await rig.identity.bearer(next.access_token)).name, 'eve')
    }
  })

  test('hole 42: is bound to the client', async () => {
    await using rig = await startIdentity()
    const { pair } = await start(rig)
    const other = await rig.identity.client('app2', 'app2-secret')
    await assert.rejects(rig.identity.refresh(other, pair.refresh_token), refused)
  })

  test('takes refresh tokens only, of accounts that are there and not disabled', async () => {
    await using rig = await startIdentity()
    const { client, pair } = await start(rig)
    await assert.rejects(rig.identity.refresh(client, pair.access_token), refused)
    await assert.rejects(rig.identity.refresh(client, 'x'), {
      message: 'The refresh token is invalid or expired.',
    })
    rig.cluster.put(await user('eve', { state: 'Disabled' }))
    await assert.rejects(rig.identity.refresh(client, pair.refresh_token), refused)
    rig.cluster.remove(await user('eve'))
    await assert.rejects(rig.identity.refresh(client, pair.refresh_token), refused)
  })

  test('with rotation a token is good once, and its second use ends the login', async () => {
    await using rig = await startIdentity({ facade: { rotateRefreshTokens: true } })
    const { client, pair } = await start(rig)
    const next = await rig.identity.refresh(client, pair.refresh_token)
    assert.equal((await rig.identity.bearer(next.access_token)).name, 'eve')
    await assert.rejects(rig.identity.refresh(client, pair.refresh_token), refused)
    await assert.rejects(rig.identity.bearer(next.access_token), { code: 401 })
    await assert.rejects(rig.identity.refresh(client, next.refresh_token), refused)
  })

  test("uses a client's own lifetimes only when both are given", async () => {
    await using rig = await startIdentity()
    rig.cluster.put(oauthClient('app1', { accessTokenMaxAgeSeconds: 600 }))
    assert.equal((await start(rig)).pair.expires_in, 7200)
    rig.cluster.put(
      oauthClient('app1', {
        accessTokenMaxAgeSeconds: 600,
        accessTokenInactivityTimeoutSeconds: 700,
      }),
    )
    assert.equal((await start(rig)).pair.expires_in, 600)
  })
})

test('hole 44: after logout the browser goes to registered URIs only', async () => {
  await using rig = await startIdentity()
  const logoutRedirect = (uri: string, state: string) => rig.identity.logoutRedirect(uri, state)
  assert.equal(await logoutRedirect(CB, 's'), `${CB}&state=s`)
  assert.equal(
    await logoutRedirect('https://console.example/login', ''),
    'https://console.example/login',
  )
  for (const uri of [
    'javascript:alert(1)',
    'https://evil.example/',
    '//evil.example',
    'https://console.example.evil.example/',
    'data:text/html,x',
    'not a url',
  ]) {
    await assert.rejects(logoutRedirect(uri, ''), { code: 400 }, uri)
  }
})

test('userinfo and discovery carry what the original puts there', async () => {
  await using rig = await startIdentity()
  assert.deepEqual(Object.entries(await rig.identity.userinfo('eve')), [
    ['sub', 'eve'],
    ['url', 'eve'],
    ['email', 'eve@example.com'],
    ['locale', 'en'],
    ['preferred_username', 'eve'],
  ])
  await assert.rejects(rig.identity.userinfo('ghost'), { code: 500, error: 'server_error' })
  assert.equal(rig.identity.discovery().token_endpoint, 'https://console.example/oauth/token')
  await assert.rejects(rig.identity.callback('gh', new URLSearchParams(), ORIGIN), {
    code: 401,
    message:
      'Unauthorized: failed to get identity provider configuration for gh, error: the Identity provider was not found',
  })
})
