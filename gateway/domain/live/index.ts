import type { Logger } from 'pino'
import type { ClusterAccess } from '../../kube/api.ts'
import { badRequest } from '../../lib/errors.ts'
import type { AccessChanges } from '../access/index.ts'
import { follow, type Count, type CountArgs } from './counts.ts'
import { Feeds, type FeedSample } from './feeds.ts'
import type { Part } from './part.ts'
import { openPart } from './parts.ts'
import { Pulse } from './pulse.ts'
import type { QueueLimits } from './queue.ts'
import { Subscribers, type OnClose, type Pressure, type Subscriber } from './subscribers.ts'
import { Subscription } from './subscription.ts'
import type { WatchArgs, Watching, WatchMode, WatchScope } from './types.ts'

export type * from './types.ts'
export type { Count, CountArgs } from './counts.ts'
export { SlowConsumer } from './types.ts'

/** What one subscriber may leave waiting: a thousand events, eight million characters of their objects. */
const DEFAULT_LIMITS: QueueLimits = { events: 1000, characters: 8 * 1024 * 1024 }

/** Least milliseconds between two events of a subscription that names no objects. */
const EVERY_MS: Readonly<Record<Exclude<WatchMode, 'EVENTS'>, number>> = { NOTIFY: 1000, ROWS: 250 }

/** Most milliseconds between two deliveries of a throttled subscription. */
const MOST_THROTTLE_MS = 60_000

export interface LiveOptions {
  readonly host: ClusterAccess
  readonly access: AccessChanges
  readonly log: Logger
  readonly now: () => number
  readonly limits?: QueueLimits
  /** Milliseconds between two BOOKMARKs. */
  readonly markMs?: number
  /** Milliseconds for which it is remembered what a kind without subscribers does. */
  readonly keepMs?: number
}

export interface LiveSamples extends Pressure {
  readonly feeds: readonly FeedSample[]
}

export interface LiveService extends Disposable {
  /**
   * Follows a kind for one subscriber: rights are judged now and whenever they may have changed, and the events throw
   * ApiError 403 once they are gone. They end with the signal of the first scope. Throws ApiError 400 for arguments that
   * make no sense, 403, 405 for a kind that cannot be watched, and what opening its watch cache throws; where there are
   * several clusters, only if none can be followed.
   */
  watch(args: WatchArgs): Promise<Watching>
  /** See `follow` of counts.ts. */
  counts(
    scope: WatchScope,
    args: CountArgs,
  ): Promise<AsyncIterableIterator<readonly Count[], undefined>>
  samples(): LiveSamples
}

/** Watches for subscribers. One watch of the API server serves all who follow a kind of the host cluster. */
export function createLive(options: LiveOptions): LiveService {
  const { host, access, log, now, limits = DEFAULT_LIMITS } = options
  const feeds = new Feeds(options)
  const subscribers = new Subscribers(access)
  const makers = { host, feeds, log, now, subscribers }

  /** Opens what can be opened; notes what cannot. Throws where that is everything. */
  async function open(
    args: WatchArgs,
    failures: { cluster: string; error: unknown }[],
  ): Promise<readonly Part[]> {
    const opening = args.targets.map((target) => openPart(makers, args, target))
    const parts: Part[] = []
    for (const [index, outcome] of (await Promise.allSettled(opening)).entries()) {
      const cluster = args.targets[index]?.scope.cluster.name ?? ''
      if (outcome.status === 'fulfilled') parts.push(outcome.value)
      else failures.push({ cluster, error: outcome.reason as unknown })
    }
    if (parts.length === 0) throw failures[0]?.error
    return parts
  }

  function subscriber(args: WatchArgs, parts: readonly Part[], onClose: OnClose): Subscriber {
    const { mode = 'EVENTS', initial = true, throttleMs = 0 } = args
    const pace = Math.min(MOST_THROTTLE_MS, Math.max(0, throttleMs))
    if (mode === 'EVENTS') {
      return new Subscription({ parts, initial, limits, throttleMs: pace, now, onClose })
    }
    const types = mode === 'ROWS' ? (['ROWS', 'ROWS'] as const) : (['SYNCED', 'CHANGED'] as const)
    return new Pulse({ parts, types, everyMs: Math.max(pace, EVERY_MS[mode]), now, onClose })
  }

  return {
    async watch(args) {
      const scope = args.targets[0]?.scope
      if (!scope) throw badRequest('a subscription needs a cluster')
      const failures: { cluster: string; error: unknown }[] = []
      const events = await subscribers.add(
        scope,
        () => open(args, failures),
        (parts, onClose) => subscriber(args, parts, onClose),
      )
      return { events, failures }
    },
    counts: (scope, args) => follow(makers, scope, args),
    samples: () => ({ ...subscribers.pressure, feeds: feeds.samples() }),
    [Symbol.dispose]() {
      feeds[Symbol.dispose]()
      subscribers[Symbol.dispose]()
    },
  }
}
