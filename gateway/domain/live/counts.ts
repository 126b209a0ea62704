import type { KindInfo } from '../../kube/types.ts'
import { wholeAccess, type WatchAccess } from './access.ts'
import type { Part } from './part.ts'
import { demandWatchable, openFeed, type PartMakers } from './parts.ts'
import { Pulse } from './pulse.ts'
import type { Subscribers } from './subscribers.ts'
import type { WatchScope } from './types.ts'

/** Milliseconds between two tellings. */
const EVERY_MS = 5000

/** How many objects of a kind there are, or why that is not told. */
export type Count =
  | { readonly info: KindInfo; readonly count: number }
  | { readonly info: KindInfo; readonly error: unknown }

export interface CountArgs {
  readonly kinds: readonly KindInfo[]
  /** Only in these, of kinds that have them. */
  readonly namespaces?: readonly string[] | undefined
}

interface Counted {
  readonly info: KindInfo
  /** Undefined: of the whole cluster. */
  readonly namespaces: readonly string[] | undefined
  readonly access: WatchAccess & { error: unknown }
  part: Part | undefined
  /** Why there is no part. */
  failure: unknown
}

/** Access that does not end the subscription when it is gone: the kind is counted again once it is back. */
function countAccess(
  scope: WatchScope,
  info: KindInfo,
  namespaces: readonly string[] | undefined,
): Counted['access'] {
  const whole = wholeAccess(scope, info, namespaces)
  return {
    ...whole,
    error: undefined,
    get sight() {
      return this.error === undefined ? '' : 'nothing'
    },
    async renew() {
      try {
        await whole.renew()
        this.error = undefined
      } catch (error) {
        this.error = error
      }
    },
  }
}

/**
 * How many objects of some kinds there are in the host cluster: at once, then after changes, at most every five seconds.
 * A kind that may not be watched has the reason in its place. Throws ApiError 400 and 405 for kinds and namespaces that
 * do not fit.
 */
export async function follow(
  makers: PartMakers & { readonly subscribers: Subscribers; readonly now: () => number },
  scope: WatchScope,
  { kinds, namespaces }: CountArgs,
): Promise<AsyncIterableIterator<readonly Count[], undefined>> {
  const counted: readonly Counted[] = kinds.map((info) => {
    const places = info.namespaced ? namespaces : undefined
    demandWatchable(info, places)
    const access = countAccess(scope, info, places)
    return { info, namespaces: places, access, part: undefined, failure: undefined }
  })
  const openOne = async (one: Counted): Promise<readonly Part[]> => {
    const { info, access } = one
    await access.renew()
    try {
      const feed = await openFeed(makers, scope, info, undefined)
      const places = one.namespaces && new Set(one.namespaces)
      const cluster = scope.cluster.name
      const rest = { namespaces: places, wanted: () => true, from: undefined }
      one.part = { cluster, info, access, ...feed, ...rest }
      return [one.part]
    } catch (error) {
      one.failure = error
      return []
    }
  }
  const open = async () => (await Promise.all(counted.map(openOne))).flat()
  const { now } = makers
  const pulse = await makers.subscribers.add(scope, open, (parts, onClose) => {
    return new Pulse({ parts, types: ['CHANGED', 'CHANGED'], everyMs: EVERY_MS, now, onClose })
  })
  const told: AsyncIterableIterator<readonly Count[], undefined> = {
    async next() {
      const { done } = await pulse.next()
      return done ? { done, value: undefined } : { done: false, value: counted.map(count) }
    },
    async return() {
      await pulse.return()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => told,
  }
  return told
}

function count({ info, namespaces, access, part, failure }: Counted): Count {
  if (access.error !== undefined) return { info, error: access.error }
  if (!part) return { info, error: failure }
  const { store } = part.feed
  if (!namespaces) return { info, count: store.size }
  return { info, count: namespaces.reduce((sum, name) => sum + store.count(name), 0) }
}
