import { objects, type LivePage } from '../gateway/domain/objects/index.ts'
import { rowOf, type Selection } from '../gateway/domain/selection/index.ts'
import { kindWords } from '../gateway/domain/resources/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import { ApiError } from '../gateway/lib/errors.ts'
import { connect } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { bindingOf, type Position } from './cursor.ts'
import { inputError } from './errors.ts'
import { answeredBy, type ListObjectsArgs, type ObjectConnection } from './object-lists.ts'
import { modelOf } from './objects.ts'
import { withoutOwners } from './owner-filter.ts'
import { ClusterEdge, EdgesInfo, inCluster } from './page-edges.ts'
import { windowOf } from './paging.ts'

/** Most objects that are sorted and filtered here. */
const whole = 500

/** What the API server itself can look for. */
interface Pushed {
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** The part of a filter that the API server understands, and whether that is all of it. */
function pushDown(filter: Selection | null | undefined): { pushed: Pushed; rest: boolean } {
  const { labelSelector, names, ...others } = filter ?? {}
  const one = names?.length === 1 ? names[0] : undefined
  const rest = Object.values(others).some(given) || (given(names) && one === undefined)
  return {
    pushed: {
      labelSelector: labelSelector ?? undefined,
      fieldSelector: one === undefined ? undefined : `metadata.name=${one}`,
    },
    rest,
  }
}

/** Where a page begins: the server's token, items to skip behind it, items before it. */
interface Start {
  readonly token: string
  readonly skip: number
  readonly before: number
}

function startOf(position: Position | undefined): Start {
  const [token, skip, before] = position ?? ['', 0, 0]
  return { token: String(token ?? ''), skip: Number(skip ?? 0), before: Number(before ?? 0) }
}

/**
 * A page of a list that the API server answers itself. It is cut by the server's own tokens unless the document asks for
 * a filter, an order or a direction that the server does not know: then the list must fit one chunk of 500, else
 * UNSUPPORTED_IN_LIVE_MODE. Throws CURSOR_EXPIRED for a token that is too old, where there is one with
 * `extensions.inconsistentCursor` to go on with.
 */
export async function readLive(
  context: GraphqlContext,
  info: KindInfo,
  args: ListObjectsArgs,
): Promise<ObjectConnection> {
  const { ctx, cursors } = context
  const since = performance.now()
  const namespace = args.namespace ?? ''
  const { group, version, resource } = info
  const list = ['live', ctx.cluster.name, group, version, resource, namespace]
  const { pushed, rest } = pushDown(args.filter)
  const turned = [args.last, args.before].some(given) || (args.page ?? 1) > 1
  if (rest || turned || (args.orderBy ?? []).length > 0) {
    return wholeList(context, info, args, { list, pushed, since })
  }
  const binding = bindingOf(list, args.filter ?? null, null)
  const window = windowOf(args, (cursor) => cursors.decode(binding, cursor))
  const start = startOf(window.kind === 'cursor' ? window.after : undefined)
  const page = await ctx
    .call(objects.livePage, {
      info,
      namespace,
      limit: window.size + start.skip,
      ...pushed,
      continue: start.token || undefined,
    })
    .catch((error: unknown) => {
      throw expired(error, (token) => cursors.encode(binding, [token, 0, start.before]))
    })
  const items = page.items.slice(start.skip)
  const before = start.before + start.skip
  const cursorAt = (index: number) => {
    const last = index === items.length - 1 && page.continue
    const position = last
      ? [page.continue, 0, before + items.length]
      : [start.token, start.skip + index + 1, start.before]
    return cursors.encode(binding, position)
  }
  const edges = items.map(
    (item, index) =>
      new ClusterEdge(ctx.cluster.name, modelOf(ctx, info, item), () => cursorAt(index)),
  )
  const totalCount = totalOf(page, before + items.length)
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: new EdgesInfo(edges, {
      hasNextPage: page.continue !== '',
      hasPreviousPage: before > 0,
    }),
    totalCount,
    pageCount: totalCount === null ? null : Math.ceil(totalCount / window.size),
    resourceVersion: page.resourceVersion,
    ...liveAnswer(ctx.cluster.name, totalCount, since),
  }
}

function liveAnswer(cluster: string, totalCount: number | null, since: number) {
  const freshness = 'LIVE' as const
  return { freshness, clusterResults: [answeredBy(cluster, { totalCount, freshness }, since)] }
}

/** Items of the whole list, where the server says so or the list has ended. */
function totalOf(page: LivePage, seen: number): number | null {
  if (!page.continue) return seen
  return page.remaining === undefined ? null : seen + page.remaining
}

async function wholeList(
  context: GraphqlContext,
  info: KindInfo,
  args: ListObjectsArgs,
  {
    list,
    pushed,
    since,
  }: { readonly list: readonly string[]; readonly pushed: Pushed; readonly since: number },
): Promise<ObjectConnection> {
  const { ctx, cursors } = context
  const place = { info, namespace: args.namespace ?? '' }
  const at = { ...place, limit: whole, ...pushed }
  const page = await ctx.call(objects.livePage, at)
  if (page.continue) {
    throw inputError(
      `read from the API server, more than ${whole} objects can be filtered by label selector or one name alone, in no order`,
      'UNSUPPORTED_IN_LIVE_MODE',
    )
  }
  const connection = await connect(page.items.map(rowOf), {
    signal: ctx.signal,
    cursors,
    list,
    args,
    wanted: await withoutOwners(context, [place], args.filter),
    words: kindWords(info),
    toNode: ({ object }) => modelOf(ctx, info, object),
  })
  return {
    ...connection,
    edges: inCluster(ctx.cluster.name, connection.edges),
    resourceVersion: page.resourceVersion,
    ...liveAnswer(ctx.cluster.name, connection.totalCount, since),
  }
}

/** The error of a token that is too old, with the one that goes on at the price of consistency. */
function expired(error: unknown, cursorOf: (token: string) => string): unknown {
  if (!(error instanceof ApiError) || error.code !== 410) return error
  const token = error.status?.metadata?.['continue']
  const failure = inputError(error.message, 'CURSOR_EXPIRED')
  if (typeof token === 'string' && token) {
    failure.extensions['inconsistentCursor'] = cursorOf(token)
  }
  return failure
}
