import { createHash } from 'node:crypto'
import type { ClusterAccess } from '../../kube/api.ts'
import { openApiIndex, openApiSchemas, type OpenApiPlace } from '../../kube/openapi.ts'
import type { KindInfo } from '../../kube/types.ts'
import { compileDocument, type Compiled } from '../../../resolvers/dynamic/definitions.ts'

/** What the types of kinds are made of, as one cluster serves it now. */
export interface KindSources {
  readonly kinds: readonly KindInfo[]
  /** By group and version. */
  readonly documents: readonly Compiled[]
  /** SHA-256 over all of it: replicas that see the same cluster have the same. */
  readonly hash: string
}

/** Documents that are read at a time. */
const together = 5

/** Milliseconds that one document may take. */
const readMs = 15_000

function groupVersionOf({ group, version }: KindInfo): string {
  return group ? `${group}/${version}` : version
}

function byPlace(a: KindInfo, b: KindInfo): number {
  return `${groupVersionOf(a)} ${a.resource}` < `${groupVersionOf(b)} ${b.resource}` ? -1 : 1
}

/**
 * Reads discovery and OpenAPI documents of a cluster, each document once for as long as its hash stands. `wanted` says
 * which kinds count. Documents that cannot be read leave out their kinds' schemas and are told to `failed`.
 */
export function createKindSources(
  { client, discovery }: Pick<ClusterAccess, 'client' | 'discovery'>,
  options: {
    readonly wanted: (info: KindInfo) => boolean
    readonly breathe: () => Promise<void>
    readonly failed: (groupVersion: string, error: unknown) => void
  },
): { read(signal: AbortSignal): Promise<KindSources> } {
  const { wanted, breathe, failed } = options
  let compiled = new Map<string, { readonly hash: string; readonly document: Compiled }>()

  async function documentOf(
    place: OpenApiPlace,
    signal: AbortSignal,
  ): Promise<Compiled | undefined> {
    const known = compiled.get(place.groupVersion)
    if (known?.hash === place.hash) return known.document
    try {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(readMs)])
      const schemas = await openApiSchemas(client, place, ends)
      await breathe()
      return compileDocument(schemas)
    } catch (error) {
      signal.throwIfAborted()
      failed(place.groupVersion, error)
      return known?.document
    }
  }

  return {
    async read(signal) {
      discovery.invalidate()
      const [all, index] = await Promise.all([
        discovery.kinds(signal),
        openApiIndex(client, signal),
      ])
      const kinds = all.filter(wanted).sort(byPlace)
      const places = [...new Set(kinds.map(groupVersionOf))]
        .map((groupVersion) => index.get(groupVersion))
        .filter((place) => place !== undefined)
      const next: typeof compiled = new Map()
      const queue = places.values()
      const worker = async () => {
        for (const place of queue) {
          const document = await documentOf(place, signal)
          if (document) next.set(place.groupVersion, { hash: place.hash, document })
        }
      }
      await Promise.all(Array.from({ length: together }, worker))
      compiled = next
      const hash = createHash('sha256').update(JSON.stringify(kinds))
      const documents = places.flatMap(({ groupVersion }) => {
        const found = next.get(groupVersion)
        if (!found) return []
        hash.update(`${groupVersion} ${found.hash}\n`)
        return [found.document]
      })
      return { kinds, documents, hash: hash.digest('hex') }
    },
  }
}
