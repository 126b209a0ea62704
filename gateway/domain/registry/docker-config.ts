import type { KubeObject } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'
import { canonicalRegistry, DOCKER_HUB, isHost } from './reference.ts'

const TYPE = 'kubernetes.io/dockerconfigjson'
const KEY = '.dockerconfigjson'

export interface Login {
  readonly username: string
  readonly password: string
}

/** One entry of `auths`: a registry and how to log in there. */
export interface AuthEntry {
  /** As it is written. */
  readonly key: string
  /** Empty where the key has none. */
  readonly scheme: '' | 'http' | 'https'
  readonly registry: string
  /** Repositories that it is for begin so; empty for all. */
  readonly path: string
  readonly login: Login | undefined
}

/** What a Secret says about registries. */
export interface RegistrySecret {
  /** In the order of the document, at least one. */
  readonly entries: readonly [AuthEntry, ...AuthEntry[]]
  /** Certificates of its registries are not verified. */
  readonly insecure: boolean
  /** PEM of an authority of its registries, besides the well-known ones. */
  readonly ca: string | undefined
}

/**
 * A Secret of type kubernetes.io/dockerconfigjson (Kubernetes documentation, "Docker config Secrets"). Key `ca.crt` may
 * hold an authority. Throws ApiError 400 for another type and for one without a registry.
 */
export function registrySecret(secret: Partial<KubeObject>): RegistrySecret {
  const type = typeof secret['type'] === 'string' ? secret['type'] : ''
  if (type !== TYPE) throw badRequest(`expected secret type: ${TYPE}, got: ${type}`)
  return registriesOf(secret)
}

/** As `registrySecret`, whatever its type is. */
export function registriesOf(secret: Partial<KubeObject>): RegistrySecret {
  const data = (secret['data'] ?? {}) as Readonly<Record<string, unknown>>
  const encoded = data[KEY]
  if (typeof encoded !== 'string') {
    throw badRequest(`expected key ${KEY} in data, found none`)
  }
  const entries = parseDockerConfig(Buffer.from(encoded, 'base64').toString())
  const [first, ...rest] = entries
  if (!first) throw badRequest('not found valid auth in secret, {map[] map[]}')
  const annotations = secret.metadata?.annotations
  const ca = data['ca.crt']
  return {
    entries: [first, ...rest],
    insecure: annotations?.['secret.kubesphere.io/force-insecure'] === 'true',
    ca: typeof ca === 'string' ? Buffer.from(ca, 'base64').toString() : undefined,
  }
}

/** The entries of `auths`. Throws ApiError 400 for a text that is no such document. */
export function parseDockerConfig(text: string): AuthEntry[] {
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch (error) {
    // What the parser says would repeat parts of the text.
    throw badRequest('the docker config is no JSON', new Error((error as Error).name))
  }
  return Object.entries(record(field(record(config), 'auths'))).map(([key, value]) =>
    authEntry(key, record(value)),
  )
}

function authEntry(key: string, fields: Readonly<Record<string, unknown>>): AuthEntry {
  const { scheme, registry, path } = registryAddress(key)
  const [username, password] = [textOf(fields, 'username'), textOf(fields, 'password')]
  const login =
    username !== '' || password !== '' ? { username, password } : decoded(textOf(fields, 'auth'))
  return { key, scheme, registry, path, login }
}

/** What a registry's address names: `[scheme://]host[:port][/path]`, Docker Hub where it is empty. Throws ApiError 400. */
export function registryAddress(address: string): Pick<AuthEntry, 'scheme' | 'registry' | 'path'> {
  const [, scheme = '', rest = ''] = /^(?:(https?):\/\/)?(.*)$/i.exec(address) ?? []
  const host = rest.split('/')[0] || DOCKER_HUB
  const url = URL.parse(`http://${rest || host}`)
  if (!url || !isHost(host)) throw badRequest('the address of a registry must be a host')
  return {
    scheme: scheme.toLowerCase() as AuthEntry['scheme'],
    registry: canonicalRegistry(host),
    // `/v1/` and `/v2/` are versions of the protocol, not parts of names.
    path: url.pathname.replace(/^\/(?:v[12](?=\/|$)\/?)?|\/$/g, ''),
  }
}

/** The entry for a repository: of those of its registry the one that names the most of its path. */
export function entryFor(
  entries: readonly AuthEntry[],
  registry: string,
  repository: string,
): AuthEntry | undefined {
  return entries
    .filter(
      (entry) =>
        entry.registry === registry &&
        (entry.path === '' || `${repository}/`.startsWith(`${entry.path}/`)),
    )
    .toSorted((a, b) => b.path.length - a.path.length)[0]
}

function decoded(auth: string): Login | undefined {
  const text = Buffer.from(auth, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {}
  return value as Readonly<Record<string, unknown>>
}

function field(of: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(of, name)) return of[name]
  return Object.entries(of).find(([key]) => key.toLowerCase() === name)?.[1]
}

function textOf(of: Readonly<Record<string, unknown>>, name: string): string {
  const value = field(of, name)
  return typeof value === 'string' ? value : ''
}
