import { attributes, type Attributes } from '../operation.ts'
import { upstreamOf, type Upstream } from './endpoint.ts'
import type { APIService } from './types.ts'

/** Annotation of an APIService whose server answers GraphQL, too: the path of its endpoint, as in `/graphql`. */
export const GRAPH_ANNOTATION = 'graphql.ks-facade.io/endpoint'

/** A subgraph that an extension brings. */
export interface ExtensionGraph {
  /** Of the APIService. */
  readonly name: string
  readonly group: string
  readonly version: string
  readonly path: string
  readonly upstream: Upstream
}

/** An APIService that announces a graph and cannot have one. */
export interface UnusableGraph {
  readonly name: string
  readonly group: string
  readonly version: string
  readonly message: string
}

/** What a path of an endpoint is made of: no query, no fragment, and no second slash that would make it a host. */
const PATH = /^\/(?!\/)[\w\-.~%!$&'()*+,;=:@/]{0,500}$/

/** The graphs that Available APIServices announce, by name. Those that stand no chance are told with the reason. */
export function announcedGraphs(services: readonly APIService[]): {
  readonly graphs: readonly ExtensionGraph[]
  readonly unusable: readonly UnusableGraph[]
} {
  const graphs: ExtensionGraph[] = []
  const unusable: UnusableGraph[] = []
  for (const { metadata, spec = {}, status } of services) {
    const path = metadata.annotations?.[GRAPH_ANNOTATION]
    if (path === undefined || status?.state !== 'Available') continue
    const { name = '' } = metadata
    const of = { name, group: spec.group ?? '', version: spec.version ?? '' }
    try {
      if (!PATH.test(path)) throw new Error(`"${path.slice(0, 100)}" is no path`)
      if (!of.group) throw new Error('the APIService has no group')
      graphs.push({ ...of, path, upstream: upstreamOf(spec, 'double') })
    } catch (error) {
      unusable.push({ ...of, message: error instanceof Error ? error.message : String(error) })
    }
  }
  return { graphs, unusable }
}

/**
 * What a caller needs for the fields of an extension: what a request of `/kapis/<group>/<version>/graphql` needs, GET to
 * read and POST for mutations.
 */
export function graphAttributes(
  { group, version }: Pick<ExtensionGraph, 'group' | 'version'>,
  verb: 'list' | 'create',
): Attributes {
  return attributes({ verb, apiGroup: group, apiVersion: version, resource: 'graphql' })
}
