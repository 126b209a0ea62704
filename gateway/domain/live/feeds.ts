import type { Logger } from 'pino'
import type { ClusterAccess, GVR, KindInfo } from '../../kube/api.ts'
import { ApiError } from '../../lib/errors.ts'
import { objectOfEntry } from '../objects/index.ts'
import { Feed } from './feed.ts'

/** Milliseconds between two marks of how far a feed is. */
const MARK_MS = 30_000
/** Milliseconds for which a feed without listeners is kept, so that they find what they missed when they come back. */
const KEEP_MS = 5 * 60_000
/** Milliseconds after a change of definitions at which it is asked whether a kind is still served. */
const CHECKS_MS: readonly number[] = [300, 1500, 4000, 10_000]

export interface FeedsOptions {
  readonly log: Logger
  readonly now: () => number
  readonly markMs?: number
  readonly keepMs?: number
}

export interface FeedSample extends GVR {
  readonly cluster: string
  readonly listeners: number
}

interface Held {
  readonly cluster: ClusterAccess
  readonly gvr: GVR
  readonly feed: Feed
  usedAt: number
  /** Looks at the definitions that did not find it, one after the other. */
  missed: number
}

/** The feeds of a process: one for each kind of a cluster, made when somebody listens. */
export class Feeds implements Disposable {
  readonly #options: FeedsOptions
  readonly #held = new Map<string, Held>()
  /** What ends the look at the definitions of a cluster. */
  readonly #definitions = new Map<ClusterAccess, () => void>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #marking: NodeJS.Timeout

  constructor(options: FeedsOptions) {
    this.#options = options
    this.#marking = setInterval(() => this.#mark(), options.markMs ?? MARK_MS)
    this.#marking.unref()
  }

  samples(): readonly FeedSample[] {
    return Array.from(this.#held.values(), ({ cluster, gvr, feed }) => {
      const { group, version, resource } = gvr
      return { cluster: cluster.name, group, version, resource, listeners: feed.size }
    })
  }

  /** Throws what opening the watch cache throws. */
  async of(cluster: ClusterAccess, info: KindInfo, signal: AbortSignal): Promise<Feed> {
    const { group, version, resource } = info
    const key = [cluster.name, group, version, resource].join('/')
    for (;;) {
      const held = this.#held.get(key)
      if (held?.cluster === cluster) {
        held.usedAt = this.#options.now()
        return held.feed
      }
      // A cluster that was joined anew has other caches.
      if (held) this.#drop(key, held)
      // Waited for before anything is kept: what one caller gives up another may still want.
      const store = await cluster.caches.store(info, signal)
      if (this.#held.get(key)?.cluster === cluster) continue
      this.#follow(cluster)
      const feed = new Feed(store, (entry) => objectOfEntry(info, entry))
      const gvr = { group, version, resource }
      this.#held.set(key, { cluster, gvr, feed, usedAt: this.#options.now(), missed: 0 })
    }
  }

  #drop(key: string, held: Held): void {
    if (this.#held.get(key) === held) this.#held.delete(key)
    held.feed[Symbol.dispose]()
  }

  #mark(): void {
    const { now, keepMs = KEEP_MS } = this.#options
    for (const [key, held] of this.#held) {
      held.feed.mark()
      if (held.feed.size) held.usedAt = now()
      else if (now() - held.usedAt >= keepMs) this.#drop(key, held)
    }
  }

  #follow(cluster: ClusterAccess): void {
    if (this.#definitions.has(cluster)) return
    const stop = cluster.discovery.onChange(() => {
      for (const ms of CHECKS_MS) {
        const timer = setTimeout(() => {
          this.#timers.delete(timer)
          void this.#check(cluster)
        }, ms)
        timer.unref()
        this.#timers.add(timer)
      }
    })
    this.#definitions.set(cluster, stop)
  }

  /** Ends the feeds of kinds that are not served any more: twice missing, as a server that starts may not know all. */
  async #check(cluster: ClusterAccess): Promise<void> {
    for (const [key, held] of this.#held) {
      if (held.cluster !== cluster) continue
      try {
        held.missed = (await cluster.discovery.find(held.gvr)) ? 0 : held.missed + 1
        if (held.missed < 2) continue
      } catch (error) {
        this.#options.log.debug({ err: error }, 'whether a watched kind is served is not known')
        return
      }
      const { resource } = held.gvr
      held.feed.end(new ApiError(410, 'SchemaChanged', `${resource} are not served any more`))
      this.#drop(key, held)
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#marking)
    for (const timer of this.#timers) clearTimeout(timer)
    for (const stop of this.#definitions.values()) stop()
    for (const [key, held] of this.#held) {
      held.feed.end(new ApiError(503, 'ServiceUnavailable', 'the server is going away'))
      this.#drop(key, held)
    }
  }
}
