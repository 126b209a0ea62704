import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider, type ClientMetadata, type Configuration } from 'oidc-provider'

export interface OpenIdProvider extends AsyncDisposable {
  readonly issuer: string
  /** Requests by path, oldest first. */
  readonly asked: readonly string[]
  /** What a browser does that is sent to `authorizationUrl` and whose user logs in as `sub`: the URL it ends at. */
  walk(authorizationUrl: string, sub: string): Promise<URL>
}

export interface Subject {
  readonly sub: string
  readonly [claim: string]: unknown
}

/** An OpenID provider of another make on a loopback port; whoever comes is logged in as whom the walk says. */
export async function startOpenIdProvider(
  subjects: readonly Subject[],
  clients: readonly ClientMetadata[],
  more: Configuration = {},
): Promise<OpenIdProvider> {
  const asked: string[] = []
  let handle: (req: IncomingMessage, res: ServerResponse) => void = (_req, res) => res.end()
  const server = createServer((req, res) => {
    asked.push((req.url ?? '').split('?')[0] ?? '')
    handle(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [...clients],
    cookies: { keys: ['of the tests'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'name'], email: ['email'] },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/log-in/${uid}` },
    findAccount: (_ctx, id) => {
      const subject = subjects.find(({ sub }) => sub === id)
      return subject && { accountId: id, claims: () => ({ ...subject }) }
    },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId ?? '',
        accountId: ctx.oidc.session?.accountId ?? '',
      })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
    ...more,
  })
  const callback = provider.callback()
  handle = (req, res) => {
    const accountId = String(req.headers['x-log-in-as'])
    void (req.url?.startsWith('/log-in/')
      ? provider.interactionFinished(req, res, { login: { accountId } })
      : callback(req, res))
  }
  return {
    issuer,
    asked,
    walk: (url, sub) => walk(issuer, url, sub),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function walk(issuer: string, from: string, sub: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = new URL(from)
  for (let step = 0; url.origin === issuer && step < 10; step++) {
    const cookie = Array.from(cookies, (pair) => pair.join('=')).join('; ')
    const headers = { cookie, 'x-log-in-as': sub }
    const response = await fetch(url, { redirect: 'manual', headers })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const equals = pair.indexOf('=')
      cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`the walk ends at ${response.status}: ${await response.text()}`)
    url = new URL(location, url)
  }
  return url
}
