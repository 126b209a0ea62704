import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ApiError, fromStatus } from '../lib/errors.ts'
import { createBackoff } from './backoff.ts'
import { readBytes } from './body.ts'
import type { ChangeType, KubeClient } from './api.ts'
import { failure } from './client.ts'
import { sliceList } from './json-slices.ts'
import { lines, LineTooLong } from './lines.ts'
import type { Incoming, Listing } from './store.ts'
import { resourcePath } from './types.ts'
import type { GVR, KubeObject } from './types.ts'
import { parseWatchEvent } from './watch-event.ts'

const PAGE = 500
/** Most bytes of one page of a list and of one watched object. */
const PAGE_LIMIT = 512 * 1024 * 1024
const LINE_LIMIT = 8 * 1024 * 1024
/** A server that sends bookmarks does so every minute. */
const STALL_MS = 150_000
/** A watch that ends sooner than this is not asked for again at once. */
const SHORT_MS = 1000

/** Where a reflector puts what it learns; a `WritableStore` is one. */
export interface Sink {
  /** Begins a list, which takes the place of all that was there once it is complete. */
  listing(): Listing
  apply(type: ChangeType, object: KubeObject, json?: string): void
  bookmark(resourceVersion: string): void
}

export interface ReflectorOptions {
  client: KubeClient
  gvr: GVR
  /** All of them unless given. */
  namespace?: string | undefined
  /** Called before the first objects, with the kind that the list is of. */
  open: (kind: string) => Sink
  log: Logger
  /** `application/json` unless only the metadata of objects is wanted. */
  accept?: { list: string; watch: string }
  now?: () => number
  random?: () => number
  stallMs?: number
  /** Called when the server answers again after a failed attempt. */
  onRecovery?: () => void
  /** Called with the error of each failed attempt. */
  onFailure?: (error: unknown) => void
}

export interface ReflectorStatus {
  /** Milliseconds, `now` of the last list, event or bookmark; 0 before the first. */
  readonly heardAt: number
  readonly relists: number
  /** The error of the last attempt, undefined while all is well. */
  readonly error: unknown
}

export interface Reflector extends AsyncDisposable {
  readonly status: ReflectorStatus
  /** Resolves with the next whole list, rejects with the error of the next attempt to get one. */
  listed(): Promise<void>
  /** Ends a pause between attempts, and makes the next ones short. */
  hurry(): void
}

/**
 * Keeps a sink equal to a resource: list in pages, then watch from there with bookmarks; after a 410, a line that is
 * no event, or one that is too long, list again and report what differs. It tries for ever, with jittered pauses, and
 * never throws. Source: Kubernetes API concepts; client-go's reflector.
 */
export function startReflector(options: ReflectorOptions): Reflector {
  const { client, gvr, log, now = () => performance.now(), random = Math.random } = options
  const stallMs = options.stallMs ?? STALL_MS
  const stop = new AbortController()
  const backoff = createBackoff({ random })
  const status = { heardAt: 0, relists: -1, error: undefined as unknown }
  const path = resourcePath(gvr, { namespace: options.namespace })
  let sink: Sink | undefined
  let version = ''
  let attempt = Promise.withResolvers<void>()
  let wake = new AbortController()
  const newAttempt = (): void => {
    attempt = Promise.withResolvers<void>()
    attempt.promise.catch(() => {})
  }
  newAttempt()

  async function list(): Promise<void> {
    let to = sink
    let listing: Listing | undefined
    let next: string | undefined
    do {
      const response = await client.stream({
        path,
        query: { limit: PAGE, continue: next },
        headers: { accept: options.accept?.list ?? 'application/json' },
        signal: stop.signal,
      })
      const bytes = await readBytes(response.body, PAGE_LIMIT)
      if (response.status >= 400) throw failure(response.status, bytes.toString())
      const page = sliceList(bytes)
      to ??= options.open((page.head.kind ?? '').replace(/List$/, ''))
      listing ??= to.listing()
      listing.add(parsed(page.items))
      version = page.head.metadata?.resourceVersion ?? ''
      next = page.head.metadata?.continue || undefined
    } while (next)
    status.relists++
    answered()
    listing.done(version)
    sink = to
  }

  /** Ends when the server ends the watch; throws what `losesPlace` knows when history is lost. */
  async function watch(to: Sink): Promise<void> {
    const abort = new AbortController()
    const signal = AbortSignal.any([stop.signal, abort.signal])
    const stall = setInterval(() => {
      if (now() - status.heardAt > stallMs) abort.abort(new Error('the watch has stalled'))
    }, stallMs / 10)
    stall.unref()
    try {
      const response = await client.stream({
        path,
        query: {
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion: version,
          timeoutSeconds: 300 + Math.floor(random() * 300),
        },
        headers: { accept: options.accept?.watch ?? 'application/json' },
        signal,
      })
      if (response.status >= 400) {
        throw failure(response.status, (await readBytes(response.body, LINE_LIMIT)).toString())
      }
      answered()
      for await (const line of lines(response.body, LINE_LIMIT)) take(to, line)
    } catch (error) {
      throw abort.signal.aborted ? abort.signal.reason : error
    } finally {
      clearInterval(stall)
    }
  }

  function take(to: Sink, line: string): void {
    if (line === '') return
    const event = parseWatchEvent(line)
    if (event.type === 'ERROR') throw fromStatus(event.status.code ?? 500, event.status)
    heard()
    status.error = undefined
    backoff.reset()
    version = event.object.metadata.resourceVersion ?? version
    if (event.type === 'BOOKMARK') to.bookmark(version)
    else to.apply(event.type, event.object, event.json)
  }

  function answered(): void {
    heard()
    if (status.error === undefined) return
    status.error = undefined
    options.onRecovery?.()
  }

  function heard(): void {
    status.heardAt = now()
  }

  async function run(): Promise<void> {
    let stale = true
    while (!stop.signal.aborted) {
      try {
        if (stale || !sink) {
          await list()
          stale = false
          status.error = undefined
          attempt.resolve()
          newAttempt()
        }
        const began = now()
        if (sink) await watch(sink)
        if (now() - began < SHORT_MS) await pause()
      } catch (error) {
        if (stop.signal.aborted) return
        stale ||= losesPlace(error)
        failed(error, stale)
        await pause()
      }
    }
  }

  function failed(error: unknown, relist: boolean): void {
    status.error = error
    const level = error instanceof ApiError ? 'debug' : 'warn'
    const resource = gvr.group ? `${gvr.resource}.${gvr.group}` : gvr.resource
    log[level]({ err: error, resource, relist }, 'list-watch interrupted')
    // Its definition is gone, and its objects with it.
    if (error instanceof ApiError && error.code === 404) sink?.listing().done(version)
    options.onFailure?.(error)
    if (!relist) return
    attempt.reject(error)
    newAttempt()
  }

  async function pause(): Promise<void> {
    wake = new AbortController()
    const signal = AbortSignal.any([stop.signal, wake.signal])
    await delay(backoff.next(), undefined, { signal, ref: false }).catch(() => {})
  }

  const running = run()
  return {
    get status() {
      return { ...status, relists: Math.max(0, status.relists) }
    },
    listed: () => attempt.promise,
    hurry() {
      backoff.reset()
      wake.abort()
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      attempt.reject(new ApiError(503, 'ServiceUnavailable', 'the cache was closed'))
      await running
    },
  }
}

function* parsed(items: readonly string[]): Iterable<Incoming> {
  for (const json of items) yield { object: JSON.parse(json) as KubeObject, json }
}

/** Whether only a new list can tell what happened: history is gone, or what came made no sense. */
function losesPlace(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof LineTooLong) return true
  if (!(error instanceof ApiError)) return false
  const ahead = error.details?.causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge')
  return ahead === true || error.code === 400 || error.code === 404 || error.code === 410
}
