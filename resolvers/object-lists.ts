import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import {
  isCached,
  listAllowed,
  objectOfRow,
  objects,
  type AllowedList,
} from '../gateway/domain/objects/index.ts'
import { kindWords } from '../gateway/domain/resources/index.ts'
import type { Row } from '../gateway/domain/selection/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import { ApiError } from '../gateway/lib/errors.ts'
import { connect, connectSorted, type Connection, type ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { codeOf, inputError } from './errors.ts'
import { readLive } from './live-lists.ts'
import { readClusters } from './many-clusters.ts'
import type { ResourceObject } from './models.ts'
import { modelOf } from './objects.ts'
import { withoutOwners } from './owner-filter.ts'
import { inCluster, type ClusterEdge } from './page-edges.ts'

/** Arguments of a list of Kubernetes objects. */
export interface ListObjectsArgs extends ListArgs {
  readonly cluster?: string | null | undefined
  readonly clusters?: readonly string[] | null | undefined
  readonly clusterTimeoutMs?: number | null | undefined
  readonly namespace?: string | null | undefined
  readonly accessibleOnly?: boolean | null | undefined
  readonly resourceVersion?: string | null | undefined
  readonly consistency?: 'CACHED' | 'STRONG' | null | undefined
}

export interface ObjectConnection extends Omit<
  Connection<ResourceObject>,
  'edges' | 'totalCount' | 'pageCount'
> {
  /** Null where a list that the API server cuts does not tell. */
  readonly totalCount: number | null
  readonly pageCount: number | null
  readonly edges: readonly ClusterEdge<ResourceObject>[]
  readonly resourceVersion: string
  readonly freshness: 'CACHE' | 'LIVE'
  readonly clusterResults: readonly ClusterResult[]
}

/** What one cluster answered to a list. */
export interface ClusterResult {
  readonly cluster: string
  readonly ok: boolean
  readonly code: string | null
  readonly message: string | null
  readonly count: number | null
  readonly durationMs: number
  readonly freshness: 'CACHE' | 'LIVE' | null
  readonly namespaces: readonly string[] | null
}

/** The result of a cluster that answered. `since` as `performance.now()` gave it. */
export function answeredBy(
  cluster: string,
  { totalCount, freshness }: Pick<ObjectConnection, 'totalCount' | 'freshness'>,
  since: number,
  namespaces: readonly string[] | null = null,
): ClusterResult {
  const durationMs = Math.round((performance.now() - since) * 1000) / 1000
  const rest = { code: null, message: null, count: totalCount, durationMs, freshness, namespaces }
  return { cluster, ok: true, ...rest }
}

/** What went wrong in one cluster of several, and where. */
export interface ClusterFailure {
  readonly cluster: string
  readonly error: unknown
  /** What the cluster was asked for. */
  readonly what: 'list' | 'watch'
  readonly durationMs: number
  /** What is said of one that does not serve the kind. Default: what it says itself. */
  readonly differs?: string
}

/** The result of a cluster that did not answer, or not with objects; `log` hears of mistakes of ours. */
export function failedIn(log: Logger, failure: ClusterFailure): ClusterResult {
  const { cluster, error, what, durationMs, differs } = failure
  const failed = { cluster, ok: false, count: null, durationMs, freshness: null, namespaces: null }
  if (error instanceof GraphQLError) {
    return { ...failed, code: String(error.extensions['code']), message: error.message }
  }
  if (!(error instanceof ApiError)) {
    log.error({ err: error, cluster }, `graphql: internal error in a ${what} of clusters`)
    return { ...failed, code: 'INTERNAL_SERVER_ERROR', message: 'internal server error' }
  }
  if (error.code === 404) {
    return { ...failed, code: 'SCHEMA_DIFFERS', message: differs ?? error.message }
  }
  return { ...failed, code: codeOf(error), message: error.message }
}

/**
 * A page of objects of one kind, of one cluster or of several. Throws BAD_USER_INPUT, CURSOR_MISMATCH, FORBIDDEN and what
 * reading throws.
 */
export async function readList(
  context: GraphqlContext,
  info: KindInfo,
  args: ListObjectsArgs,
): Promise<ObjectConnection> {
  if (!args.clusters) return readCluster(await context.at(args.cluster), info, args)
  if (args.cluster) throw inputError('"cluster" and "clusters" cannot be mixed')
  return readClusters(context, info, { ...args, clusters: args.clusters })
}

/** A page of the objects in the cluster of the context. */
export async function readCluster(
  context: GraphqlContext,
  info: KindInfo,
  args: ListObjectsArgs,
): Promise<ObjectConnection> {
  const { ctx, cursors, live } = context
  const { consistency } = args
  const since = performance.now()
  if (consistency === 'STRONG' || live(info) || !isCached(info)) {
    return readLive(context, info, args)
  }
  const namespace = args.namespace ?? ''
  const resourceVersion = args.resourceVersion ?? undefined
  const place = { info, namespace, resourceVersion }
  const found: AllowedList = args.accessibleOnly
    ? await listAllowed(ctx, place)
    : Object.assign(await ctx.call(objects.list, place), { namespaces: null })
  const { group, version, resource } = info
  const words = kindWords(info)
  const places = (found.namespaces ?? [namespace]).map((at) => ({ info, namespace: at }))
  const filter = await withoutOwners(context, places, args.filter)
  const { orderBy } = args
  const { signal } = ctx
  const sorted = await found.arranged?.({ filter, orderBy, words, signal })
  const options = {
    cursors,
    list: ['resources', ctx.cluster.name, group, version, resource, namespace],
    args,
    wanted: filter,
    words,
    texts: found.texts,
    signal,
    toNode: (row: Row) => modelOf(ctx, info, objectOfRow(row)),
  }
  const connection = sorted ? connectSorted(sorted, options) : await connect(found.rows, options)
  const edges = inCluster(ctx.cluster.name, connection.edges)
  const { totalCount } = connection
  const answer = { totalCount, freshness: found.fresh }
  const { namespaces } = found
  return {
    ...connection,
    edges,
    resourceVersion: found.resourceVersion,
    freshness: found.fresh,
    clusterResults: [answeredBy(ctx.cluster.name, answer, since, namespaces)],
  }
}
