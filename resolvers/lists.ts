import type { ListQuery } from '../gateway/domain/resources/index.ts'
import type { Place, RoleLevel } from '../gateway/domain/iam/index.ts'
import type { KubeObject } from '../gateway/kube/types.ts'
import { connect, type Connection, type ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { rowWith } from './metadata.ts'
import type { Membership, PlatformRole } from './models.ts'
import type { PagingArgs } from './paging.ts'

/** Everything that the caller may see: filter, order and page are the connection's. */
export const everything: ListQuery = {}

/** A connection over objects that an operation answered whole. */
export async function objectConnection<T extends KubeObject>(
  { cursors }: GraphqlContext,
  list: readonly unknown[],
  items: readonly T[],
  args: ListArgs,
): Promise<Connection<T>> {
  const rows = items.map((item) => rowWith(item, item))
  return connect(rows, { cursors, list, args, toNode: ({ item }) => item })
}

/** Roles of one level in one place. */
export async function roleConnection(
  context: GraphqlContext,
  at: Place & { level: RoleLevel },
  args: ListArgs,
): Promise<Connection<PlatformRole>> {
  const { ctx, app, cursors } = context
  const { items } = await ctx.call(app.iam.roles.list, { ...at, query: everything })
  const rows = items.map((role) => rowWith(role, { ...at, role }))
  const list = ['roles', at.level, at.workspace, at.namespace]
  return connect(rows, { cursors, list, args, toNode: ({ item }) => item })
}

/** Accounts with a role in one place, by name. */
export async function memberConnection(
  context: GraphqlContext,
  at: Place & { level: Exclude<RoleLevel, 'global'> },
  args: PagingArgs & { readonly role?: string | null },
): Promise<Connection<Membership>> {
  const { ctx, app, cursors } = context
  const { level, ...place } = at
  const role = args.role ?? undefined
  const { items } = await ctx.call(app.iam.members[level].list, {
    ...place,
    role,
    query: everything,
  })
  const rows = items.map((member) => {
    const metadata = { name: member.username, uid: member.roleRef }
    return rowWith({ metadata }, { ...at, ...member })
  })
  return connect(rows, {
    cursors,
    list: ['members', level, place.workspace, place.namespace, role],
    args,
    defaultOrder: [{ by: 'NAME', direction: 'ASC' }],
    toNode: ({ item }) => item,
  })
}
