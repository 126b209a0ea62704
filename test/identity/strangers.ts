import { generateKeyPairSync } from 'node:crypto'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import * as openid from 'openid-client'
import { startOpenIdProvider, type OpenIdProvider } from '../env/openid-provider.ts'
import { providerOf, startSlapd, type Slapd } from '../env/slapd.ts'
import { eventually, startWorld, type World } from '../iam/world.ts'
import { oauthClient, providerSecret } from './cluster.ts'

const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
export const RETURN = 'https://shop.example/cb'
const CONSOLE = 'https://console.example/oauth/redirect'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signKey = privateKey.export({ type: 'pkcs1', format: 'pem' })

/** An identity provider as the login page is told of it. */
export interface Listed {
  name: string
  provider: { endpoint?: Record<string, string> }
}

/** A server among strangers of another make: a relying party, a directory, an OpenID provider. */
export interface Strangers extends AsyncDisposable {
  readonly world: World
  readonly slapd: Slapd
  readonly upstream: OpenIdProvider
  /** The key that signs ID tokens, and its PEM text. */
  readonly privateKey: typeof privateKey
  readonly signKey: string
  providers(): Promise<Listed[]>
  /** What a browser does at the authorization endpoint whose user the console has logged in: where it is sent. */
  authorize(url: URL, token: string): Promise<URL>
  relyingParty(): Promise<openid.Configuration>
  byDirectory(
    username: string,
    password: string,
  ): Promise<{ status: number; json: Record<string, string> }>
  /** From the login page's link to the provider's answer at the callback, as the console carries it. */
  byProvider(name: string, sub: string): Promise<{ status: number; text: string }>
}

export const tokenOf = (text: string): Record<string, string> =>
  JSON.parse(text) as Record<string, string>

/** Starts all of them. */
export async function startStrangers(): Promise<Strangers> {
  await using stack = new AsyncDisposableStack()
  const slapd = stack.use(
    await startSlapd([{ uid: 'Ann', password: 'ann-secret', mail: 'ann@x.org' }]),
  )
  const redirect_uris = ['sso', 'invited'].map((name) => `${CONSOLE}/${name}`)
  const upstream = stack.use(
    await startOpenIdProvider(
      [
        { sub: 'u-1', preferred_username: 'Bob', email: 'bob@x.org' },
        { sub: 'u-2', preferred_username: 'admin', email: 'mallory@x.org' },
        { sub: 'u-3', preferred_username: 'Cleo', email: 'cleo@x.org' },
      ],
      [{ client_id: 'ks', client_secret: 'ks-secret', redirect_uris }],
    ),
  )
  const listenOn = createServer()
  stack.defer(() => void listenOn.close())
  await once(listenOn.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(listenOn.address() as AddressInfo).port}`
  const world = stack.use(
    await startWorld({
      listenOn,
      config: {
        authentication: { issuer: { url, signKeyData: Buffer.from(signKey).toString('base64') } },
      },
    }),
  )
  const secrets = [
    oauthClient('shop', { trusted: false, redirectURIs: [RETURN, 'https://shop.example/bye'] }),
    providerSecret('corp', 'LDAPIdentityProvider', providerOf(slapd)),
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

  async function providers(): Promise<Listed[]> {
    const response = await fetch(`${world.url}/kapis/config.kubesphere.io/v1alpha2/configs/oauth`)
    return ((await response.json()) as { identityProviders: Listed[] }).identityProviders
  }

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

  // The watch brings them in.
  await eventually(providers, (all) => all.length === 3)
  const owned = stack.move()
  return {
    world,
    slapd,
    upstream,
    privateKey,
    signKey,
    providers,
    authorize,
    relyingParty,
    byDirectory,
    byProvider,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}
