import type { Logger } from 'pino'
import type { Discovery, KubeClient } from './api.ts'
import { readDiscovery } from './discovery-documents.ts'
import type { GVR, KindInfo } from './types.ts'
import { startReflector, type Sink } from './watch.ts'

/** Milliseconds between a change of a definition and the new documents: the API server needs a moment to serve it. */
const SETTLE_MS = [200, 2000]
/** Milliseconds for which a miss is believed. */
const MISS_MS = 1000
/** Milliseconds after which documents are read again although no change was heard of. */
const MAX_AGE_MS = 10 * 60_000
const READ_MS = 30_000

const DEFINITIONS: readonly GVR[] = [
  { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
  { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' },
]
const METADATA = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
}

export interface DiscoveryOptions {
  client: KubeClient
  log: Logger
  now?: () => number
  /** Watches definitions from the first question on. Default true. */
  watch?: boolean
}

interface Known {
  readonly kinds: readonly KindInfo[]
  readonly readAt: number
}

/**
 * What a cluster serves. Read when first asked, again after a CRD or an APIService changed, and at once for something
 * that is not found (at most once a second). While the API server fails, the last answer stands; without one its
 * error is thrown.
 */
export function createDiscovery(options: DiscoveryOptions): Discovery & AsyncDisposable {
  const { client, log, now = Date.now } = options
  const stack = new AsyncDisposableStack()
  let known: Known | undefined
  let stale = true
  let reading: Promise<Known> | undefined
  let watching = options.watch === false
  const listeners = new Set<(group: string | undefined) => void>()

  function watch(): void {
    if (watching) return
    watching = true
    const timers = new Set<NodeJS.Timeout>()
    stack.defer(() => timers.forEach((timer) => clearTimeout(timer)))
    const changed = (group?: string): void => {
      timers.forEach((timer) => clearTimeout(timer))
      timers.clear()
      for (const ms of SETTLE_MS) {
        timers.add(setTimeout(() => void (stale = true), ms).unref())
      }
      for (const listener of listeners) listener(group)
    }
    for (const gvr of DEFINITIONS) {
      const listing = { add: () => {}, done: () => changed() }
      const sink: Sink = {
        listing: () => listing,
        apply: (_type, { metadata }) => changed(groupOf(metadata.name)),
        bookmark: () => {},
      }
      stack.use(startReflector({ client, gvr, log, now, accept: METADATA, open: () => sink }))
    }
  }

  function read(): Promise<Known> {
    stale = false
    reading ??= readDiscovery(client, AbortSignal.timeout(READ_MS))
      .then((kinds) => (known = { kinds, readAt: now() }))
      .catch((error: unknown) => {
        stale = true
        if (!known) throw error
        log.debug({ err: error }, 'discovery failed, the last answer stands')
        return known
      })
      .finally(() => (reading = undefined))
    return reading
  }

  async function kinds(signal?: AbortSignal): Promise<readonly KindInfo[]> {
    signal?.throwIfAborted()
    watch()
    if (known && !stale && now() - known.readAt < MAX_AGE_MS) return known.kinds
    return (await read()).kinds
  }

  /** Asks once more when the answer is older than a second: the definition may be new. */
  async function lookUp(
    pick: (all: readonly KindInfo[]) => KindInfo | undefined,
  ): Promise<KindInfo | undefined> {
    const found = pick(await kinds())
    if (found || !known || now() - known.readAt < MISS_MS) return found
    return pick((await read()).kinds)
  }

  return {
    kinds,
    find: ({ group, version, resource }) =>
      lookUp((all) =>
        best(
          all.filter((kind) => kind.resource === resource && kind.group === group),
          version,
        ),
      ),
    findKind: ({ group, version, kind }) =>
      lookUp((all) =>
        best(
          all.filter((one) => one.kind === kind && one.group === group),
          version,
        ),
      ),
    invalidate() {
      stale = true
    },
    onChange(listener) {
      watch()
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}

/** What a definition is of: both sorts are called after something of the group, a dot and the group. */
function groupOf(name = ''): string {
  return name.slice(name.indexOf('.') + 1)
}

/** The one of `version`, or of the version that the group prefers. */
function best(found: readonly KindInfo[], version: string | undefined): KindInfo | undefined {
  if (version !== undefined) return found.find((kind) => kind.version === version)
  return found.find(({ preferred }) => preferred) ?? found[0]
}
