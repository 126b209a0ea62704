import { readFile } from 'node:fs/promises'
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { FileAuth } from '@kubernetes/client-node/dist/file_auth.js'
import { ConfigError } from '../config/index.ts'
import { unauthorized } from '../lib/errors.ts'

export interface TlsSettings {
  readonly ca?: string | Buffer
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly servername?: string
  readonly rejectUnauthorized: boolean
}

/** Where an API server is and how this process proves who it is. */
export interface Credentials {
  readonly origin: URL
  /** For each new connection: files and plugins are asked again. The same object while nothing changed. */
  tls(): Promise<TlsSettings>
  /** Headers for each request, lower-case names. */
  authHeaders(): Promise<Record<string, string>>
}

interface Login {
  headers: Record<string, string>
  cert?: string
  key?: string
}

interface Authenticator {
  isAuthProvider(user: User): boolean
  applyAuthentication(user: User, options: object): Promise<void>
}

/** Throws ConfigError when the address is no http(s) URL. */
export function createCredentials(options: {
  cluster: Cluster
  user: User
  now: () => number
}): Credentials {
  const { cluster, user } = options
  const origin = originOf(cluster.server)
  const authenticator = authenticatorOf(user)
  const fixed = Promise.resolve(fixedHeaders(user))
  let last: TlsSettings = { rejectUnauthorized: true }

  const login = async (): Promise<Login> => {
    const made: Login = { headers: {} }
    try {
      await (await authenticator)?.applyAuthentication(user, made)
    } catch (error) {
      throw unauthorized(
        `the login of user "${user.name}" failed: ${(error as Error).message}`,
        error,
      )
    }
    return made
  }
  return {
    origin,
    async tls() {
      const { cert, key } = authenticator ? await login() : {}
      const read = await settings(cluster, user, cert, key)
      if (!sameSettings(read, last)) last = read
      return last
    },
    authHeaders() {
      return authenticator ? login().then(({ headers }) => lowerCase(headers, user)) : fixed
    },
  }
}

function originOf(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new ConfigError(`server ${JSON.stringify(server)} is no http or https address`)
  }
  return new URL(url.origin)
}

/** The OpenID part takes half a second to load, so only those who need it wait for it. */
function authenticatorOf(user: User): Promise<Authenticator> | undefined {
  const provider = (user.authProvider as { name?: string } | undefined)?.name
  if (provider === 'oidc') {
    return import('@kubernetes/client-node/dist/oidc_auth.js').then(
      ({ OpenIDConnectAuth }) => new OpenIDConnectAuth() as Authenticator,
    )
  }
  const known: Authenticator[] = [new ExecAuth(), new FileAuth()]
  const found = known.find((one) => one.isAuthProvider(user))
  if (provider && !found) throw new ConfigError(`auth provider ${provider} is not supported`)
  return found ? Promise.resolve(found) : undefined
}

function fixedHeaders(user: User): Record<string, string> {
  const headers: Record<string, string> = {}
  if (user.username) {
    const pair = `${user.username}:${user.password ?? ''}`
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`
  }
  if (user.token) headers['authorization'] = `Bearer ${user.token.trim()}`
  if (user.impersonateUser) headers['impersonate-user'] = user.impersonateUser
  return headers
}

function lowerCase(made: Record<string, string>, user: User): Record<string, string> {
  const headers = fixedHeaders(user)
  for (const [name, value] of Object.entries(made)) headers[name.toLowerCase()] = value.trim()
  return headers
}

async function settings(
  cluster: Cluster,
  user: User,
  issuedCert: string | undefined,
  issuedKey: string | undefined,
): Promise<TlsSettings> {
  const [ca, cert, key] = await Promise.all([
    material(cluster.caFile, cluster.caData),
    issuedCert ?? material(user.certFile, user.certData),
    issuedKey ?? material(user.keyFile, user.keyData),
  ])
  return {
    rejectUnauthorized: !cluster.skipTLSVerify,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
  }
}

async function material(file?: string, data?: string): Promise<Buffer | undefined> {
  if (data) return Buffer.from(data, 'base64')
  if (!file) return undefined
  return readFile(file).catch((error: unknown) => {
    throw new ConfigError(`kubeconfig: ${file} cannot be read: ${(error as Error).message}`)
  })
}

function sameSettings(a: TlsSettings, b: TlsSettings): boolean {
  const same = (x?: string | Buffer, y?: string | Buffer): boolean => String(x) === String(y)
  return (
    a.rejectUnauthorized === b.rejectUnauthorized &&
    a.servername === b.servername &&
    same(a.ca, b.ca) &&
    same(a.cert, b.cert) &&
    same(a.key, b.key)
  )
}
