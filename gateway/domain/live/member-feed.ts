import type { Logger } from 'pino'
import type { ClusterAccess, KindInfo } from '../../kube/api.ts'
import { createStore, type WritableStore } from '../../kube/store.ts'
import { startReflector } from '../../kube/watch.ts'
import { ApiError, clusterUnreachable, inCluster } from '../../lib/errors.ts'
import { objectOfEntry } from '../objects/index.ts'
import { Feed } from './feed.ts'

export interface MemberFeed extends Disposable {
  readonly feed: Feed
}

export interface MemberFeedOptions {
  /** A member as one caller has it. */
  readonly cluster: ClusterAccess
  readonly info: KindInfo
  /** All of them unless given. */
  readonly namespace: string | undefined
  readonly signal: AbortSignal
  readonly log: Logger
}

/** The error with the cluster that it happened in, and without the address of a member that gave no answer. */
function placed(cluster: string, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.cluster) return error
  const answered = error.code < 502 || error.status
  return answered ? inCluster(cluster, error) : clusterUnreachable(cluster, error)
}

/** Answers by which a member says that this caller may not follow the kind. */
const refusals = new Set([401, 403])

/**
 * A feed of one caller in a member cluster: its watch carries the caller's own credentials, so that the member judges it,
 * at the start and each time that the watch is taken up again. Nobody else listens to it. Resolves with the first list;
 * throws what the member answers to it.
 */
export async function openMemberFeed(options: MemberFeedOptions): Promise<MemberFeed> {
  const { cluster, info, namespace, signal, log } = options
  let store: WritableStore | undefined
  let feed: Feed | undefined
  const { promise: failure, reject } = Promise.withResolvers<never>()
  failure.catch(() => {})
  const reflector = startReflector({
    client: cluster.client,
    gvr: info,
    namespace,
    log,
    open: (kind) => (store = createStore(info, kind)),
    onFailure(error) {
      const told = placed(cluster.name, error)
      if (!feed) reject(told)
      else if (told instanceof ApiError && refusals.has(told.code)) feed.end(told)
    },
  })
  const abort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    await Promise.race([reflector.listed(), failure])
    if (!store) throw new TypeError('a list has no store')
    const made = new Feed(store, (entry) => objectOfEntry(info, entry))
    feed = made
    return {
      feed: made,
      [Symbol.dispose]() {
        made[Symbol.dispose]()
        void reflector[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    void reflector[Symbol.asyncDispose]()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
