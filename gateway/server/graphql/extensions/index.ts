import { createHash } from 'node:crypto'
import { parse, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { GraphExtension } from '../../../../resolvers/context.ts'
import type { App } from '../../../context/app.ts'
import {
  createGraphClient,
  createUpstreams,
  type ExtensionGraph,
} from '../../../domain/extensions/index.ts'
import { isNotFound } from '../../../lib/errors.ts'
import type { Execute } from '../introspection.ts'
import type { LiveSchema } from '../kinds.ts'
import { followAnnouncements } from './announced.ts'
import { createAsk, type Ask } from './asks.ts'
import { joinAdditions, type JoinedSchema } from './merge.ts'
import { runOn } from './run.ts'
import { createGraphSources, type GraphSource } from './sources.ts'
import { startSupergraph, type Supergraph } from './thread.ts'
import { mostExtensions, verdictsOf } from './verdicts.ts'

export interface ExtensionTimes {
  /** Milliseconds that a request to an extension may take. */
  readonly deadlineMs: number
  /** Milliseconds that an extension's SDL is good for. */
  readonly freshMs: number
  /** Milliseconds until what could not be had is tried again. */
  readonly retryMs: number
}

export const usualExtensionTimes: ExtensionTimes = {
  deadlineMs: 5000,
  freshMs: 60_000,
  retryMs: 10_000,
}

/** Milliseconds of quiet after a change before a supergraph is composed. */
const quietMs = 300

/** Longest that a supergraph which cannot be made is not tried again, in milliseconds. */
const mostRetryMs = 10 * 60_000

/** Milliseconds after which a supergraph that was replaced gets nothing more to do. */
const graceMs = 5000

export interface Extensions extends AsyncDisposable {
  /** The platform's schema with what extensions add to it; itself as long as there is nothing. */
  readonly live: LiveSchema
  readonly execute: Execute
  /** What became of each extension that announces a graph, by name. */
  verdicts(): readonly GraphExtension[]
}

export interface ExtensionsOptions {
  readonly app: App
  readonly live: LiveSchema
  /** Executes what needs no extension. */
  readonly execute: Execute
  /** Text of the platform's subgraph with all its kinds. */
  readonly platformSdl: () => Promise<string>
  readonly report: (error: unknown) => void
  readonly times: ExtensionTimes
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** One supergraph and what it is made of. */
interface Generation {
  /** SHA-256 of the extensions and of the kinds of the platform. */
  readonly key: string
  readonly supergraph: Supergraph
  /** The platform's schema that it was composed from. */
  readonly platform: GraphQLSchema
  readonly additions: DocumentNode
  readonly graphs: ReadonlyMap<string, ExtensionGraph>
}

/** A schema that requests may hold, with what belongs to it. */
interface Joined extends JoinedSchema {
  readonly base: GraphQLSchema
  readonly generation: Generation
  readonly ask: Ask
}

/**
 * Lets extensions join the graph. As long as none announces a graph this is a look at their objects and nothing else.
 * Otherwise their SDL is composed with the platform's in a thread; requests that need one of their fields are planned
 * there and come back to be answered: the platform's part in this process, as the caller, theirs by HTTP. All others are
 * executed as if there were no extension.
 */
export function createExtensions(options: ExtensionsOptions): Extensions {
  const { app, live: base, times, report } = options
  const { log, metrics, ticks: now } = app
  const stop = new AbortController()
  const upstreams = createUpstreams()
  const client = createGraphClient({ upstreams, metrics, now, deadlineMs: times.deadlineMs })
  const sources = createGraphSources(client, { now, freshMs: times.freshMs })
  const listeners = new Set<(schema: GraphQLSchema) => void>()
  const threads = new Set<Supergraph>()
  const issued = new WeakMap<GraphQLSchema, Joined>()
  let generation: Generation | undefined
  let schema: GraphQLSchema = base.schema
  let verdicts: readonly GraphExtension[] = []
  const announcements = followAnnouncements(app.clusters.host.caches, stop.signal, () =>
    schedule(quietMs),
  )
  let timer: NodeJS.Timeout | undefined
  let due = Infinity
  let running: Promise<void> | undefined
  let known: { readonly key: string; readonly refused: ReadonlyMap<string, string> } | undefined
  let failures = 0
  let retryAt = 0

  /** Tells the schema of now; the same generation is joined anew with every schema of the platform. */
  function publish(): void {
    schema = base.schema
    if (generation) schema = join(generation) ?? schema
    for (const listener of listeners) listener(schema)
  }

  /** The platform's schema with what a generation adds; undefined where that cannot be made. */
  function join(of: Generation): GraphQLSchema | undefined {
    const { graphs, additions } = of
    try {
      const joined = joinAdditions(base.schema, additions)
      const ask = createAsk({ schema: base.schema, graphs, client, report })
      issued.set(joined.schema, { ...joined, base: base.schema, generation: of, ask })
      return joined.schema
    } catch (error) {
      log.error({ err: error }, 'graphql: extensions do not fit the schema of now')
      return undefined
    }
  }

  function adopt(next: Generation | undefined): void {
    const before = generation
    if (before === next) return
    generation = next
    publish()
    // Requests that were validated on the schema before may be on their way.
    if (before) setTimeout(() => before.supergraph.retire(), graceMs).unref()
  }

  async function compose(found: readonly (GraphSource & { readonly sdl: string })[], key: string) {
    const platform = base.schema
    const graphs = new Map(found.map(({ graph }, n) => [`e${n}`, graph]))
    const started = performance.now()
    const parts = found.map(({ sdl }, n) => ({ id: `e${n}`, sdl }))
    const supergraph = await startSupergraph(
      { platform: await options.platformSdl(), extensions: parts },
      stop.signal,
    )
    threads.add(supergraph)
    const refused = new Map(
      supergraph.refused.map(({ id, message }) => [graphs.get(id)?.name ?? '', message]),
    )
    for (const [extension, reason] of refused) {
      log.warn({ extension, reason }, 'graphql: an extension does not fit into the graph')
    }
    const ms = Math.round(performance.now() - started)
    log.info({ extensions: found.length, refused: refused.size, ms }, 'graphql: composed')
    const next: Generation = {
      key,
      supergraph,
      platform,
      additions: parse(supergraph.additions ?? 'type Query', { noLocation: true }),
      graphs,
    }
    void outlive(next)
    return { next, refused, empty: supergraph.additions === undefined }
  }

  /** Goes on without extensions, for a while, when a thread ends that should not. */
  async function outlive(one: Generation): Promise<void> {
    await one.supergraph.ended
    threads.delete(one.supergraph)
    if (generation !== one || stop.signal.aborted) return
    failed(new Error('the thread of the extensions has ended'))
  }

  /** Goes on without extensions, longer each time. */
  function failed(error: unknown): void {
    const ms = Math.min(times.retryMs * 2 ** failures++, mostRetryMs)
    log.error({ err: error, ms }, 'graphql: extensions are left out for a while')
    retryAt = performance.now() + ms
    known = undefined
    adopt(undefined)
    schedule(ms)
  }

  async function refresh(): Promise<void> {
    const { graphs, unusable } = await announcements.read()
    const chosen = graphs.slice(0, mostExtensions)
    const read = await sources.read(chosen, stop.signal)
    const found = read.filter((source) => 'sdl' in source)
    const key = sha256(JSON.stringify([base.hash, found.map(({ graph, sdl }) => [graph, sdl])]))
    if (found.length === 0) {
      known = undefined
      adopt(undefined)
    } else if (known?.key !== key && performance.now() >= retryAt) {
      try {
        const { next, refused, empty } = await compose(found, key)
        known = { key, refused }
        failures = 0
        if (empty) next.supergraph.retire()
        adopt(empty ? undefined : next)
      } catch (error) {
        stop.signal.throwIfAborted()
        failed(error)
      }
    }
    const refused = known?.refused ?? new Map<string, string>()
    verdicts = verdictsOf(
      unusable,
      read,
      graphs.slice(mostExtensions),
      refused,
      known !== undefined,
    )
    metrics.graphExtensions(verdicts.map(({ state }) => state))
    if (found.length < read.length) schedule(times.retryMs)
    else if (read.length > 0) schedule(times.freshMs)
  }

  function schedule(ms: number): void {
    if (stop.signal.aborted) return
    const at = performance.now() + ms
    if (at >= due) return
    due = at
    clearTimeout(timer)
    timer = setTimeout(() => void tick(), ms).unref()
  }

  async function tick(): Promise<void> {
    due = Infinity
    if (running) return schedule(quietMs)
    running = refresh()
    try {
      await running
    } catch (error) {
      if (stop.signal.aborted) return
      // Where the CRD is not installed there are no extensions; its coming changes the kinds.
      if (isNotFound(error)) return
      log.warn({ err: error }, 'graphql: extensions cannot be joined')
      schedule(times.retryMs)
    } finally {
      running = undefined
    }
  }

  const ended = base.onChange(() => {
    publish()
    schedule(quietMs)
  })

  return {
    live: {
      get schema() {
        return schema
      },
      get kinds() {
        return base.kinds
      },
      get hash() {
        return generation ? sha256(base.hash + generation.key) : base.hash
      },
      start: () => base.start(),
      ready: (ms) => base.ready(ms),
      onChange(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      [Symbol.dispose]: () => base[Symbol.dispose](),
    },
    async execute(args, text) {
      const joined = issued.get(args.schema)
      if (!joined?.touches(args.document)) return options.execute(args, text)
      const { ask, base: platform, generation: of } = joined
      return runOn(
        { supergraph: of.supergraph, ask, current: of.platform === platform },
        args,
        text,
      )
    },
    verdicts: () => verdicts,
    async [Symbol.asyncDispose]() {
      stop.abort()
      clearTimeout(timer)
      ended()
      announcements[Symbol.dispose]()
      await running?.catch(() => {})
      await Promise.all(Array.from(threads, (thread) => thread[Symbol.asyncDispose]()))
      await upstreams[Symbol.asyncDispose]()
    },
  }
}
