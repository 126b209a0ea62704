import { isCached, objectOfRow, objects } from '../gateway/domain/objects/index.ts'
import { kindWords } from '../gateway/domain/resources/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import { connect, type Connection, type ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { readLive } from './live-lists.ts'
import type { ResourceObject } from './models.ts'
import { demandHere, modelOf } from './objects.ts'

/** Arguments of a list of Kubernetes objects. */
export interface ListObjectsArgs extends ListArgs {
  readonly cluster?: string | null | undefined
  readonly namespace?: string | null | undefined
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
  readonly edges: readonly {
    readonly node: ResourceObject
    readonly cluster: string
    readonly cursor: string
  }[]
  readonly resourceVersion: string
  readonly freshness: 'CACHE' | 'LIVE'
}

/** A page of objects of one kind. Throws BAD_USER_INPUT, CURSOR_MISMATCH, FORBIDDEN and what reading throws. */
export async function readList(
  context: GraphqlContext,
  info: KindInfo,
  given: ListObjectsArgs,
): Promise<ObjectConnection> {
  const { cluster, namespace, resourceVersion, consistency, ...args } = given
  const { app, ctx, cursors, live } = context
  await demandHere(app, ctx, cluster)
  if (consistency === 'STRONG' || live(info) || !isCached(info)) {
    return readLive(context, info, given)
  }
  const found = await ctx.call(objects.list, {
    info,
    namespace: namespace ?? '',
    resourceVersion: resourceVersion ?? undefined,
  })
  const { group, version, resource } = info
  const connection = connect(found.rows, {
    cursors,
    list: ['resources', ctx.cluster.name, group, version, resource, namespace ?? ''],
    args,
    words: kindWords(info),
    toNode: (row) => modelOf(ctx, info, objectOfRow(row)),
  })
  const edges = connection.edges.map((edge) => ({
    node: edge.node,
    cluster: ctx.cluster.name,
    get cursor() {
      return edge.cursor
    },
  }))
  return {
    ...connection,
    edges,
    resourceVersion: found.resourceVersion,
    freshness: found.fresh,
  }
}
