import { compareStamps, stampOf, type Stamp } from './stamp.ts'
import { CHUNK_BYTES, type LogLine } from './types.ts'

const NEWLINE = 0x0a
const STAMP_ROOM = 64
/** Bytes of one line that are kept until its match has been seen. */
const MATCH_WINDOW = 1024 * 1024
const NOTHING = Buffer.alloc(0)

/** How far a log has been given out, by which one whose connection broke is taken up again. */
export interface LogPosition {
  /** Of the newest line that was begun. */
  stamp: Stamp | undefined
  /** Whole lines of that time. */
  lines: number
  /** Bytes given of a line of that time that is not whole. */
  partial: number
}

export interface SplitterOptions {
  /** Only lines that hold these bytes. */
  readonly match?: Buffer | undefined
  /** What was given before; it is left out. */
  readonly after?: Readonly<LogPosition> | undefined
}

export interface Splitter {
  /** Lines that end in `data`, and parts of one that is longer than a chunk. */
  push(data: Buffer): LogLine[]
  /** The last line, where its end is missing. */
  end(): LogLine[]
  /** Bytes of given lines, in front of what matched, that were not kept; counted anew from then on. */
  takeDropped(): number
  readonly position: Readonly<LogPosition>
}

/**
 * Cuts a log with time stamps into lines. Bytes stay as they are; a long line is cut between characters where it is
 * UTF-8. Holds one chunk at most, or 1 MiB of a line that is still to match. Hot path of logs.
 */
export function createSplitter({ match, after }: SplitterOptions = {}): Splitter {
  const position: LogPosition = { stamp: undefined, lines: 0, partial: 0, ...after }
  const bound = STAMP_ROOM + (match ? MATCH_WINDOW : CHUNK_BYTES)
  let skip = after?.stamp && { stamp: after.stamp, lines: after.lines, partial: after.partial }
  let out: LogLine[] = []
  let dropped = 0
  // Of the line that has begun:
  let parts: Buffer[] = []
  let size = 0
  let begun = false
  let stamp: Stamp | undefined
  let matched = false
  /** Bytes before those that are kept for the match. */
  let ahead = 0
  /** Bytes that were given before. */
  let ignored = 0

  function begin(line: Buffer): Buffer {
    begun = true
    matched = match === undefined
    ahead = 0
    stamp = stampOf(line)
    ignored = stamp && skip ? toIgnore(stamp) : 0
    const newer = stamp && (!position.stamp || compareStamps(stamp, position.stamp) > 0)
    if (newer && ignored === 0) Object.assign(position, { stamp, lines: 0, partial: 0 })
    return stamp ? line.subarray(stamp.text.length + 1) : line
  }

  function toIgnore(at: Stamp): number {
    if (!skip) return 0
    const order = compareStamps(at, skip.stamp)
    if (order < 0) return Infinity
    if (order === 0 && skip.lines > 0) {
      skip.lines--
      return Infinity
    }
    const given = order === 0 ? skip.partial : 0
    skip = undefined
    return given
  }

  /** What of a line's bytes is new and, once it has matched, to be given. */
  function wanted(bytes: Buffer, last: boolean): Buffer | undefined {
    let body = begun ? bytes : begin(bytes)
    if (ignored > 0) {
      const gone = Math.min(ignored, body.length)
      ignored -= gone
      body = body.subarray(gone)
      if (ignored > 0) return undefined
    }
    if (matched || !match) return body
    matched = body.includes(match)
    if (matched) {
      dropped += ahead
      return body
    }
    if (!last) {
      // The match may begin in what has come and end in what has not.
      const kept = body.subarray(Math.max(0, body.length - match.length + 1))
      ahead += body.length - kept.length
      keep(kept)
    }
    return undefined
  }

  function isNewest(): boolean {
    return Boolean(stamp && position.stamp && compareStamps(stamp, position.stamp) === 0)
  }

  function keep(body: Buffer): void {
    parts = body.length > 0 ? [body] : []
    size = body.length
  }

  /** Gives whole chunks of a body; returns the rest. */
  function giveChunks(body: Buffer): Buffer {
    let rest = body
    while (rest.length > CHUNK_BYTES) {
      const end = boundary(rest, CHUNK_BYTES)
      out.push({ time: stamp?.text ?? null, bytes: rest.subarray(0, end), continues: true })
      if (isNewest()) position.partial += end
      rest = rest.subarray(end)
    }
    return rest
  }

  /** Gives what can be given of a line that is not whole yet, and keeps the rest. */
  function overflow(): void {
    const bytes = Buffer.concat(parts, size)
    keep(NOTHING)
    const body = wanted(bytes, false)
    if (body) keep(giveChunks(body))
  }

  function finish(bytes: Buffer): void {
    const body = wanted(bytes, true)
    if (body) out.push({ time: stamp?.text ?? null, bytes: giveChunks(body), continues: false })
    if (!skip && isNewest()) {
      position.lines++
      position.partial = 0
    }
    begun = false
    keep(NOTHING)
  }

  function taken(): LogLine[] {
    const lines = out
    out = []
    return lines
  }

  return {
    position,
    push(data) {
      let from = 0
      for (;;) {
        const end = data.indexOf(NEWLINE, from)
        if (end < 0) break
        const piece = data.subarray(from, end)
        finish(size === 0 ? piece : Buffer.concat([...parts, piece], size + piece.length))
        from = end + 1
      }
      if (from < data.length) {
        parts.push(data.subarray(from))
        size += data.length - from
        if (size > bound) overflow()
      }
      return taken()
    },
    end() {
      if (size > 0) finish(Buffer.concat(parts, size))
      return taken()
    },
    takeDropped() {
      const bytes = dropped
      dropped = 0
      return bytes
    },
  }
}

/** Where to cut at `at` or a little before, so that no character of UTF-8 is split. */
function boundary(bytes: Buffer, at: number): number {
  for (let end = at; end > at - 4; end--) {
    if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end
  }
  return at
}
