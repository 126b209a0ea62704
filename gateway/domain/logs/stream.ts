import type { Store } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, forbidden } from '../../lib/errors.ts'
import type { OperationScope } from '../operation.ts'
import { readContainerLog } from './container-log.ts'
import { createMerge } from './merge.ts'
import { containersOf, type Pod, type PodBook } from './pods.ts'
import type { Stores } from './stores.ts'
import type { LogOptions, LogPart, LogStream, Workload } from './types.ts'

/** Containers that are read at a time. */
export const MOST_CONTAINERS = 100

export interface StreamOptions {
  readonly scope: OperationScope
  readonly namespace: string
  /** Where `book` comes from; ended with the stream. */
  readonly stores: Stores
  readonly book: PodBook
  readonly options: LogOptions
  readonly containers?: readonly string[] | undefined
  /** Pods that are there now. */
  readonly first: readonly Pod[]
  /** Which others are read when they come; none without it. */
  readonly matches?: ((pod: Pod) => boolean) | undefined
  readonly workload?: (Workload & { readonly store: Store }) | undefined
  /** Whether the caller may read the log of a pod. */
  readonly may: (pod: string) => Promise<boolean>
  /** Tells when the right to what is read is gone; the function returned ends that. */
  readonly watch: (pod: string, onLost: (why: string) => void) => () => void
}

/** Logs of pods, joined; see `LogService`. */
export function streamLogs(of: StreamOptions): LogStream {
  const { scope, stores, namespace, book, options, containers, matches, workload } = of
  const stop = new AbortController()
  const signal = AbortSignal.any([scope.signal, stop.signal])
  const merge = createMerge()
  /** What was begun, by the pod's uid and the container. */
  const known = new Map<string, Set<string>>()
  const undo: (() => void)[] = []
  const rights = new Map<string, () => void>()
  let started = false
  let over = false

  function lost(why: string): void {
    merge.fail(forbidden(why))
    stop.abort(new Error(why))
  }

  async function join(pod: Pod): Promise<void> {
    const { name = '', uid = '' } = pod.metadata
    const begun = known.get(uid) ?? new Set<string>()
    known.set(uid, begun)
    const fresh = containersOf(pod, containers).filter((container) => !begun.has(container))
    for (const container of fresh) begun.add(container)
    if (fresh.length === 0) return
    const allowed = await of.may(name)
    if (signal.aborted) return
    if (allowed && !rights.has(uid)) rights.set(uid, of.watch(name, lost))
    for (const container of fresh) {
      const fault = allowed ? tooMany() : forbidden(`the log of pod ${name} is not yours to read`)
      merge.add({ pod: name, container }, fault ? failed(fault) : read(name, uid, container))
    }
  }

  function tooMany(): ApiError | undefined {
    if (merge.size < MOST_CONTAINERS) return undefined
    const message = `${MOST_CONTAINERS} logs are read already, more are not allowed`
    return new ApiError(429, 'TooManyRequests', message)
  }

  function read(pod: string, uid: string, container: string): AsyncIterable<LogPart> {
    const { client } = scope.cluster
    const everyRun = matches !== undefined
    return readContainerLog({
      client,
      book,
      namespace,
      pod,
      uid,
      container,
      options,
      everyRun,
      signal,
    })
  }

  function onChange(name: string): void {
    const pod = book.get(name)
    if (pod) {
      if (matches?.(pod)) void join(pod).catch((error: unknown) => merge.fail(error))
      return
    }
    const present = new Set(book.all().map(({ metadata }) => metadata.uid))
    for (const uid of known.keys()) if (!present.has(uid)) forget(uid)
  }

  function forget(uid: string): void {
    known.delete(uid)
    rights.get(uid)?.()
    rights.delete(uid)
  }

  function closeWhenOver(): void {
    if (workload && isOver(workload.store.get(namespace, workload.name)?.object, workload.uid)) {
      merge.close()
    }
  }

  async function start(): Promise<void> {
    stores.onRefusal = (error) => {
      merge.fail(error)
      stop.abort(error)
    }
    await Promise.all(of.first.map(join))
    if (!options.follow || !matches) return merge.close()
    undo.push(book.onChange(onChange))
    // Those that came meanwhile.
    await Promise.all(book.all().filter(matches).map(join))
    if (workload) undo.push(workload.store.subscribe(closeWhenOver))
    closeWhenOver()
  }

  function release(): void {
    over = true
    stop.abort(new Error('the log is not read any more'))
    for (const end of [...undo.splice(0), ...rights.values()]) end()
    rights.clear()
    stores[Symbol.dispose]()
  }

  return {
    async next() {
      if (over) return { value: undefined, done: true }
      try {
        if (!started) {
          started = true
          scope.signal.throwIfAborted()
          scope.signal.addEventListener('abort', () => merge.fail(scope.signal.reason), {
            once: true,
            signal: stop.signal,
          })
          await start()
        }
        const result = await merge.next()
        if (result.done) release()
        return result
      } catch (error) {
        release()
        throw error
      }
    },
    async return() {
      merge.close()
      merge.fail(new Error('the log is not read any more'))
      release()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* failed(error: ApiError): AsyncGenerator<LogPart> {
  yield { event: 'FAILED', error }
}

/** Whether a workload will have no more pods. */
function isOver(object: KubeObject | undefined, uid: string): boolean {
  if (object?.metadata.uid !== uid) return true
  const { conditions = [] } = (object['status'] ?? {}) as {
    conditions?: { type: string; status: string }[]
  }
  return (
    object.kind === 'Job' &&
    conditions.some(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === 'True')
  )
}
