import { objects, type Table, type TableColumn } from '../gateway/domain/objects/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import type { GraphqlContext } from './context.ts'
import { bindingOf } from './cursor.ts'
import { encodeId } from './ids.ts'
import { kindHere, loadObject, type ObjectAddress } from './objects.ts'
import { windowOf } from './paging.ts'
import type { Resolvers } from './types.generated.ts'

export interface TableArgs {
  readonly namespace?: string | null | undefined
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly labelSelector?: string | null | undefined
  readonly fieldSelector?: string | null | undefined
}

/** A row and the object that it is of. */
export interface TableRow {
  readonly at: ObjectAddress
  readonly cells: readonly unknown[]
}

export interface ResourceTable extends Pick<Table, 'columns' | 'resourceVersion'> {
  readonly rows: readonly TableRow[]
  readonly totalCount: number | null
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: null
    readonly endCursor: string | null
  }
}

/** A page of a kind's table, in the cluster of the context. Throws BAD_USER_INPUT, CURSOR_MISMATCH and what reading throws. */
async function readTable(
  { ctx, cursors }: GraphqlContext,
  info: KindInfo,
  args: TableArgs,
): Promise<ResourceTable> {
  const { group, version, resource } = info
  const cluster = ctx.cluster.name
  const namespace = args.namespace ?? ''
  const selectors = {
    labelSelector: args.labelSelector || undefined,
    fieldSelector: args.fieldSelector || undefined,
  }
  const binding = bindingOf(['table', cluster, group, version, resource, namespace], selectors)
  const { first, after } = args
  const window = windowOf({ first, after }, (cursor) => cursors.decode(binding, cursor))
  const [token = '', before = 0] = (window.kind === 'cursor' && window.after) || []
  const read = await ctx.call(objects.table, {
    info,
    namespace,
    limit: window.size,
    ...selectors,
    continue: String(token) || undefined,
  })
  const seen = Number(before) + read.rows.length
  const rest = read.continue ? read.remaining : 0
  return {
    columns: read.columns,
    rows: read.rows.map(({ cells, name, namespace: of }) => ({
      at: { cluster, group, version, resource, namespace: of, name },
      cells,
    })),
    resourceVersion: read.resourceVersion,
    totalCount: rest === undefined ? null : seen + rest,
    pageInfo: {
      hasNextPage: read.continue !== '',
      hasPreviousPage: token !== '',
      startCursor: null,
      endCursor: read.continue ? cursors.encode(binding, [read.continue, seen]) : null,
    },
  }
}

/** Columns of a kind's table; null where it has none. */
export async function columnsOf(
  { ctx }: GraphqlContext,
  info: KindInfo,
  namespace: string,
): Promise<readonly TableColumn[] | null> {
  if (!info.verbs.includes('list')) return null
  const place = { info, namespace: info.namespaced ? namespace : '' }
  return (await ctx.call(objects.table, { ...place, limit: 1 })).columns
}

export const tables: Pick<Resolvers, 'Query' | 'TableRow'> = {
  Query: {
    table: async (_root, { kind, cluster, ...args }, context) => {
      const here = await context.at(cluster)
      return readTable(here, await kindHere(here, kind), args)
    },
  },
  TableRow: {
    id: ({ at }) => encodeId(at),
    namespace: ({ at }) => at.namespace || null,
    name: ({ at }) => at.name,
    object: ({ at }, _args, context) => loadObject(context, at),
  },
}
