import type { GraphExtension } from '../../../../resolvers/context.ts'
import type { ExtensionGraph, UnusableGraph } from '../../../domain/extensions/index.ts'
import type { GraphSource } from './sources.ts'

/** Most extensions that are composed. */
export const mostExtensions = 30

/**
 * What became of each extension, by name. `refused` holds reasons of the composer; `composed` says whether there is a
 * supergraph at all.
 */
export function verdictsOf(
  unusable: readonly UnusableGraph[],
  read: readonly GraphSource[],
  beyond: readonly ExtensionGraph[],
  refused: ReadonlyMap<string, string>,
  composed: boolean,
): GraphExtension[] {
  const verdict = (
    { name, group, version }: Pick<ExtensionGraph, 'name' | 'group' | 'version'>,
    state: GraphExtension['state'],
    message: string | null,
  ): GraphExtension => ({ name, group, version, state, message })
  return [
    ...unusable.map((of) => verdict(of, 'REFUSED', of.message)),
    ...read.map((source) => {
      const { graph } = source
      if (!('sdl' in source)) return verdict(graph, 'UNREACHABLE', source.message)
      if (!composed) return verdict(graph, 'REFUSED', 'no supergraph can be made now')
      const reason = refused.get(graph.name)
      return reason === undefined
        ? verdict(graph, 'JOINED', null)
        : verdict(graph, 'REFUSED', reason)
    }),
    ...beyond.map((of) => verdict(of, 'REFUSED', `at most ${mostExtensions} extensions can join`)),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
}
