import { Writable } from 'node:stream'
import { ApiError } from '../../lib/errors.ts'
import type { CommandEnd, RemoteCommand } from './remote-command.ts'
import { bothOutputs } from './outputs.ts'
import type { SessionEnd, TerminalPiece, TerminalSession } from './types.ts'

/** Bytes typed ahead of a program that does not read. */
const INPUT_AHEAD = 1024 * 1024
/** Milliseconds that a program whose client has gone gets to see the end of its input. */
const FAREWELL_MS = 1000
const END_OF_TRANSMISSION = Buffer.of(4)

export interface SessionOptions {
  readonly id: string
  /** Asked one after the other until one ends without an error. At least one. */
  readonly attempts: readonly ((signal: AbortSignal) => Promise<RemoteCommand>)[]
  /** Runs before the first attempt; its error is the session's. */
  readonly prepare?: ((signal: AbortSignal) => Promise<void>) | undefined
  /** Called once, before `ended` settles. */
  readonly release: (end: SessionEnd) => Promise<void> | void
  /** Everything that the client is shown and every size. */
  readonly recorder?: SessionRecorder | undefined
  /** What runs: `shell` or `command`. */
  readonly what: string
  /** Whether the program has a terminal, where the end of the input is a character as well. */
  readonly tty: boolean
  /** Whether the output says why it ended. */
  readonly farewell: boolean
  /** Whether an attempt that ended badly is followed by the next even if it had begun. */
  readonly everyShell: boolean
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number
}

export interface SessionRecorder {
  output(data: Uint8Array): Promise<void> | void
  resize(cols: number, rows: number): void
  close(): Promise<void>
}

/** A session whose owner may end it. */
export interface OwnedSession extends TerminalSession {
  /** Ends it at once, for a reason of the server's. */
  stop(why: SessionEnd['why'], message: string): void
  /** `now` of the last byte either way. */
  readonly activeAt: number
  readonly openedAt: number
  readonly sent: number
  readonly received: number
}

/** A terminal over remote commands. What goes wrong is said in how it ended, before that in the output. */
export function createSession(options: SessionOptions): OwnedSession {
  const { attempts, recorder, now } = options
  const abort = new AbortController()
  const { promise: ended, resolve: settle } = Promise.withResolvers<SessionEnd>()
  let command: RemoteCommand | undefined
  let connected = Promise.withResolvers<void>()
  let size: { cols: number; rows: number } | undefined
  let end: SessionEnd | undefined
  let inputOver = false
  let released = false
  let farewell: NodeJS.Timeout | undefined
  const openedAt = now()
  let activeAt = openedAt
  let sent = 0
  let received = 0

  const input = new Writable({
    highWaterMark: INPUT_AHEAD,
    write(data: Buffer, _encoding, done) {
      void toCommand(data).finally(done)
    },
    final(done) {
      void (options.tty ? toCommand(END_OF_TRANSMISSION) : whenConnected())
        .then(() => command?.endInput())
        .finally(done)
    },
  })
  input.on('error', () => {})

  async function whenConnected(): Promise<void> {
    if (!command) await connected.promise
  }

  async function toCommand(data: Uint8Array): Promise<void> {
    await whenConnected()
    await command?.write(data)
  }

  function stop(why: SessionEnd['why'], message: string): void {
    end ??= { why, message }
    clearTimeout(farewell)
    abort.abort(new Error(message || why))
    command?.destroy()
    // Not left to the output: a consumer that has stopped reading it would hold everything.
    void release()
  }

  async function release(): Promise<void> {
    if (released) return
    released = true
    clearTimeout(farewell)
    end ??= { why: 'exited', message: '' }
    abort.abort(new Error('the session is over'))
    connected.resolve()
    input.destroy()
    command?.destroy()
    command = undefined
    try {
      await recorder?.close()
      await options.release(end)
    } finally {
      settle(end)
    }
  }

  async function* run(): AsyncGenerator<TerminalPiece> {
    try {
      const failure = yield* attempted()
      end ??= failure ?? { why: 'exited', message: '' }
      const text = options.farewell ? farewellText(end) : ''
      if (text) yield* shown({ stream: 'stdout', data: Buffer.from(text) })
    } finally {
      await release()
    }
  }

  async function* attempted(): AsyncGenerator<TerminalPiece, SessionEnd | undefined> {
    let last: SessionEnd | undefined
    try {
      if (end) return end
      await options.prepare?.(abort.signal)
    } catch (error) {
      return end ?? failed(error)
    }
    for (const attempt of attempts) {
      if (end || (last && inputOver)) break
      try {
        command = await attempt(abort.signal)
      } catch (error) {
        last = failed(error)
        continue
      }
      const running = command
      if (size) running.resize(size.cols, size.rows)
      connected.resolve()
      try {
        for await (const piece of bothOutputs(running)) yield* shown(piece)
      } catch {
        // Cut off: `ended` tells why.
      }
      const how = await running.ended
      command = undefined
      connected = Promise.withResolvers()
      last = endOf(options.what, how)
      if (how.kind === 'exit' && (how.code === 0 || !(options.everyShell || isMissing(how)))) break
    }
    return last
  }

  async function* shown(piece: TerminalPiece): AsyncGenerator<TerminalPiece> {
    activeAt = now()
    sent += piece.data.length
    await recorder?.output(piece.data)
    yield piece
  }

  return {
    id: options.id,
    output: { [Symbol.asyncIterator]: run },
    ended,
    openedAt,
    get activeAt() {
      return activeAt
    },
    get sent() {
      return sent
    },
    get received() {
      return received
    },
    write(data) {
      if (inputOver || input.destroyed) return true
      activeAt = now()
      received += data.length
      return input.write(data)
    },
    async drained() {
      if (!input.writableNeedDrain || input.destroyed) return
      const { promise, resolve } = Promise.withResolvers<void>()
      input.once('drain', resolve).once('close', resolve)
      await promise
      input.off('drain', resolve).off('close', resolve)
    },
    endInput() {
      if (inputOver) return
      inputOver = true
      input.end()
    },
    resize(cols, rows) {
      if (!isSize(cols) || !isSize(rows)) return
      size = { cols, rows }
      command?.resize(cols, rows)
      recorder?.resize(cols, rows)
    },
    close() {
      end ??= { why: 'closed', message: '' }
      if (!command) return stop('closed', '')
      this.endInput()
      farewell ??= setTimeout(() => stop('closed', ''), FAREWELL_MS)
      farewell.unref()
    },
    stop,
  }
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 0xffff
}

function failed(error: unknown): SessionEnd {
  const message = error instanceof ApiError ? error.message : 'the terminal could not be started'
  return { why: 'failed', message }
}

/** Whether a program could not be started at all, as shells and container runtimes tell it. */
function isMissing({ code }: { readonly code: number }): boolean {
  return code === 126 || code === 127
}

function endOf(what: string, how: CommandEnd): SessionEnd {
  if (how.kind !== 'exit') return { why: 'failed', message: how.message }
  const message = how.code === 0 ? '' : `the ${what} ended with exit code ${how.code}`
  return { why: 'exited', message, exitCode: how.code }
}

/** What the person at the terminal reads when it ends by something that they did not do. */
function farewellText(end: SessionEnd): string {
  if (end.why === 'exited' || end.why === 'closed' || !end.message) return ''
  // What comes from the API server must not steer the terminal.
  // oxlint-disable-next-line no-control-regex
  return `\r\n${end.message.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')}\r\n`
}
