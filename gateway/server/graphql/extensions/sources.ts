import type { UserInfo } from '../../../domain/operation.ts'
import type { ExtensionGraph, GraphClient } from '../../../domain/extensions/index.ts'

/** An extension's graph with its SDL, or why there is none. */
export type GraphSource =
  | { readonly graph: ExtensionGraph; readonly sdl: string }
  | { readonly graph: ExtensionGraph; readonly message: string }

export interface GraphSources {
  /**
   * The SDL of each graph, asked for again once it is older than `freshMs`. A graph that does not answer is known by its
   * last SDL for as long as it stays where it is. Throws what `signal` was aborted with.
   */
  read(graphs: readonly ExtensionGraph[], signal: AbortSignal): Promise<readonly GraphSource[]>
}

/** Longest SDL that is composed. */
const sdlLength = 1024 * 1024

/** Who asks for the SDL: no caller's request, and nobody's rights. */
const self: UserInfo = {
  name: 'system:ks-facade',
  uid: '',
  groups: ['system:authenticated'],
  extra: {},
}

interface Kept {
  readonly sdl: string
  readonly at: number
}

function placeOf({ name, path, upstream }: ExtensionGraph): string {
  return [name, upstream.url.origin, path].join(' ')
}

/** `now` is milliseconds of a clock that is never set. */
export function createGraphSources(
  client: GraphClient,
  { now, freshMs }: { readonly now: () => number; readonly freshMs: number },
): GraphSources {
  let kept = new Map<string, Kept>()

  async function fetchSdl(graph: ExtensionGraph, signal: AbortSignal): Promise<string> {
    const answer = await client.ask(graph, { query: '{ _service { sdl } }' }, self, signal)
    const service = answer.data?.['_service'] as { readonly sdl?: unknown } | null | undefined
    const sdl = service?.sdl
    if (typeof sdl !== 'string' || sdl.trim() === '') {
      throw new Error('the endpoint has no `_service { sdl }`: it is no subgraph of the federation')
    }
    if (sdl.length > sdlLength) throw new Error(`the SDL is longer than ${sdlLength} characters`)
    return sdl
  }

  return {
    async read(graphs, signal) {
      const next = new Map<string, Kept>()
      const sources = await Promise.all(
        graphs.map(async (graph): Promise<GraphSource> => {
          const place = placeOf(graph)
          const before = kept.get(place)
          if (before && now() - before.at < freshMs) {
            next.set(place, before)
            return { graph, sdl: before.sdl }
          }
          try {
            const sdl = await fetchSdl(graph, signal)
            next.set(place, { sdl, at: now() })
            return { graph, sdl }
          } catch (error) {
            signal.throwIfAborted()
            if (before) {
              next.set(place, before)
              return { graph, sdl: before.sdl }
            }
            return { graph, message: error instanceof Error ? error.message : String(error) }
          }
        }),
      )
      kept = next
      return sources
    },
  }
}
