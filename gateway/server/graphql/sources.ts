import { createHash } from 'node:crypto'
import type { ClusterAccess } from '../../kube/api.ts'
import { openApiDocument, openApiIndex, type OpenApiPlace } from '../../kube/openapi.ts'
import { groupVersion, type KindInfo } from '../../kube/types.ts'
import { compileDocument, type Compiled } from '../../../resolvers/dynamic/definitions.ts'

/** What the types of kinds are made of, as one cluster serves it now. */
export interface KindSources {
  readonly kinds: readonly KindInfo[]
  /** By group and version, those of Kubernetes first; one that has not changed is the same object as before. */
  readonly documents: readonly Compiled[]
  /** SHA-256 over all of it: replicas that see the same cluster have the same. */
  readonly hash: string
}

/** Documents that are read at a time. */
const together = 5

/** Milliseconds that one document may take. */
const readMs = 15_000

interface Known {
  readonly hash: string
  readonly document: Compiled
}

function byPlace(a: KindInfo, b: KindInfo): number {
  return `${groupVersion(a)} ${a.resource}` < `${groupVersion(b)} ${b.resource}` ? -1 : 1
}

/** What Kubernetes itself brings is stated in its own documents, whatever those of others repeat. */
function rankOf(group: string): number {
  if (group === '') return 0
  return group.includes('.') && !group.endsWith('.k8s.io') ? 2 : 1
}

/** Groups and versions of kinds, each once. */
function placesOf(kinds: readonly KindInfo[]): { group: string; name: string }[] {
  const found = new Map(kinds.map((kind) => [groupVersion(kind), kind.group]))
  return Array.from(found, ([name, group]) => ({ name, group })).sort(
    (a, b) => rankOf(a.group) - rankOf(b.group) || (a.name < b.name ? -1 : 1),
  )
}

/**
 * Reads discovery and OpenAPI documents of a cluster, each document once for as long as its hash stands. `wanted` says
 * which kinds count. Documents that cannot be read are what they were before, and are told to `failed`.
 */
export function createKindSources(
  { client, discovery }: Pick<ClusterAccess, 'client' | 'discovery'>,
  options: {
    readonly wanted: (info: KindInfo) => boolean
    readonly breathe: () => Promise<void>
    readonly failed: (groupVersion: string, error: unknown) => void
  },
): {
  /** `suspect` are groups whose documents may be newer than the index says, which is a second behind. */
  read(signal: AbortSignal, suspect?: ReadonlySet<string>): Promise<KindSources>
} {
  const { wanted, breathe, failed } = options
  let known = new Map<string, Known>()

  async function read(place: OpenApiPlace, signal: AbortSignal): Promise<Known | undefined> {
    const before = known.get(place.groupVersion)
    try {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(readMs)])
      const answer = await openApiDocument(client, place, before?.hash, ends)
      if (!answer) return before
      await breathe()
      return { hash: answer.hash ?? place.hash, document: compileDocument(answer.schemas) }
    } catch (error) {
      signal.throwIfAborted()
      failed(place.groupVersion, error)
      return before
    }
  }

  return {
    async read(signal, suspect = new Set()) {
      discovery.invalidate()
      const [all, index] = await Promise.all([
        discovery.kinds(signal),
        openApiIndex(client, signal),
      ])
      const kinds = all.filter(wanted).sort(byPlace)
      const places = placesOf(kinds)
      const next = new Map<string, Known>()
      const queue = places.values()
      const worker = async () => {
        for (const { name, group } of queue) {
          const place = index.get(name)
          if (!place) continue
          const before = known.get(name)
          const stands = before?.hash === place.hash && !suspect.has(group)
          const found = stands ? before : await read(place, signal)
          if (found) next.set(name, found)
        }
      }
      await Promise.all(Array.from({ length: together }, worker))
      known = next
      const hash = createHash('sha256').update(JSON.stringify(kinds))
      const documents = places.flatMap(({ name }) => {
        const found = next.get(name)
        if (!found) return []
        hash.update(`${name} ${found.hash}\n`)
        return [found.document]
      })
      return { kinds, documents, hash: hash.digest('hex') }
    },
  }
}
