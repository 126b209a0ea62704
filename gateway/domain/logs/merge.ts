import { ApiError } from '../../lib/errors.ts'
import { CHUNK_BYTES, type LogChunk, type LogLine, type LogPart } from './types.ts'

/** Milliseconds after which lines are given although a chunk has room for more. */
const LINGER_MS = 100
/** What a line takes beside its bytes: a chunk of empty lines is a chunk as well. */
const LINE_COST = 32

/** Logs of many containers as one. */
export interface Merge {
  /** Begins to read one more. */
  add(of: { pod: string; container: string }, parts: AsyncIterable<LogPart>): void
  /** Logs that are read now. */
  readonly size: number
  /** No more are added. */
  close(): void
  /** Ends everything with an error, lines that were not taken included. */
  fail(error: unknown): void
  next(): Promise<IteratorResult<LogChunk, undefined>>
  /** Called whenever a log has ended. */
  onEnd: (() => void) | undefined
}

/**
 * Each log is read only as far as a chunk of it fills, so that whoever does not take them slows all down, and one that
 * says much does not keep the others from being heard: chunks that are full or have waited are taken in turn.
 */
export function createMerge(): Merge {
  const lanes = new Set<Lane>()
  const ready = new Set<Lane>()
  let closed = false
  let failure: { error: unknown } | undefined
  let wake = Promise.withResolvers<void>()

  const rouse = (): void => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  const isReady = (lane: Lane): void => {
    ready.add(lane)
    rouse()
  }

  async function pump(lane: Lane, parts: AsyncIterable<LogPart>): Promise<void> {
    try {
      for await (const part of parts) {
        await lane.put(part)
        if (failure) return
      }
      await lane.drained()
    } catch (error) {
      merge.fail(error)
    } finally {
      lane[Symbol.dispose]()
      lanes.delete(lane)
      merge.onEnd?.()
      rouse()
    }
  }

  const merge: Merge = {
    onEnd: undefined,
    get size() {
      return lanes.size
    },
    add({ pod, container }, parts) {
      const lane = new Lane(pod, container, isReady)
      lanes.add(lane)
      void pump(lane, parts)
    },
    close() {
      closed = true
      rouse()
    },
    fail(error) {
      failure ??= { error }
      for (const lane of lanes) lane[Symbol.dispose]()
      rouse()
    },
    async next() {
      for (;;) {
        if (failure) throw failure.error
        const [lane] = ready
        if (lane) {
          ready.delete(lane)
          const chunk = lane.take()
          if (chunk) return { value: chunk, done: false }
          continue
        }
        if (closed && lanes.size === 0) return { value: undefined, done: true }
        await wake.promise
      }
    },
  }
  return merge
}

/** What has come of one log and was not taken yet: a chunk of lines, or a note. */
class Lane implements Disposable {
  readonly #pod: string
  readonly #container: string
  readonly #ready: (lane: Lane) => void
  #lines: LogLine[] = []
  #size = 0
  #dropped = 0
  #note: Exclude<LogPart, { event: 'LINES' }> | undefined
  #timer: NodeJS.Timeout | undefined
  #taken = Promise.withResolvers<void>()
  #disposed = false

  constructor(pod: string, container: string, ready: (lane: Lane) => void) {
    this.#pod = pod
    this.#container = container
    this.#ready = ready
  }

  /** Resolves when there is room for more. */
  async put(part: LogPart): Promise<void> {
    if (part.event !== 'LINES') {
      await this.drained()
      this.#note = part
      this.#ready(this)
      return this.drained()
    }
    for (const line of part.lines) {
      this.#lines.push(line)
      this.#size += line.bytes.length + LINE_COST
    }
    this.#dropped += part.droppedBytes
    while (this.#size >= CHUNK_BYTES && !this.#disposed) {
      this.#ready(this)
      await this.#taken.promise
    }
    if (this.#lines.length > 0 && !this.#disposed) {
      this.#timer ??= setTimeout(() => this.#ready(this), LINGER_MS)
    }
  }

  /** Resolves when everything was taken. */
  async drained(): Promise<void> {
    while ((this.#lines.length > 0 || this.#note) && !this.#disposed) {
      this.#ready(this)
      await this.#taken.promise
    }
  }

  take(): LogChunk | undefined {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const note = this.#note
    const lines = this.#takeLines()
    if (lines.length === 0) this.#note = undefined
    const of = { pod: this.#pod, container: this.#container }
    this.#taken.resolve()
    this.#taken = Promise.withResolvers()
    if (lines.length > 0) {
      const droppedBytes = this.#dropped
      this.#dropped = 0
      return { ...of, event: 'LINES', lines, droppedBytes, message: '' }
    }
    if (!note) return undefined
    return { ...of, event: note.event, lines, droppedBytes: 0, message: messageOf(note) }
  }

  #takeLines(): LogLine[] {
    let count = 0
    let size = 0
    for (const { bytes } of this.#lines) {
      const cost = bytes.length + LINE_COST
      if (count > 0 && size + cost > CHUNK_BYTES) break
      size += cost
      count++
    }
    this.#size -= size
    const all = this.#lines
    if (count === all.length) {
      this.#lines = []
      return all
    }
    this.#lines = all.slice(count)
    return all.slice(0, count)
  }

  [Symbol.dispose](): void {
    this.#disposed = true
    clearTimeout(this.#timer)
    this.#taken.resolve()
  }
}

function messageOf(note: Exclude<LogPart, { event: 'LINES' }>): string {
  if (note.event !== 'FAILED') return ''
  return note.error instanceof ApiError ? note.error.message : 'the log cannot be read'
}
