import { listAllowed } from '../gateway/domain/objects/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import { ApiError } from '../gateway/lib/errors.ts'
import type { ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import type { ObjectConnection } from './object-lists.ts'
import { withoutOwners } from './owner-filter.ts'
import { KindRow, kindsPage, relatedRows } from './relations.ts'

export interface CategoryArgs extends ListArgs {
  readonly category: string
  readonly namespace?: string | null | undefined
  readonly accessibleOnly?: boolean | null | undefined
}

/** Most kinds of one list. */
const mostKinds = 30

interface Found {
  readonly info: KindInfo
  readonly rows: readonly KindRow[]
  readonly namespaces: readonly string[] | null
}

async function readKind(
  context: GraphqlContext,
  info: KindInfo,
  args: CategoryArgs,
): Promise<Found> {
  const namespace = args.namespace ?? ''
  if (!args.accessibleOnly || context.ctx.cluster !== context.app.clusters.host) {
    const rows = await relatedRows(context, info, namespace, (of) => of.all())
    return { info, rows, namespaces: null }
  }
  const { rows, namespaces } = await listAllowed(context.ctx, {
    info,
    namespace,
    live: context.live(info),
  })
  return { info, rows: rows.map((row) => new KindRow(info, row)), namespaces }
}

/**
 * A page of the objects of all kinds of a category, in the cluster of the context. Throws BAD_USER_INPUT for a category
 * that no kind is in, FORBIDDEN where one of the kinds may not be listed, unless the caller is content with the others.
 */
export async function readCategory(
  context: GraphqlContext,
  args: CategoryArgs,
): Promise<ObjectConnection> {
  const { category, namespace, accessibleOnly } = args
  const kinds = await context.ctx.cluster.discovery.kinds(context.ctx.signal)
  const wanted = kinds.filter(
    (info) =>
      info.categories.includes(category) &&
      info.preferred &&
      info.verbs.includes('list') &&
      (info.namespaced || !namespace) &&
      context.shown(info),
  )
  if (wanted.length === 0) throw inputError(`no kind is in the category "${category}"`)
  if (wanted.length > mostKinds) {
    throw inputError(`more than ${mostKinds} kinds are in the category "${category}"`)
  }
  const answers = await Promise.all(
    wanted.map((info) =>
      readKind(context, info, args).catch((error: unknown) => {
        if (accessibleOnly && error instanceof ApiError && error.code === 403) return undefined
        throw error
      }),
    ),
  )
  const found = answers.filter((one) => one !== undefined)
  if (found.length === 0) throw new ApiError(403, 'Forbidden', 'you may list none of these kinds')
  const places = new Set(found.flatMap(({ namespaces }) => namespaces ?? []))
  const read = found.flatMap(({ info, namespaces }) =>
    (namespaces ?? [namespace ?? '']).map((at) => ({ info, namespace: info.namespaced ? at : '' })),
  )
  return kindsPage(
    context,
    ['category', category, namespace ?? '', accessibleOnly ?? false],
    found.flatMap(({ rows }) => rows),
    args,
    places.size > 0 ? [...places].sort() : null,
    await withoutOwners(context, read, args.filter),
  )
}
