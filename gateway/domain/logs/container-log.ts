import type { KubeClient } from '../../kube/api.ts'
import { isFinished, runOf, type PodBook } from './pods.ts'
import { readRunLog } from './run-log.ts'
import type { LogOptions, LogPart } from './types.ts'

/** Milliseconds that the end of a run may come after the end of its log. */
const OVER_MS = 3000

export interface ContainerLogOptions {
  readonly client: Pick<KubeClient, 'stream'>
  readonly book: PodBook
  readonly namespace: string
  readonly pod: string
  /** Another pod of that name is another pod. */
  readonly uid: string
  readonly container: string
  readonly options: LogOptions
  /** Whether runs that follow the present one are read, too. */
  readonly everyRun: boolean
  readonly signal: AbortSignal
}

/**
 * The log of a container and where its runs begin and end. One that is followed is waited for. What cannot be read is
 * told as well; throws only the reason of `signal`.
 */
export async function* readContainerLog(
  of: ContainerLogOptions,
): AsyncGenerator<LogPart, void, undefined> {
  const { client, book, container, everyRun, signal } = of
  const at = { namespace: of.namespace, pod: of.pod, container }
  let options = of.options
  let last = ''
  const present = () => {
    const pod = book.get(of.pod)
    return pod?.metadata.uid === of.uid ? pod : undefined
  }
  /** The next run; null when there will be none. */
  const nextRun = () => {
    const pod = present()
    if (!pod) return null
    const run = runOf(pod, container)
    if (run && run.id !== last) return run
    return isFinished(pod) ? null : undefined
  }
  const place = (id: string) => {
    const pod = present()
    if (!pod) return 'gone'
    const run = runOf(pod, container)
    return id === '' || !run || run.id === id ? 'there' : 'replaced'
  }
  const isOver = (id: string) => {
    const pod = present()
    const run = pod && runOf(pod, container)
    return !run || run.id !== id || !run.running
  }
  const over = async (id: string): Promise<boolean> => {
    const late = AbortSignal.any([signal, AbortSignal.timeout(OVER_MS)])
    try {
      return await book.until(() => isOver(id) || undefined, late)
    } catch {
      signal.throwIfAborted()
      return false
    }
  }
  for (;;) {
    const run = options.follow ? await book.until(nextRun, signal) : undefined
    if (run === null) return
    last = run?.id ?? ''
    try {
      yield* readRunLog({
        client,
        at,
        options,
        signal,
        over: () => over(last),
        place: () => place(last),
      })
      yield { event: 'ENDED' }
    } catch (error) {
      signal.throwIfAborted()
      yield { event: 'FAILED', error }
    }
    if (!options.follow || !everyRun) return
    // Of later runs everything is new.
    options = { ...options, tailLines: undefined }
  }
}
