import { setImmediate } from 'node:timers/promises'
import type { GraphQLSchema } from 'graphql'
import type { Breathe } from '../../../resolvers/dynamic/assemble.ts'
import { exposes } from '../../../resolvers/dynamic/exposure.ts'
import { createMerger, type KindSchema } from '../../../resolvers/dynamic/schema.ts'
import type { App } from '../../context/app.ts'
import { createKindSources } from './sources.ts'

/** The schema that requests run on, from time to time another one. */
export interface LiveSchema extends Disposable {
  readonly schema: GraphQLSchema
  /** Kinds with types in `schema`. */
  readonly kinds: readonly KindSchema[]
  /** Names the kinds in `schema`; empty text while there are none. */
  readonly hash: string
  /** Starts reading the kinds and following their definitions, once. */
  start(): void
  /** Starts, and resolves when the kinds are there or could not be read; at the latest after `ms`. */
  ready(ms: number): Promise<void>
  onChange(listener: (schema: GraphQLSchema) => void): () => void
}

/** Longest time that one slice of work takes before others get their turn, in milliseconds. */
const sliceMs = 10

/** Milliseconds between a change of a definition and the first look at the API server: others often come with it. */
const soonMs = 50

/**
 * Milliseconds between looks at the API server after a definition changed, and for how long: its documents are late, on a
 * busy server by a minute.
 */
const followUps = [
  { every: 200, for: 6000 },
  { every: 2000, for: 90_000 },
] as const

/** Groups whose documents are asked for whatever the index says, those that changed last. */
const mostSuspects = 10

/** Milliseconds between sweeps for what was missed, and before a failed start is tried again. */
const sweepMs = 10 * 60_000
const retryMs = 5000

/** Gives others their turn when it has worked for a slice, or before what is one by itself. */
export function createBreath(): Breathe {
  let since = performance.now()
  return async (before = 'little') => {
    if (before === 'little' && performance.now() - since < sliceMs) return
    await setImmediate()
    since = performance.now()
  }
}

/**
 * The hand-written schema at first; once started, that schema with the kinds of the host cluster, again and again as
 * their definitions change. Built on the side: whoever runs on a schema finishes on it, and one that cannot be built
 * leaves the last one standing. `sdl` gives the text of the subgraph.
 */
export function createLiveSchema(app: App, core: GraphQLSchema, sdl: () => string): LiveSchema {
  const { log } = app
  const { allow, deny } = app.config.facade.graphql.kinds
  const shown = exposes({ allow, deny })
  const stop = new AbortController()
  const listeners = new Set<(schema: GraphQLSchema) => void>()
  const breathe = createBreath()
  let current: Pick<LiveSchema, 'schema' | 'kinds' | 'hash'> = { schema: core, kinds: [], hash: '' }
  let sources: ReturnType<typeof createKindSources> | undefined
  let merge: ReturnType<typeof createMerger> | undefined
  let first: Promise<void> | undefined
  let running: Promise<void> | undefined
  let changedAt = -Infinity
  let suspects = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let unsubscribe: (() => void) | undefined

  async function refresh(): Promise<void> {
    const started = performance.now()
    if (!unsubscribe) {
      // Before the first look, which may be too early for what was defined just before it: nobody will tell of that again.
      unsubscribe = app.clusters.host.discovery.onChange(changed)
      changedAt = started - followUps[0].for
    }
    sources ??= createKindSources(app.clusters.host, {
      wanted: shown,
      breathe,
      failed: (groupVersion, error) =>
        log.warn({ err: error, groupVersion }, 'graphql: the schemas of a group cannot be read'),
    })
    const { kinds, documents, hash } = await sources.read(stop.signal, suspects)
    if (hash === current.hash) return
    merge ??= createMerger({
      core,
      breathe,
      sdl,
      failed: (info, error) =>
        log.warn({ err: error, kind: info.kind, group: info.group }, 'graphql: a kind has no type'),
    })
    const merged = await merge({ documents, kinds })
    // Whoever is told of the schema has work with it, too.
    await breathe('a slice')
    stop.signal.throwIfAborted()
    current = { ...merged, hash }
    app.metrics?.graphql.schemaBuilt(
      hash,
      merged.kinds.length,
      (performance.now() - started) / 1000,
    )
    for (const listener of listeners) listener(merged.schema)
    log.debug({ kinds: merged.kinds.length, hash }, 'graphql: another schema')
  }

  /** One refresh at a time; true when it went well. */
  async function attempt(): Promise<boolean> {
    try {
      await (running ??= refresh().finally(() => (running = undefined)))
      return true
    } catch (error) {
      if (!stop.signal.aborted) log.warn({ err: error }, 'graphql: the kinds cannot be read')
      return false
    }
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (stop.signal.aborted) return
    timer = setTimeout(() => void tick(), ms).unref()
  }

  async function tick(): Promise<void> {
    const started = performance.now()
    const well = await attempt()
    if (stop.signal.aborted) return
    if (!well) first = undefined
    const phase = followUp()
    if (phase !== followUps[0]) suspects = new Set()
    // Where a look takes long, it takes no more than half of the time.
    const took = performance.now() - started
    schedule(phase ? Math.max(phase.every, took) : well ? sweepMs : retryMs)
  }

  /** How the last change is followed now; undefined when enough has been seen of it. */
  function followUp(): { every: number } | undefined {
    const since = performance.now() - changedAt
    return followUps.find((phase) => since < phase.for)
  }

  function changed(group: string | undefined): void {
    const following = followUp() === followUps[0]
    changedAt = performance.now()
    if (group !== undefined) suspect(group)
    // A burst is looked at in steps, not for each that is in it.
    if (!following) schedule(soonMs)
  }

  function suspect(group: string): void {
    suspects = new Set(
      [...[...suspects].filter((one) => one !== group), group].slice(-mostSuspects),
    )
  }

  function start(): void {
    if (!stop.signal.aborted) first ??= tick()
  }

  return {
    get schema() {
      return current.schema
    },
    get kinds() {
      return current.kinds
    },
    get hash() {
      return current.hash
    },
    start,
    async ready(ms) {
      start()
      if (current.hash || !first) return
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const wait = setTimeout(resolve, ms)
      await Promise.race([first, late])
      clearTimeout(wait)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    [Symbol.dispose]() {
      stop.abort()
      clearTimeout(timer)
      unsubscribe?.()
    },
  }
}
