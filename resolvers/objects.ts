import type { App } from '../gateway/context/app.ts'
import { isAnonymous } from '../gateway/context/index.ts'
import type { RequestContext } from '../gateway/context/types.ts'
import { objects } from '../gateway/domain/objects/index.ts'
import type { GVR, KindInfo, KubeObject } from '../gateway/kube/types.ts'
import { ApiError, unauthorized } from '../gateway/lib/errors.ts'
import type { GraphqlContext } from './context.ts'
import { coreKinds, type CoreType } from './core-ids.ts'
import { inputError } from './errors.ts'
import type { ResourceKind, ResourceObject } from './models.ts'
import type { KindFilter } from './types.generated.ts'

/** An object by its place; an empty version is the preferred one, an empty namespace none. */
export interface ObjectAddress extends GVR {
  readonly cluster: string
  readonly namespace: string
  readonly name: string
}

/** A kind as a document names it. */
export interface KindArgs {
  readonly cluster?: string | null | undefined
  readonly group?: string
  readonly version?: string | null
  readonly resource?: string | null
  readonly kind?: string | null
}

/**
 * Throws unless `cluster` is the one that this process serves: CLUSTER_NOT_FOUND or CLUSTER_NOT_READY by what is known
 * of it, CLUSTER_UNREACHABLE for a member, which answers for itself below `/clusters/<name>`.
 */
export async function demandHere(
  app: App,
  ctx: RequestContext,
  cluster: string | null | undefined,
): Promise<void> {
  if (!cluster || cluster === ctx.cluster.name) return
  const route = await app.clusters.route(cluster)
  if (route.kind === 'host') return
  throw new ApiError(
    503,
    'ClusterUnreachable',
    `cluster ${cluster} is a member: its objects are below /clusters/${cluster}`,
  )
}

/** What finding a kind takes. */
export type KindContext = Pick<GraphqlContext, 'ctx' | 'shown'>

/** The kind that the arguments name, in the cluster that they name. Throws BAD_USER_INPUT unless exactly one is named and served. */
export async function kindOf(context: GraphqlContext, args: KindArgs): Promise<KindInfo> {
  return kindHere(await context.at(args.cluster), args)
}

/** The same in the cluster of the context, whichever `args` name. */
export async function kindHere(
  { ctx, shown }: KindContext,
  args: Omit<KindArgs, 'cluster'>,
): Promise<KindInfo> {
  const { group = '', resource, kind } = args
  if (Boolean(resource) === Boolean(kind)) {
    throw inputError('exactly one of "resource" and "kind" is needed')
  }
  const of = { group, ...(args.version ? { version: args.version } : {}) }
  const { discovery } = ctx.cluster
  const found = resource
    ? await discovery.find({ ...of, resource })
    : await discovery.findKind({ ...of, kind: kind ?? '' })
  if (found && shown(found)) return found
  const place = [group, args.version].filter(Boolean).join('/') || 'the core group'
  throw inputError(`no kind "${resource ?? kind}" of ${place} is served`)
}

/**
 * One object by its place in the cluster of the context. Throws NOT_FOUND, FORBIDDEN, and BAD_USER_INPUT for a kind that
 * is not served.
 */
export async function readObject(
  { ctx, live, shown }: KindContext & Pick<GraphqlContext, 'live'>,
  address: Omit<ObjectAddress, 'cluster'> & { readonly resourceVersion?: string },
): Promise<ResourceObject> {
  const { group, version, resource } = address
  const info = await kindHere({ ctx, shown }, { group, version, resource })
  const { namespace, name, resourceVersion } = address
  const at = { info, namespace, name, resourceVersion, live: live(info) }
  const object = await ctx.call(objects.get, at)
  return { cluster: ctx.cluster.name, info, object }
}

/** The Kubernetes object at a place; of this cluster and the preferred version where neither is said. Null: none there. */
export async function loadObject(
  context: GraphqlContext,
  at: Omit<ObjectAddress, 'cluster' | 'version'> & Partial<ObjectAddress>,
): Promise<ResourceObject | null> {
  const { cluster, version = '', group, resource, namespace, name } = at
  const here = isHere(context, cluster) ? context : await context.at(cluster)
  const { name: own } = here.ctx.cluster
  return here.loaders.objects.load({ cluster: own, group, version, resource, namespace, name })
}

/** Whether `cluster` is the one of the context. */
export function isHere({ ctx }: GraphqlContext, cluster: string | null | undefined): boolean {
  return !cluster || cluster === ctx.cluster.name
}

/** The Kubernetes object behind a core type. */
export function coreObject(
  context: GraphqlContext,
  type: CoreType,
  name: string,
): Promise<ResourceObject | null> {
  return loadObject(context, { ...coreKinds[type], namespace: '', name })
}

/** An object as kube-apiserver answered a write to it. */
export function modelOf(ctx: RequestContext, info: KindInfo, object: KubeObject): ResourceObject {
  return { cluster: ctx.cluster.name, info, object }
}

function accepts(filter: KindFilter, info: KindInfo): boolean {
  const { groups, names, category, namespaced, verb, preferred } = filter
  const called = [info.kind, info.resource, info.singular, ...info.shortNames]
  return (
    (!groups || groups.includes(info.group)) &&
    (!names || called.some((name) => names.includes(name))) &&
    (!category || info.categories.includes(category)) &&
    (namespaced === undefined || namespaced === null || namespaced === info.namespaced) &&
    (!verb || info.verbs.includes(verb)) &&
    (preferred === undefined || preferred === null || preferred === info.preferred)
  )
}

/** Kinds of a cluster out of its discovery, for everyone who is logged in. Throws UNAUTHENTICATED. */
export async function kindsOf(
  context: GraphqlContext,
  cluster: string | null | undefined,
  filter: KindFilter | null | undefined,
): Promise<ResourceKind[]> {
  const { ctx, shown } = await context.at(cluster)
  if (isAnonymous(ctx.user)) throw unauthorized('log in to see the kinds')
  const kinds = await ctx.cluster.discovery.kinds(ctx.signal)
  return kinds
    .filter((info) => shown(info) && (!filter || accepts(filter, info)))
    .map((info) => ({ cluster: ctx.cluster.name, info }))
}

/** What `resolve` gives for a field of an object, in the cluster that the object is in. */
export function inItsCluster<P extends ResourceObject, A, I, R>(
  resolve: (parent: P, args: A, context: GraphqlContext, info: I) => R,
): (parent: P, args: A, context: GraphqlContext, info: I) => R | Promise<Awaited<R>> {
  return (parent, args, context, info) =>
    isHere(context, parent.cluster)
      ? resolve(parent, args, context, info)
      : context.at(parent.cluster).then((there) => resolve(parent, args, there, info) as Awaited<R>)
}
