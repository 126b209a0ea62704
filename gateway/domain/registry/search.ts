import { parse } from 'yaml'
import { ApiError, badRequest } from '../../lib/errors.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { OperationScope } from '../operation.ts'
import type { AuthEntry, RegistrySecret } from './docker-config.ts'
import { jsonObject, RegistryError, refusal } from './errors.ts'
import { ask, type Outbound } from './http.ts'
import { DOCKER_HUB } from './reference.ts'
import { basicAuthorization } from './token.ts'

/** Where Docker Hub answers searches. */
export const HUB_SEARCH = 'https://hub.docker.com/v2/search/repositories'

const HUB = 'DockerHubRegistryProvider'
const HARBOR = 'HarborRegistryProvider'
export type Provider = typeof HUB | typeof HARBOR

const PROVIDER_ANNOTATION = 'config.kubesphere.io/imagesearchprovider'
const PROVIDER_TYPE = 'config.kubesphere.io/imagesearchprovider'
const SYSTEM = 'kubesphere-system'
const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const LONGEST = 4 * 1024 * 1024

/**
 * Who searches for the registry of a Secret: what its annotation names, else by its first registry. Throws ApiError 404
 * for a name that nobody has.
 */
export async function providerOf(
  scope: OperationScope,
  secret: KubeObject,
  { entries: [first] }: RegistrySecret,
): Promise<Provider> {
  const name = secret.metadata.annotations?.[PROVIDER_ANNOTATION] ?? ''
  if (name === '') return first.registry === DOCKER_HUB ? HUB : HARBOR
  if (name === HUB || name === HARBOR) return name
  const store = await scope.cluster.caches.store(SECRETS, scope.signal)
  for (const { object } of store.entries(SYSTEM)) {
    if (object['type'] !== PROVIDER_TYPE) continue
    const declared = configuration(object)
    if (declared['name'] !== name) continue
    const { type } = declared
    if (type === HUB || type === HARBOR) return type
  }
  throw new ApiError(404, 'NotFound', `imageSearchProvider "${name}" not found`)
}

function configuration(secret: KubeObject): Readonly<Record<string, unknown>> {
  const data = (secret['data'] ?? {}) as Readonly<Record<string, unknown>>
  const encoded = data['configuration.yaml']
  try {
    const text = Buffer.from(typeof encoded === 'string' ? encoded : '', 'base64').toString()
    const value: unknown = parse(text, { maxAliasCount: 0 })
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    // One that cannot be read declares nothing.
    return {}
  }
}

export interface Search {
  readonly provider: Provider
  /** The registry that is searched; undefined for Docker Hub without a login. */
  readonly entry: AuthEntry | undefined
  /** Part of a name. */
  readonly text: string
  /** Address of Docker Hub's search. */
  readonly hub: string
}

/** Names of repositories, one page as the registry gives it. Throws RegistryError, 400 for a host that may not be asked. */
export async function searchRepositories(outbound: Outbound, search: Search): Promise<string[]> {
  const { provider, entry, text, hub } = search
  const isHub = provider === HUB
  const url = isHub ? new URL(hub) : harborSearch(entry)
  url.searchParams.set(isHub ? 'query' : 'q', text)
  // A login for another registry is not Docker Hub's to see.
  const login = !isHub || entry?.registry === DOCKER_HUB ? entry?.login : undefined
  const { status, body } = await ask(outbound, {
    step: 'search',
    url,
    accept: 'application/json',
    authorization: login && login.username !== '' ? basicAuthorization(login) : undefined,
    limit: LONGEST,
  })
  if (status !== 200) {
    const said = refusal(status, body)
    const words = isHub || said.startsWith('unexpected status') ? '' : `, message: ${said}`
    const message = `search images failed with status code: ${status}${words}`
    throw new RegistryError('search', message, { answered: status })
  }
  const fields = jsonObject('search', body)
  return isHub
    ? names(fields['results'], 'repo_name')
    : names(fields['repository'], 'repository_name')
}

function harborSearch(entry: AuthEntry | undefined): URL {
  if (!entry) throw badRequest('the registry to search is not named')
  const path = entry.path === '' ? '' : `/${entry.path}`
  return new URL(`${entry.scheme || 'https'}://${entry.registry}${path}/api/v2.0/search`)
}

function names(list: unknown, field: string): string[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown) => {
    const name = (item as Readonly<Record<string, unknown>> | null)?.[field]
    return typeof name === 'string' ? [name] : []
  })
}
