import type { Logger } from 'pino'
import type { ClusterAccess, GVR, KindInfo } from '../../kube/api.ts'
import { readHistory } from '../../kube/history.ts'
import { ApiError } from '../../lib/errors.ts'
import { objectOfEntry } from '../objects/index.ts'
import { Feed } from './feed.ts'
import type { ReadPast } from './recall.ts'

/** Milliseconds between two marks of how far a feed is. */
const MARK_MS = 30_000
/** Milliseconds for which a feed without listeners is kept, so that they find what they missed when they come back. */
const KEEP_MS = 5 * 60_000
/** Milliseconds after a change of definitions at which it is asked whether a kind is still served. */
const CHECKS_MS: readonly number[] = [300, 1500, 4000, 10_000]

export interface FeedsOptions {
  readonly host: ClusterAccess
  readonly log: Logger
  readonly now: () => number
  readonly markMs?: number
  readonly keepMs?: number
}

export interface FeedSample extends GVR {
  readonly listeners: number
}

interface Held {
  readonly gvr: GVR
  readonly feed: Feed
  usedAt: number
  /** Looks at the definitions that did not find it, one after the other. */
  missed: number
}

/** The feeds of the host cluster: one for each kind, made when somebody listens. */
export class Feeds implements Disposable {
  readonly #options: FeedsOptions
  readonly #held = new Map<string, Held>()
  /** Ends the look at the definitions of kinds. */
  #unfollow: (() => void) | undefined
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #closing = new AbortController()
  readonly #marking: NodeJS.Timeout

  constructor(options: FeedsOptions) {
    this.#options = options
    this.#marking = setInterval(() => this.#mark(), options.markMs ?? MARK_MS)
    this.#marking.unref()
  }

  samples(): readonly FeedSample[] {
    return Array.from(this.#held.values(), ({ gvr, feed }) => ({ ...gvr, listeners: feed.size }))
  }

  /** Throws what opening the watch cache throws. */
  async of(info: KindInfo, signal: AbortSignal): Promise<Feed> {
    const { host, now } = this.#options
    const { group, version, resource } = info
    const key = `${group}/${version}/${resource}`
    // Waited for before anything is kept: what one caller gives up another may still want.
    const store = await host.caches.store(info, signal)
    const known = this.#held.get(key)
    if (known) {
      known.usedAt = now()
      return known.feed
    }
    this.#unfollow ??= host.discovery.onChange(() => this.#checkSoon())
    const feed = new Feed(store, (entry) => objectOfEntry(info, entry), this.#pastOf(info))
    this.#held.set(key, { gvr: { group, version, resource }, feed, usedAt: now(), missed: 0 })
    return feed
  }

  /** Reads what happened to a kind before it was followed here. */
  #pastOf({ group, version, resource, kind }: KindInfo): ReadPast {
    const { host, log } = this.#options
    const of = { client: host.client, gvr: { group, version, resource }, kind }
    return async (stretch) => {
      try {
        return await readHistory({ ...of, ...stretch, signal: this.#closing.signal })
      } catch (error) {
        log.debug({ err: error, resource }, 'the history of a kind cannot be read')
        return undefined
      }
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

  #checkSoon(): void {
    for (const ms of CHECKS_MS) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        void this.#check()
      }, ms)
      timer.unref()
      this.#timers.add(timer)
    }
  }

  /** Ends the feeds of kinds that are not served any more: twice missing, as a server that starts may not know all. */
  async #check(): Promise<void> {
    for (const [key, held] of this.#held) {
      try {
        held.missed = (await this.#options.host.discovery.find(held.gvr)) ? 0 : held.missed + 1
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
    this.#unfollow?.()
    this.#closing.abort()
    for (const [key, held] of this.#held) {
      held.feed.end(new ApiError(503, 'ServiceUnavailable', 'the server is going away'))
      this.#drop(key, held)
    }
  }
}
