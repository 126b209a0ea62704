import { Gauge, type Registry } from 'prom-client'

/** How the subscribers of watches keep up. */
export interface WatchSample {
  readonly subscribers: number
  /** Events that wait for slow subscribers. */
  readonly queued: number
  /** Events that went into one that was waiting. */
  readonly coalesced: number
  /** Subscriptions that ended because they were too slow. */
  readonly slow: number
  readonly feeds: readonly {
    readonly group: string
    readonly version: string
    readonly resource: string
    readonly listeners: number
  }[]
}

/** Gauges of watches, read at each scrape by the function that the returned one was given. */
export function watchMetrics(registry: Registry): (read: () => WatchSample) => () => void {
  let current: (() => WatchSample) | undefined
  const gauge = (name: string, help: string, value: (sample: WatchSample) => number): void => {
    const made = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(current ? value(current()) : 0)
      },
    })
    registry.registerMetric(made)
  }
  gauge('ks_facade_watch_subscribers', 'Subscribers of watches.', (sample) => sample.subscribers)
  gauge(
    'ks_facade_watch_queued_events',
    'Events that wait for slow subscribers.',
    (sample) => sample.queued,
  )
  gauge(
    'ks_facade_watch_coalesced_events',
    'Events since the start that went into one that was waiting.',
    (sample) => sample.coalesced,
  )
  gauge(
    'ks_facade_watch_slow_subscribers',
    'Subscriptions since the start that ended because they were too slow.',
    (sample) => sample.slow,
  )
  const listeners = new Gauge({
    name: 'ks_facade_watch_feed_subscribers',
    help: 'Subscribers of each kind, all served by one watch.',
    labelNames: ['group', 'version', 'resource'],
    registers: [],
    collect() {
      this.reset()
      for (const feed of current?.().feeds ?? []) {
        const { group, version, resource } = feed
        this.set({ group, version, resource }, feed.listeners)
      }
    },
  })
  registry.registerMetric(listeners)
  return (read) => {
    current = read
    return () => {
      if (current === read) current = undefined
    }
  }
}
