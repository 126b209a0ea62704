import { objectOfRow, type Related } from '../gateway/domain/objects/index.ts'
import { mostLevels, type Row, type Selection } from '../gateway/domain/selection/index.ts'
import type { KindInfo, KubeObject } from '../gateway/kube/types.ts'
import { connect, type ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { inputError } from './errors.ts'
import type { ResourceObject } from './models.ts'
import { modelOf } from './objects.ts'
import { answeredBy, type ObjectConnection } from './object-lists.ts'
import { inCluster } from './page-edges.ts'
import type { PagingArgs } from './paging.ts'

/** What the objects of Kubernetes own: all that is looked among unless the document says more. */
const usuallyOwned = [
  'replicasets.apps',
  'pods',
  'jobs.batch',
  'controllerrevisions.apps',
  'endpointslices.discovery.k8s.io',
]

/** Most kinds that one field looks among. */
const mostKinds = 10

/** How many objects are found at most by following owners. */
const mostOwned = 10_000

/** A row with the kind that it is of. */
export class KindRow implements Row {
  readonly of: KindInfo
  readonly row: Row
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly created: number
  readonly labels: Readonly<Record<string, string>>

  constructor(of: KindInfo, row: Row) {
    this.of = of
    this.row = row
    this.namespace = row.namespace
    this.name = row.name
    this.uid = row.uid
    this.created = row.created
    this.labels = row.labels
  }

  get annotations(): Readonly<Record<string, string>> {
    return this.row.annotations
  }

  get object(): KubeObject {
    return this.row.object
  }
}

/** A page of objects that an object leads to. */
export async function relatedPage(
  context: GraphqlContext,
  parent: ResourceObject,
  field: string,
  rows: readonly KindRow[],
  args: PagingArgs,
): Promise<ObjectConnection> {
  const { uid = '', name } = parent.object.metadata
  return kindsPage(context, ['related', field, parent.info.resource, uid || name], rows, args)
}

/** A page of objects of several kinds; `list` names it beside its cluster, `wanted` is as in `connect`. */
export async function kindsPage(
  { cursors, ctx, live }: GraphqlContext,
  list: readonly unknown[],
  rows: readonly KindRow[],
  args: ListArgs,
  namespaces: readonly string[] | null = null,
  wanted?: Selection | null,
): Promise<ObjectConnection> {
  const since = performance.now()
  const connection = await connect(rows, {
    signal: ctx.signal,
    cursors,
    list: [ctx.cluster.name, ...list],
    args,
    wanted,
    toNode: (row) => modelOf(ctx, row.of, objectOfRow(row.row)),
  })
  const { totalCount } = connection
  const freshness = rows.some(({ of }) => live(of)) ? 'LIVE' : 'CACHE'
  return {
    ...connection,
    edges: inCluster(ctx.cluster.name, connection.edges),
    resourceVersion: '',
    freshness,
    clusterResults: [answeredBy(ctx.cluster.name, { totalCount, freshness }, since, namespaces)],
  }
}

/** The kind called `name`: a plural, `plural.group` or a kind. Throws BAD_USER_INPUT. */
async function kindCalled({ ctx, shown }: GraphqlContext, name: string): Promise<KindInfo> {
  const [resource = '', ...group] = name.split('.')
  const kinds = await ctx.cluster.discovery.kinds(ctx.signal)
  const fits = kinds.filter(
    (info) =>
      (info.resource === resource || info.kind === resource) &&
      (group.length === 0 || info.group === group.join('.')) &&
      info.preferred &&
      shown(info),
  )
  const found = fits.find((info) => info.group === '') ?? fits[0]
  if (!found) throw inputError(`no kind "${name}" is served`)
  return found
}

/** Objects of a kind that have to do with another, searched where they may be. */
export async function relatedRows(
  { loaders }: GraphqlContext,
  info: KindInfo,
  namespace: string,
  find: (related: Related) => Row[] | Promise<Row[]>,
): Promise<KindRow[]> {
  const related = await loaders.related.load({ info, namespace: info.namespaced ? namespace : '' })
  return (await find(related)).map((row) => new KindRow(info, row))
}

/** A kind by group and plural; undefined where it is not served. */
export async function kindAt(
  { ctx, shown }: GraphqlContext,
  group: string,
  resource: string,
): Promise<KindInfo | undefined> {
  const info = await ctx.cluster.discovery.find({ group, resource })
  return info && shown(info) ? info : undefined
}

export interface OwnedArgs extends PagingArgs {
  readonly kinds?: readonly string[] | null
  readonly depth?: number | null
}

/**
 * What an object owns, and with a `depth` what is owned by that, each object once. An owned object is in its owner's
 * namespace, or anywhere under one without: however deep it goes, each kind is listed once at most.
 */
export async function ownedBy(
  parent: ResourceObject,
  { kinds, depth, ...args }: OwnedArgs,
  context: GraphqlContext,
): Promise<ObjectConnection> {
  const levels = depth ?? 1
  if (kinds && kinds.length > mostKinds) throw inputError(`at most ${mostKinds} kinds at a time`)
  if (levels < 1 || levels > mostLevels) throw inputError(`depth must be 1 to ${mostLevels}`)
  const wanted = kinds
    ? await Promise.all(kinds.map((name) => kindCalled(context, name)))
    : await usualKinds(context)
  const { uid = '', namespace = '' } = parent.object.metadata
  const found = new Map<string, KindRow>()
  let owners = [uid]
  for (let level = 1; level <= levels && owners.length > 0; level++) {
    const ownedByAny = (of: Related) => of.ownedBy(...owners)
    const rows = await Promise.all(
      wanted.map((info) => relatedRows(context, info, namespace, ownedByAny)),
    )
    // Owners may go in a circle.
    const more = rows.flat().filter((row) => row.uid !== uid && !found.has(row.uid))
    for (const row of more) found.set(row.uid, row)
    if (found.size > mostOwned) throw inputError(`more than ${mostOwned} objects are owned`)
    owners = more.map((row) => row.uid)
  }
  const field = levels === 1 ? 'owned' : `owned ${levels} levels deep`
  return relatedPage(context, parent, field, [...found.values()], args)
}

async function usualKinds(context: GraphqlContext): Promise<KindInfo[]> {
  const found = await Promise.all(
    usuallyOwned.map((name) => {
      const [resource = '', ...group] = name.split('.')
      return kindAt(context, group.join('.'), resource)
    }),
  )
  return found.filter((info) => info !== undefined)
}

/** Events about an object; those of an object without a namespace are kept in `default`. */
export async function eventsAbout(
  parent: ResourceObject,
  args: PagingArgs,
  context: GraphqlContext,
): Promise<ObjectConnection | null> {
  const info = await kindAt(context, '', 'events')
  if (!info) return null
  const { uid = '', namespace } = parent.object.metadata
  const rows = await relatedRows(context, info, namespace || 'default', (of) => of.about(uid))
  return relatedPage(context, parent, 'events', rows, args)
}
