import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { startOpenIdProvider, type OpenIdProvider } from '../env/openid-provider.ts'
import { listening } from '../kube/support.ts'
import { ORIGIN, providerSecret, startIdentity, user, type TestIdentity } from './cluster.ts'

const CALLBACK = 'https://console.example/oauth/redirect/sso'
const LINK = 'iam.kubesphere.io/identity-provider.sso'
const CLIENT = { clientID: 'ks', clientSecret: 'secret of ks:&', redirectURL: CALLBACK }

const mallory = { sub: 'm-1', preferred_username: 'mallory', email: 'm@example.org' }
const subjects = [
  { sub: 'u-1', preferred_username: 'Ann', email: 'ann@example.org' },
  { sub: 'u-2', name: 'bob' },
  mallory,
]

let upstream: OpenIdProvider
before(async () => {
  const client = {
    client_id: CLIENT.clientID,
    client_secret: CLIENT.clientSecret,
    redirect_uris: [CALLBACK],
  }
  upstream = await startOpenIdProvider(subjects, [
    client,
    { ...client, client_id: 'by-form', token_endpoint_auth_method: 'client_secret_post' },
  ])
})
after(() => upstream[Symbol.asyncDispose]())

function configure(
  rig: TestIdentity,
  of: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
) {
  const options = { ...CLIENT, issuer: upstream.issuer, getUserInfo: true, ...of }
  rig.cluster.put(providerSecret('sso', 'OIDCIdentityProvider', options, more))
}

/** The query of a callback after a login at the upstream, as the console asks for it. */
async function loggedIn(sub: string, clientID = CLIENT.clientID): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    client_id: clientID,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    state: 'of-the-console',
  })
  const end = await upstream.walk(`${upstream.issuer}/auth?${query.toString()}`, sub)
  assert.equal(`${end.origin}${end.pathname}`, CALLBACK)
  return end.searchParams
}

async function outcome(rig: TestIdentity, query: URLSearchParams): Promise<string> {
  try {
    const { access_token } = await rig.identity.callback('sso', query, ORIGIN)
    return (await rig.identity.bearer(access_token)).name
  } catch (error) {
    return (error as Error).message
  }
}

const FAILED = 'Unauthorized: failed to exchange identity for sso, error:'

describe('a login at an OpenID provider', () => {
  test('makes an account once, links it by its subject, and uses it again', async () => {
    await using rig = await startIdentity()
    configure(rig)
    assert.equal(await outcome(rig, await loggedIn('u-1')), 'ann')
    assert.equal(await outcome(rig, await loggedIn('u-1')), 'ann')
    assert.equal(await outcome(rig, await loggedIn('u-2')), 'bob')
    const made = rig.cluster.created.filter(({ kind }) => kind === 'User')
    assert.deepEqual(
      made.map(({ metadata, spec }) => [metadata.name, metadata.annotations, spec]),
      [
        ['ann', { [LINK]: 'u-1' }, { email: 'ann@example.org' }],
        ['bob', { [LINK]: 'u-2' }, { email: '' }],
      ],
    )
  })

  test('never becomes the account that happens to have the name', async () => {
    await using rig = await startIdentity()
    configure(rig)
    const wanted = 'Unauthorized: user mallory exists and is not linked to identity provider sso'
    assert.equal(await outcome(rig, await loggedIn('m-1')), wanted)
    rig.cluster.put(await user('mallory', { annotations: { [LINK]: 'm-2' } }))
    assert.equal(await outcome(rig, await loggedIn('m-1')), wanted)
    rig.cluster.put(await user('mallory', { annotations: { [LINK]: 'm-1' } }))
    assert.equal(await outcome(rig, await loggedIn('m-1')), 'mallory')
  })

  test('is refused in the words of the original when no account may come of it', async () => {
    await using rig = await startIdentity()
    configure(rig, {}, { mappingMethod: 'lookup' })
    assert.equal(
      await outcome(rig, await loggedIn('u-1')),
      'Unauthorized: failed to find mapped user: u-1',
    )
    configure(rig, {}, { mappingMethod: 'other' })
    assert.equal(
      await outcome(rig, await loggedIn('u-1')),
      'Unauthorized: invalid mapping method found other',
    )
    rig.cluster.put(await user('ann', { annotations: { [LINK]: 'u-1' }, state: 'Disabled' }))
    assert.equal(await outcome(rig, await loggedIn('u-1')), 'Unauthorized: account is not active')
    configure(rig, {}, { disabled: true })
    assert.equal(
      await outcome(rig, new URLSearchParams()),
      'Unauthorized: failed to get identity provider configuration for sso, error: the Identity provider was Disabled',
    )
    const ldap = { host: 'x', loginAttribute: 'uid' }
    rig.cluster.put(providerSecret('sso', 'LDAPIdentityProvider', ldap))
    assert.equal(
      await outcome(rig, new URLSearchParams({ code: 'c' })),
      'Unauthorized: identity provider sso not exist',
    )
  })

  test('with the mapping method manual, leads to an account by registration', async () => {
    await using rig = await startIdentity()
    configure(rig, {}, { mappingMethod: 'manual' })
    const first = await rig.identity.callback('sso', await loggedIn('u-1'), ORIGIN)
    const who = await rig.identity.bearer(first.access_token)
    assert.deepEqual([who.name, who.groups], ['system:pre-registration', []])
    const { idp, uid, username, email } = who.extra
    assert.deepEqual([idp, uid, username, email], [['sso'], ['u-1'], ['Ann'], ['ann@example.org']])
    const client = await rig.identity.client('app1', 'app1-secret')
    await assert.rejects(rig.identity.refresh(client, first.refresh_token), {
      message: 'Authenticated user does not exist.',
    })
    rig.cluster.put(await user('anne', { annotations: { [LINK]: 'u-1' } }))
    const second = await rig.identity.refresh(client, first.refresh_token)
    assert.equal((await rig.identity.bearer(second.access_token)).name, 'anne')
    assert.equal(await outcome(rig, await loggedIn('u-1')), 'anne')
    await rig.identity[Symbol.asyncDispose]()
    const records = rig.cluster.created.filter(({ kind }) => kind === 'LoginRecord')
    assert.equal(records.length, 1, 'none for whom there is no account yet')
  })

  test('takes a code once, and one that is a code', async () => {
    await using rig = await startIdentity()
    configure(rig)
    const query = await loggedIn('u-1')
    assert.equal(await outcome(rig, query), 'ann')
    assert.equal(
      await outcome(rig, query),
      `${FAILED} the token endpoint answered 400 invalid_grant`,
    )
    const cases: [query: string, why: string][] = [
      ['', 'no code in the callback'],
      ['error=access_denied&state=x', 'the identity provider refused: access_denied'],
      ['code=a&code=b', 'parameter code is given twice'],
      ['code=a&state=1&state=2', 'parameter state is given twice'],
      ['code=a&iss=https%3A%2F%2Fevil.example', 'the callback comes from another issuer'],
    ]
    for (const [text, why] of cases) {
      assert.equal(await outcome(rig, new URLSearchParams(text)), `${FAILED} ${why}`)
    }
  })

  test('says who it is in the way the token endpoint takes', async () => {
    await using rig = await startIdentity()
    configure(rig, { clientID: 'by-form' })
    assert.equal(await outcome(rig, await loggedIn('u-1', 'by-form')), 'ann')
    configure(rig, { clientSecret: 'wrong' })
    assert.equal(
      await outcome(rig, await loggedIn('u-1')),
      `${FAILED} the token endpoint answered 401 invalid_client`,
    )
  })
})

test('what the discovery tells stands in the listed options, and no secret', async () => {
  await using rig = await startIdentity()
  configure(rig, { Endpoint: { authURL: 'https://old.example' } })
  await outcome(rig, new URLSearchParams())
  const [listed] = await rig.identity.identityProviders()
  const { issuer } = upstream
  const { Endpoint, endpoint } = listed?.options ?? {}
  assert.equal(Endpoint, undefined)
  assert.deepEqual(endpoint, {
    authURL: `${issuer}/auth`,
    tokenURL: `${issuer}/token`,
    userInfoURL: `${issuer}/me`,
    jwksURL: `${issuer}/jwks`,
    endSessionURL: `${issuer}/session/end?client_id=ks`,
  })
})

describe('an ID token', () => {
  test('must be what it says: signature, issuer, audience, time', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    const stranger = await generateKeyPair('RS256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }
    let idToken = ''
    let issuer = ''
    await using server = await listening(
      createServer((req, res) => {
        res.setHeader('content-type', 'application/json')
        const path = req.url ?? ''
        const answers: Record<string, unknown> = {
          '/.well-known/openid-configuration': {
            issuer,
            authorization_endpoint: `${issuer}/a`,
            token_endpoint: `${issuer}/t`,
            jwks_uri: `${issuer}/k`,
          },
          '/k': { keys: [jwk] },
          '/t': { access_token: 'a', token_type: 'Bearer', id_token: idToken },
        }
        res.end(JSON.stringify(answers[path] ?? {}))
      }),
    )
    issuer = server.url.origin
    await using rig = await startIdentity()
    const now = Math.floor(rig.clock.now / 1000)
    const good = { iss: issuer, aud: 'ks', sub: 'u-9', name: 'nine', iat: now, exp: now + 60 }
    const signed = (claims: JWTPayload, key = privateKey) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(key)
    const shared = (claims: JWTPayload) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(new TextEncoder().encode(CLIENT.clientSecret.padEnd(32)))
    const { sub: _sub, ...nobody } = good
    const { exp: _exp, ...endless } = good
    const cases: [title: string, token: string, wanted: string][] = [
      ['good', await signed(good), 'nine'],
      [
        'a key of somebody else',
        await signed(good, stranger.privateKey),
        'the id_token does not verify',
      ],
      ['no signature', new UnsecuredJWT(good).encode(), 'the id_token does not verify'],
      ['a shared secret', await shared(good), 'the id_token does not verify'],
      ['no token', '', 'no id_token in token response'],
      [
        'another issuer',
        await signed({ ...good, iss: 'https://x' }),
        'the id_token is of another issuer',
      ],
      [
        'another audience',
        await signed({ ...good, aud: 'x' }),
        'the id_token is for another client',
      ],
      [
        'two audiences',
        await signed({ ...good, aud: ['ks', 'x'] }),
        'the id_token is for another client',
      ],
      ['two audiences, ours', await signed({ ...good, aud: ['ks', 'x'], azp: 'ks' }), 'nine'],
      ['expired', await signed({ ...good, exp: now }), 'the id_token is expired'],
      ['no end', await signed(endless), 'the id_token is expired'],
      ['nearly valid', await signed({ ...good, nbf: now + 200 }), 'nine'],
      ['not yet valid', await signed({ ...good, nbf: now + 400 }), 'the id_token does not verify'],
      ['nobody', await signed(nobody), 'missing required claim "sub"'],
    ]
    configure(rig, { issuer, getUserInfo: false })
    for (const [title, token, wanted] of cases) {
      idToken = token
      const text = wanted === 'nine' ? wanted : `${FAILED} ${wanted}`
      assert.equal(await outcome(rig, new URLSearchParams({ code: 'c' })), text, title)
    }
    // Without keys the connection vouches for it, the rest is checked all the same.
    const endpoint = { authURL: `${issuer}/a`, tokenURL: `${issuer}/t` }
    configure(rig, { issuer: '', endpoint, getUserInfo: false })
    idToken = await signed({ ...good, aud: 'x' })
    assert.equal(
      await outcome(rig, new URLSearchParams({ code: 'c' })),
      `${FAILED} the id_token is for another client`,
    )
    idToken = await signed(good)
    assert.equal(await outcome(rig, new URLSearchParams({ code: 'c' })), 'nine')
  })
})
