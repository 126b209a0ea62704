import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../../kube/api.ts'
import { ApiError, unavailable } from '../../lib/errors.ts'
import { openLog } from './open-log.ts'
import { createSplitter, type LogPosition } from './splitter.ts'
import type { ContainerAddress, LogLine, LogOptions, LogPart } from './types.ts'

/** Milliseconds before a connection that broke is made again, and how often that is tried in a row. */
const AGAIN_MS = 500
const MOST_TRIES = 5

export interface RunLogOptions {
  readonly client: Pick<KubeClient, 'stream'>
  readonly at: ContainerAddress
  readonly options: LogOptions
  readonly signal: AbortSignal
  /** Waits a little for the run to be over; false when it goes on. Asked when a log that is followed has ended. */
  readonly over: () => Promise<boolean>
  /** What has become of the run: another one has begun in its place, or the pod is gone. */
  readonly place: () => 'there' | 'replaced' | 'gone'
}

/**
 * The log of one run of a container, as fast as it is read; STARTED comes first. One that is followed is taken up again where its connection
 * broke, without a line lost or told twice, until the run is over. Throws ApiError when it cannot be read.
 */
export async function* readRunLog(of: RunLogOptions): AsyncGenerator<LogPart, void, undefined> {
  const { client, at, options, signal } = of
  const match = options.match ? Buffer.from(options.match) : undefined
  let after: Readonly<LogPosition> | undefined
  let left = options.limitBytes ?? Infinity
  let tries = 0
  for (;;) {
    const splitter = createSplitter({ match, after })
    let broken: unknown
    try {
      const asked = after?.stamp ? since(options, after.stamp.text) : options
      const body = await openLog(client, at, asked, signal)
      if (!after) yield { event: 'STARTED' }
      after = splitter.position
      for await (const data of body as AsyncIterable<Buffer>) {
        tries = 0
        const given = limited(splitter.push(data), left)
        left = given.left
        const droppedBytes = splitter.takeDropped()
        if (given.lines.length > 0) yield { event: 'LINES', lines: given.lines, droppedBytes }
        if (left <= 0) return
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!after || !isBroken(error)) throw error
      broken = error
    }
    if (!broken) {
      const { lines } = limited(splitter.end(), left)
      if (lines.length > 0) {
        yield { event: 'LINES', lines, droppedBytes: splitter.takeDropped() }
      }
      if (!options.follow || (await of.over())) return
    } else {
      const place = of.place()
      if (place === 'gone') return
      if (!options.follow || place === 'replaced' || ++tries > MOST_TRIES) {
        throw unavailable('the log broke off', broken)
      }
      await sleep(AGAIN_MS * tries, undefined, { signal })
    }
  }
}

function since(options: LogOptions, sinceTime: string): LogOptions {
  return { ...options, tailLines: undefined, sinceSeconds: undefined, sinceTime }
}

/** Whether asking again may help. */
function isBroken(error: unknown): boolean {
  return !(error instanceof ApiError) || error.code >= 500
}

/** As much as may still be given; a line that is cut off says that it goes on. */
function limited(lines: LogLine[], left: number): { lines: LogLine[]; left: number } {
  if (left === Infinity) return { lines, left }
  const given: LogLine[] = []
  let rest = left
  for (const line of lines) {
    if (rest <= 0) break
    const fits = line.bytes.length <= rest
    given.push(fits ? line : { ...line, bytes: line.bytes.subarray(0, rest), continues: true })
    rest -= line.bytes.length + (line.continues ? 0 : 1)
  }
  return { lines: given, left: rest }
}
