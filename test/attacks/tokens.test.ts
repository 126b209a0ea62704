import assert from 'node:assert/strict'
import {
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { ORIGIN, PASSWORD, SECRET, START, startIdentity } from '../identity/cluster.ts'

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const parts = (header: unknown, claims: unknown): string => `${b64(header)}.${b64(claims)}`
const hs = (header: unknown, claims: unknown, key: string | Buffer = SECRET): string => {
  const body = parts(header, claims)
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`
}
const rs = (header: unknown, claims: unknown, key: KeyObject): string => {
  const body = parts(header, claims)
  return `${body}.${createSign('RSA-SHA256').update(body).sign(key).toString('base64url')}`
}

const HS256 = { alg: 'HS256', typ: 'JWT' }
const seconds = START / 1000
const claims = {
  iss: 'https://console.example',
  sub: 'eve',
  username: 'eve',
  iat: seconds,
  exp: seconds + 60,
  token_type: 'access_token',
}

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 })
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signKeyData = Buffer.from(ours.privateKey.export({ type: 'pkcs1', format: 'pem' })).toString(
  'base64',
)
const publicPem = ours.publicKey.export({ type: 'spki', format: 'pem' })
const publicDer = ours.publicKey.export({ type: 'spki', format: 'der' })
const publicPkcs1 = createPublicKey(publicPem).export({ type: 'pkcs1', format: 'pem' })

describe('a forged token', () => {
  let rig: Awaited<ReturnType<typeof startIdentity>>
  /** What a login gave. */
  let genuine: { access: string; refresh: string }

  before(async () => {
    rig = await startIdentity({ authentication: { issuer: { signKeyData } } })
    const client = await rig.identity.client('app1', 'app1-secret')
    const login = { username: 'eve', password: PASSWORD, provider: '' }
    const issued = await rig.identity.password(client, login, ORIGIN)
    genuine = { access: issued.access_token, refresh: issued.refresh_token }
    assert.equal((await rig.identity.bearer(genuine.access)).name, 'eve')
  })
  after(() => rig[Symbol.asyncDispose]())

  const forged: Readonly<Record<string, (real: readonly string[]) => string>> = {
    'without a signature, alg none': () => `${parts({ alg: 'none' }, claims)}.`,
    'with alg None, in another case': () => `${parts({ alg: 'None' }, claims)}.`,
    'with a signature that is cut off': ([h, b]) => `${h}.${b}.`,
    'with alg none and the signature of another': ([, b, s]) => `${b64({ alg: 'none' })}.${b}.${s}`,
    'with a genuine signature over other claims': ([h, , s]) =>
      `${h}.${b64({ ...claims, username: 'admin', sub: 'admin' })}.${s}`,
    'signed by somebody else': () => hs(HS256, claims, 'another secret of some length'),
    'signed with nothing': () => hs(HS256, claims, ''),
    'HS256 with the public key in PEM': () => hs(HS256, claims, publicPem),
    'HS256 with the public key in PKCS #1': () => hs(HS256, claims, publicPkcs1),
    'HS256 with the public key in DER': () => hs(HS256, claims, publicDer),
    'RS256 by our own key for ID tokens': () => rs({ alg: 'RS256' }, claims, ours.privateKey),
    'RS256 by a key that it brings along': () =>
      rs(
        { alg: 'RS256', jwk: theirs.publicKey.export({ format: 'jwk' }) },
        claims,
        theirs.privateKey,
      ),
    'whose key is at a URL': () =>
      rs(
        { alg: 'RS256', jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x' },
        claims,
        theirs.privateKey,
      ),
    'whose kid is a path': () => hs({ ...HS256, kid: '../../../dev/null' }, claims, ''),
    'whose kid is a query': () => hs({ ...HS256, kid: "x' UNION SELECT 'k" }, claims, 'k'),
    'with an algorithm of another length': () => hs({ ...HS256, alg: 'HS512' }, claims),
    'with a list of algorithms': () => hs({ ...HS256, alg: ['HS256'] }, claims),
    'with an extension that must be understood': () =>
      hs({ ...HS256, crit: ['exp2'], exp2: true }, claims),
    'whose payload is said to be plain': () => hs({ ...HS256, b64: false, crit: ['b64'] }, claims),
    'of five parts': () => `${hs(HS256, claims)}.a.b`,
    'that is not valid yet': () => hs(HS256, { ...claims, nbf: seconds + 3600 }),
    'that is issued in the future': () => hs(HS256, { ...claims, iat: seconds + 3600 }),
    'that has expired': () => hs(HS256, { ...claims, exp: seconds - 1 }),
    'whose end is a text': () => hs(HS256, { ...claims, exp: 'never' }),
    'whose claims are a list': () => hs(HS256, [claims]),
    'whose name is a list': () => hs(HS256, { ...claims, username: ['eve'] }),
    'of no type': () => hs(HS256, { ...claims, token_type: undefined }),
    'of a type of ours that is no bearer': () => hs(HS256, { ...claims, token_type: 'code' }),
    'that says it needs no cache, for a person': () =>
      hs(HS256, { ...claims, exp: undefined, token_type: 'static_token' }),
    'that says it is of a service account in its name only': () =>
      hs(HS256, {
        ...claims,
        token_type: 'static_token',
        username: 'kubesphere:serviceaccount:a:b',
      }),
    'that nobody was given, though the secret is right': () => hs(HS256, claims),
  }
  for (const [what, make] of Object.entries(forged)) {
    it(`${what} is refused`, async () => {
      const token = make(genuine.access.split('.'))
      await assert.rejects(rig.identity.bearer(token), { code: 401 })
      await assert.rejects(rig.identity.verify(token), { code: 401 })
    })
  }

  it('of the login, for something else, is refused as a bearer', async () => {
    await assert.rejects(rig.identity.bearer(genuine.refresh), { code: 401 })
  })

  const idToken = { ...claims, aud: ['app1'], token_type: 'id_token' }
  const hints: Readonly<Record<string, () => string>> = {
    'HS256 with the public key': () => hs(HS256, idToken, publicPem),
    'HS256 with the shared secret': () => hs(HS256, idToken),
    'by another key': () => rs({ alg: 'RS256' }, idToken, theirs.privateKey),
    'without a signature': () => `${parts({ alg: 'none' }, idToken)}.`,
    'of another issuer': () =>
      rs({ alg: 'RS256' }, { ...idToken, iss: 'https://evil.example' }, ours.privateKey),
    'for nobody': () => rs({ alg: 'RS256' }, { ...idToken, aud: undefined }, ours.privateKey),
    'of another type': () =>
      rs({ alg: 'RS256' }, { ...idToken, token_type: 'access_token' }, ours.privateKey),
    'for another client than it says': () =>
      rs({ alg: 'RS256' }, { ...idToken, aud: ['app2'] }, ours.privateKey),
  }
  for (const [what, make] of Object.entries(hints)) {
    it(`as id_token_hint ${what} ends nothing`, async () => {
      const request = { idTokenHint: make(), clientId: 'app1', redirectUri: '', state: '' }
      await assert.rejects(rig.identity.endSession(request), { code: 400 })
      assert.equal((await rig.identity.bearer(genuine.access)).name, 'eve')
    })
  }
})
