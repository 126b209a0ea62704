import type { KubeClient } from './api.ts'
import { failure } from './client.ts'
import { readBytes } from './body.ts'
import type { KindInfo, Subresource } from './types.ts'

const LIMIT = 64 * 1024 * 1024
const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

interface AggregatedResource {
  resource: string
  responseKind?: { kind?: string } | null
  scope?: string
  singularResource?: string
  verbs?: string[]
  shortNames?: string[]
  categories?: string[]
  subresources?: {
    subresource: string
    responseKind?: { kind?: string } | null
    verbs?: string[]
  }[]
}

interface AggregatedList {
  kind: 'APIGroupDiscoveryList'
  items: {
    metadata?: { name?: string }
    versions?: { version: string; resources?: AggregatedResource[] }[]
  }[]
}

interface GroupList {
  kind?: string
  versions?: string[]
  groups?: {
    name: string
    versions: { version: string }[]
    preferredVersion?: { version: string }
  }[]
}

interface ResourceList {
  resources?: {
    name: string
    kind: string
    singularName?: string
    namespaced?: boolean
    verbs?: string[]
    shortNames?: string[]
    categories?: string[]
  }[]
}

/**
 * Every resource that the API server serves, of sub-resources `scale` and `status`: two aggregated documents where it has them
 * (KEP-3352), else a walk over groups and versions. A group whose server is down is left out.
 */
export async function readDiscovery(client: KubeClient, signal?: AbortSignal): Promise<KindInfo[]> {
  const parts = await Promise.all([read(client, '/api', signal), read(client, '/apis', signal)])
  return parts.flat()
}

async function read(client: KubeClient, path: string, signal?: AbortSignal): Promise<KindInfo[]> {
  const document = await get<AggregatedList | GroupList>(client, path, AGGREGATED, signal)
  if (document.kind === 'APIGroupDiscoveryList') return fromAggregated(document as AggregatedList)
  return walk(client, path, document, signal)
}

async function get<T>(
  client: KubeClient,
  path: string,
  accept: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  const response = await client.stream({ path, headers: { accept }, signal })
  const text = (await readBytes(response.body, LIMIT)).toString()
  if (response.status >= 400) throw failure(response.status, text)
  return JSON.parse(text) as T
}

/** Those that objects of every kind may have, by name; another kind's `scale` is something else. */
function partsOf(
  all: readonly {
    readonly name: string
    readonly kind: string | undefined
    readonly verbs: readonly string[] | undefined
  }[],
): Pick<KindInfo, 'subresources'> {
  const found: Partial<Record<Subresource, readonly string[]>> = {}
  for (const { name, kind, verbs = [] } of all) {
    if (name === 'status' || (name === 'scale' && kind === 'Scale')) found[name] = verbs
  }
  return Object.keys(found).length > 0 ? { subresources: found } : {}
}

function fromAggregated({ items }: AggregatedList): KindInfo[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }, index) =>
      resources.flatMap((of): KindInfo[] => {
        const kind = of.responseKind?.kind
        if (!kind) return []
        return [
          {
            group: metadata?.name ?? '',
            version,
            resource: of.resource,
            kind,
            singular: of.singularResource || kind.toLowerCase(),
            namespaced: of.scope === 'Namespaced',
            verbs: of.verbs ?? [],
            shortNames: of.shortNames ?? [],
            categories: of.categories ?? [],
            preferred: index === 0,
            ...partsOf(
              (of.subresources ?? []).map(({ subresource, responseKind, verbs }) => ({
                name: subresource,
                kind: responseKind?.kind,
                verbs,
              })),
            ),
          },
        ]
      }),
    ),
  )
}

async function walk(
  client: KubeClient,
  path: string,
  { versions, groups }: GroupList,
  signal: AbortSignal | undefined,
): Promise<KindInfo[]> {
  const sources = versions
    ? versions.map((version, index) => ({ group: '', version, preferred: index === 0 }))
    : (groups ?? []).flatMap(({ name, versions: served, preferredVersion }) =>
        served.map(({ version }, index) => ({
          group: name,
          version,
          preferred: preferredVersion ? version === preferredVersion.version : index === 0,
        })),
      )
  const parts = await Promise.all(
    sources.map(async (source) => {
      const at = `${path}/${source.group ? `${source.group}/` : ''}${source.version}`
      try {
        return fromWalk(source, await get<ResourceList>(client, at, 'application/json', signal))
      } catch (error) {
        if (source.group === '') throw error
        return []
      }
    }),
  )
  return parts.flat()
}

function fromWalk(
  source: { group: string; version: string; preferred: boolean },
  { resources = [] }: ResourceList,
): KindInfo[] {
  const parts = Map.groupBy(
    resources.filter(({ name }) => name.includes('/')),
    ({ name }) => name.slice(0, name.indexOf('/')),
  )
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map((of) => ({
      ...source,
      resource: of.name,
      kind: of.kind,
      singular: of.singularName || of.kind.toLowerCase(),
      namespaced: of.namespaced ?? false,
      verbs: of.verbs ?? [],
      shortNames: of.shortNames ?? [],
      categories: of.categories ?? [],
      ...partsOf(
        (parts.get(of.name) ?? []).map(({ name, kind, verbs }) => ({
          name: name.slice(of.name.length + 1),
          kind,
          verbs,
        })),
      ),
    }))
}
