import { ApiError } from '../lib/errors.ts'
import type { ChangeType, Entry, KubeClient } from './api.ts'
import { readBytes } from './body.ts'
import { failure } from './client.ts'
import { lines } from './lines.ts'
import { EntryKit } from './store-entry.ts'
import { resourcePath } from './types.ts'
import type { GVR } from './types.ts'
import { compareVersions } from './versions.ts'
import { parseWatchEvent } from './watch-event.ts'

/** Most bytes of one event. */
const LINE_LIMIT = 8 * 1024 * 1024
/** kube-apiserver sends a bookmark two seconds before a watch runs out: so one second after it began. */
const WATCH_SECONDS = 3
/** Milliseconds for all of it. */
const WITHIN_MS = 8000

/** One change of the past. */
export interface PastChange {
  readonly type: ChangeType
  readonly entry: Entry
  readonly version: string
}

export interface HistoryOptions {
  readonly client: KubeClient
  readonly gvr: GVR
  readonly kind: string
  /** Everything after this resource version … */
  readonly after: string
  /** … up to this one. */
  readonly to: string
  readonly most: { readonly changes: number; readonly characters: number }
  readonly signal: AbortSignal
}

/**
 * What happened to the objects of a kind between two resource versions, read from kube-apiserver, in its order. Undefined
 * where not all of it is kept there any more (five minutes, usually), where it is more than `most`, or not told in time.
 * Throws what asking throws. Source: Kubernetes API concepts, "Efficient detection of changes" and "Watch bookmarks".
 */
export async function readHistory(
  options: HistoryOptions,
): Promise<readonly PastChange[] | undefined> {
  const { client, gvr, after, to, most } = options
  const kit = new EntryKit(gvr, options.kind)
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal, AbortSignal.timeout(WITHIN_MS)])
  try {
    const { status, body } = await client.stream({
      path: resourcePath(gvr, {}),
      query: {
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: after,
        timeoutSeconds: WATCH_SECONDS,
      },
      headers: { accept: 'application/json' },
      signal,
    })
    if (status === 410) return undefined
    if (status >= 400) throw failure(status, (await readBytes(body, LINE_LIMIT)).toString())
    const changes: PastChange[] = []
    let characters = 0
    for await (const line of lines(body, LINE_LIMIT)) {
      if (line === '') continue
      const event = parseWatchEvent(line)
      if (event.type === 'ERROR') return undefined
      const version = event.object.metadata.resourceVersion ?? ''
      const beyond = compareVersions(version, to)
      if (event.type !== 'BOOKMARK' && beyond <= 0) {
        const entry = kit.entry(event.object, event.json)
        characters += entry.json.length
        if (changes.length >= most.changes || characters > most.characters) return undefined
        changes.push({ type: event.type, entry, version })
      }
      if (beyond >= 0) return changes
    }
    return undefined
  } catch (error) {
    options.signal.throwIfAborted()
    if (error instanceof ApiError && error.code === 410) return undefined
    throw error
  } finally {
    stop.abort()
  }
}
