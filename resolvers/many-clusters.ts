import { GraphQLError } from 'graphql'
import { kindWords } from '../gateway/domain/resources/index.ts'
import { rowOf, totalOrder, type Order } from '../gateway/domain/selection/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import type { GraphqlContext } from './context.ts'
import { bindingOf } from './cursor.ts'
import { inputError } from './errors.ts'
import { clustersOf, deadline } from './named-clusters.ts'
import {
  failedIn,
  readCluster,
  type ClusterResult,
  type ListObjectsArgs,
  type ObjectConnection,
} from './object-lists.ts'
import { ClusterEdge, EdgesInfo } from './page-edges.ts'
import { windowOf } from './paging.ts'

type Edge = ObjectConnection['edges'][number]
type Positions = Readonly<Record<string, string>>

interface Args extends ListObjectsArgs {
  readonly clusters: readonly string[]
}

/** Clusters that are asked at a time. */
const together = 16

const timeouts = { least: 100, most: 30_000 }

/** The order in which an API server lists, as far as names without punctuation go. */
const byPlace: readonly Order[] = [
  { by: 'NAMESPACE', direction: 'ASC' },
  { by: 'NAME', direction: 'ASC' },
]

/** What one cluster answered: its page, or why there is none. */
interface Part {
  readonly result: ClusterResult
  readonly page?: ObjectConnection
  readonly error?: unknown
}

/**
 * One page out of several clusters, read side by side, each at most as many objects as the page has and no longer than
 * its deadline. A cluster that fails gives a verdict in `clusterResults` and is read from where it stood by the next
 * page; the field fails where all of them do. Throws BAD_USER_INPUT, CURSOR_MISMATCH and UNSUPPORTED_IN_LIVE_MODE.
 */
export async function readClusters(
  context: GraphqlContext,
  info: KindInfo,
  args: Args,
): Promise<ObjectConnection> {
  const { cursors } = context
  const { group, version, resource } = info
  const list = ['clusters', args.clusters, group, version, resource, args.namespace ?? '']
  const binding = bindingOf(list, args.filter ?? null, args.orderBy ?? null)
  const window = windowOf(args, (cursor) => cursors.decode(binding, cursor))
  if (window.kind === 'page' ? window.page > 1 : window.backward || window.before) {
    throw inputError(
      'a list of several clusters is read forward, by cursors',
      'UNSUPPORTED_IN_LIVE_MODE',
    )
  }
  const after = window.kind === 'cursor' ? window.after : undefined
  const from = positionsOf(after?.[0])
  const ms = args.clusterTimeoutMs ?? context.app.config.facade.graphql.clusterTimeoutMs
  if (ms < timeouts.least || ms > timeouts.most) {
    throw inputError(`"clusterTimeoutMs" must be from ${timeouts.least} to ${timeouts.most}`)
  }
  const names = await clustersOf(context, args.clusters, ms)
  const parts = await readParts(context, info, { ...args, first: window.size, ms }, names, from)
  const answers = parts.flatMap(({ page, result }) =>
    page ? [{ page, cluster: result.cluster }] : [],
  )
  const pages = answers.map(({ page }) => page)
  if (pages.length === 0) throw parts[0]?.error ?? inputError('no cluster is named')

  const edges = merge(answers, window.size, args.orderBy, info)
  const cursorAt = (index: number) => {
    const positions = { ...from }
    for (const { cluster, own } of edges.slice(0, index + 1)) positions[cluster] = own.cursor
    return cursors.encode(binding, [JSON.stringify(positions)])
  }
  const taken = edges.map(
    ({ own, cluster }, index) => new ClusterEdge(cluster, own.node, () => cursorAt(index)),
  )
  const readable = pages.reduce((sum, page) => sum + page.edges.length, 0)
  const totals = parts.map(({ result }) => result.count)
  const totalCount = totals.every((count) => count !== null)
    ? totals.reduce((sum, count) => sum + count, 0)
    : null
  return {
    edges: taken,
    nodes: taken.map(({ node }) => node),
    pageInfo: new EdgesInfo(taken, {
      hasNextPage: readable > edges.length || pages.some(({ pageInfo }) => pageInfo.hasNextPage),
      hasPreviousPage: after !== undefined,
    }),
    totalCount,
    pageCount: totalCount === null ? null : Math.ceil(totalCount / window.size),
    resourceVersion: '',
    freshness: pages.every(({ freshness }) => freshness === 'CACHE') ? 'CACHE' : 'LIVE',
    clusterResults: parts.map(({ result }) => result),
  }
}

/** Where each cluster stands, out of a cursor. */
function positionsOf(text: unknown): Positions {
  return typeof text === 'string' ? (JSON.parse(text) as Positions) : {}
}

async function readParts(
  context: GraphqlContext,
  info: KindInfo,
  args: Args & { readonly first: number; readonly ms: number },
  names: readonly string[],
  from: Positions,
): Promise<Part[]> {
  const { cluster: _none, clusters: _all, page: _page, limit: _limit, ms, ...rest } = args
  const parts: Part[] = []
  const queue = names.entries()
  const worker = async () => {
    for (const [index, name] of queue) {
      const asked = { ...rest, after: from[name] ?? null }
      parts[index] = await readPart(context, info, name, asked, ms)
    }
  }
  await Promise.all(Array.from({ length: Math.min(together, names.length) }, worker))
  return parts
}

/** The page of one cluster, within its time. */
async function readPart(
  context: GraphqlContext,
  info: KindInfo,
  cluster: string,
  args: ListObjectsArgs,
  ms: number,
): Promise<Part> {
  const since = performance.now()
  using end = deadline(ms, `cluster ${cluster}`)
  const signal = AbortSignal.any([context.ctx.signal, end.signal])
  try {
    const page = await Promise.race([readFrom(context, info, cluster, args, signal), end.late])
    const [result] = page.clusterResults
    if (!result) throw new TypeError('a list has no result')
    return { result: { ...result, cluster, durationMs: performance.now() - since }, page }
  } catch (error) {
    const durationMs = performance.now() - since
    const { resource, group, version } = info
    const differs = `cluster ${cluster} does not serve ${resource} as ${group || 'core'}/${version}`
    const failure = { cluster, error, what: 'list', durationMs, differs } as const
    return { result: failedIn(context.app.log, failure), error }
  }
}

async function readFrom(
  context: GraphqlContext,
  info: KindInfo,
  cluster: string,
  args: ListObjectsArgs,
  signal: AbortSignal,
): Promise<ObjectConnection> {
  const there = await context.at(cluster, signal)
  // A member lists in this order by itself; where it is asked for, the list must fit one chunk.
  const ordered = there.live(info) || args.orderBy?.length ? args : { ...args, orderBy: byPlace }
  try {
    return await readCluster(there, info, ordered)
  } catch (error) {
    // Parts of a list over clusters are of no one moment anyhow.
    const again = error instanceof GraphQLError && error.extensions['inconsistentCursor']
    if (typeof again !== 'string') throw error
    return readCluster(there, info, { ...ordered, after: again })
  }
}

/** The first `size` edges of pages that are sorted already. */
function merge(
  answers: readonly { readonly page: ObjectConnection; readonly cluster: string }[],
  size: number,
  orderBy: Args['orderBy'],
  info: KindInfo,
): { readonly cluster: string; readonly own: Edge }[] {
  const order = totalOrder(orderBy?.length ? orderBy : byPlace, kindWords(info))
  const heads = answers.map(({ page, cluster }) => ({
    cluster,
    rows: page.edges.map((own) => ({ own, row: rowOf(own.node.object) })),
    next: 0,
  }))
  const merged: { cluster: string; own: Edge }[] = []
  while (merged.length < size) {
    let best: (typeof heads)[number] | undefined
    for (const head of heads) {
      const row = head.rows[head.next]?.row
      const first = best?.rows[best.next]?.row
      if (row && (!first || order.compare(row, first) < 0)) best = head
    }
    const own = best?.rows[best.next]?.own
    if (!best || !own) return merged
    merged.push({ cluster: best.cluster, own })
    best.next++
  }
  return merged
}
