import { attributes, type Attributes } from '../operation.ts'
import { upstreamOf, type Upstream } from './endpoint.ts'
import type { APIService, ExtensionEntry } from './types.ts'

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

/** Of an object of Kubernetes. */
const longestName = 253

/** The names of the APIServices that Available entries say have a graph, with the entry that says so. */
function namedBy(entries: readonly ExtensionEntry[]): ReadonlyMap<string, string> {
  const named = new Map<string, string>()
  for (const { metadata, spec, status } of entries) {
    if (status?.state !== 'Available') continue
    for (const entry of spec?.entries ?? []) {
      const name = (entry as { graphql?: { apiService?: unknown } | null } | null)?.graphql
        ?.apiService
      if (typeof name !== 'string' || name.length > longestName || named.has(name)) continue
      named.set(name, metadata.name ?? '')
    }
  }
  return named
}

/**
 * The graphs that Available APIServices announce, by name: with the path that an annotation says, or, named by an Available
 * ExtensionEntry, where the proxy has them (`/kapis/<group>/<version>/graphql`). Those that stand no chance are told with the
 * reason. An entry says neither an address nor a path: whoever may write menus decides nothing about where callers are named.
 */
export function announcedGraphs(
  services: readonly APIService[],
  entries: readonly ExtensionEntry[] = [],
): {
  readonly graphs: readonly ExtensionGraph[]
  readonly unusable: readonly UnusableGraph[]
} {
  const graphs: ExtensionGraph[] = []
  const unusable: UnusableGraph[] = []
  const named = namedBy(entries)
  for (const { metadata, spec = {}, status } of services) {
    const { name = '' } = metadata
    const { group = '', version = '' } = spec
    const path =
      metadata.annotations?.[GRAPH_ANNOTATION] ??
      (named.has(name) ? `/kapis/${group}/${version}/graphql` : undefined)
    if (path === undefined || status?.state !== 'Available') continue
    const of = { name, group, version }
    try {
      if (!PATH.test(path)) throw new Error(`"${path.slice(0, 100)}" is no path`)
      if (!group) throw new Error('the APIService has no group')
      graphs.push({ ...of, path, upstream: upstreamOf(spec, 'double') })
    } catch (error) {
      unusable.push({ ...of, message: error instanceof Error ? error.message : String(error) })
    }
  }
  const available = new Set(
    services
      .filter(({ status }) => status?.state === 'Available')
      .map(({ metadata }) => metadata.name),
  )
  for (const [name, entry] of named) {
    if (available.has(name)) continue
    const message = `the ExtensionEntry ${entry} names an APIService that is not Available`
    unusable.push({ name, group: '', version: '', message })
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
