import type { Logger } from 'pino'
import type { ClusterAccess } from '../../kube/api.ts'
import type { KindInfo } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import { NAMESPACES } from '../names.ts'
import { demandPlace, isCached, rowOfEntry } from '../objects/index.ts'
import { kindWords } from '../resources/index.ts'
import { predicate } from '../selection/index.ts'
import { accessibleAccess, wholeAccess } from './access.ts'
import type { Feeds } from './feeds.ts'
import { openMemberFeed } from './member-feed.ts'
import type { Part } from './part.ts'
import type { WatchArgs, WatchScope, WatchTarget } from './types.ts'

/** What parts are made with. */
export interface PartMakers {
  readonly host: ClusterAccess
  readonly feeds: Feeds
  readonly log: Logger
}

/** Throws ApiError 405 for a kind without watches, 400 for a namespace that does not fit it. */
export function demandWatchable(info: KindInfo, namespaces: WatchArgs['namespaces']): void {
  if (!isCached(info)) {
    throw new ApiError(405, 'MethodNotAllowed', `objects of kind ${info.kind} cannot be watched`)
  }
  for (const namespace of namespaces ?? ['']) demandPlace({ info, namespace }, true)
}

/** The share of one cluster in a watch, its rights judged. Throws as `LiveService.watch`. */
export async function openPart(
  makers: PartMakers,
  args: Omit<WatchArgs, 'targets'>,
  { scope, info, from }: WatchTarget,
): Promise<Part> {
  const { host } = makers
  const { namespaces, accessibleOnly = false } = args
  demandWatchable(info, namespaces)
  const wanted = wantedBy(info, args)
  const access =
    accessibleOnly && info.namespaced && scope.cluster === host
      ? accessibleAccess(scope, info, namespaces, await host.caches.store(NAMESPACES))
      : wholeAccess(scope, info, namespaces)
  await access.renew()
  const { feed, release } = await openFeed(makers, scope, info, namespaces)
  if (from?.version) await feed.recall(from.version)
  const cluster = scope.cluster.name
  const places = namespaces && new Set(namespaces)
  return { cluster, info, feed, namespaces: places, wanted, access, from, release }
}

/** The feed of a kind: the shared one in the host cluster, the caller's own in a member. */
export async function openFeed(
  { host, feeds, log }: PartMakers,
  { cluster, signal }: WatchScope,
  info: KindInfo,
  namespaces: WatchArgs['namespaces'],
): Promise<Pick<Part, 'feed' | 'release'>> {
  if (cluster === host) return { feed: await feeds.of(info, signal), release: () => {} }
  const namespace = namespaces?.length === 1 ? namespaces[0] : undefined
  const own = await openMemberFeed({ cluster, info, namespace, signal, log })
  return { feed: own.feed, release: () => own[Symbol.dispose]() }
}

/** Whether an object is wanted, judged by what of it may be shown. */
function wantedBy(info: KindInfo, { filter }: Pick<WatchArgs, 'filter'>): Part['wanted'] {
  if (!filter) return () => true
  const matches = predicate(filter, kindWords(info))
  return (entry) => matches(rowOfEntry(info, entry))
}
