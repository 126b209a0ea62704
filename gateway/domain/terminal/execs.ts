import { ApiError } from '../../lib/errors.ts'
import { createGate } from '../../lib/gate.ts'
import type { UserInfo } from '../operation.ts'
import type {
  SessionEnd,
  TerminalCaller,
  TerminalOpening,
  TerminalPiece,
  TerminalService,
  TerminalSession,
  TerminalTarget,
} from './types.ts'

/** Bytes handed to a session at a time, and most that may wait for their turn. */
const PIECE = 64 * 1024
const MOST_WAITING = 16 * 1024 * 1024

/** Whom a session belongs to: the same person on the same connection. */
export interface ExecOwner {
  readonly user: UserInfo
  readonly connection: string
}

export type ExecEvent =
  | { readonly type: 'started'; readonly session: string }
  | ({ readonly type: 'output' } & TerminalPiece)
  | { readonly type: 'exited'; readonly end: SessionEnd }

/**
 * Iterate once. `started`, what comes, `exited`; as slow as its reader. To return early ends the program, which has a
 * second for its farewell.
 */
export type ExecStream = AsyncIterableIterator<ExecEvent, undefined, undefined>

export interface ExecOpening extends TerminalOpening {
  readonly cols?: number | undefined
  readonly rows?: number | undefined
}

export interface InputHow {
  /** Nothing more comes after this. */
  readonly end: boolean
  readonly signal: AbortSignal
}

/** Sessions whose output and input come by different ways. All but `open` throw ApiError 404 for others than the owner. */
export interface ExecService {
  /** Throws as TerminalService.open; ApiError 429 when the owner has too many. */
  open(
    owner: ExecOwner,
    caller: TerminalCaller,
    target: TerminalTarget,
    opening: ExecOpening,
  ): Promise<ExecStream>
  /**
   * Types bytes after all that was typed before, and with `end` nothing more after them. Resolves with how many were
   * taken once there is room again: less than all when the session ended or `signal` did. Throws ApiError 429 while
   * too much waits.
   */
  input(owner: ExecOwner, session: string, data: Uint8Array, how: InputHow): Promise<number>
  /** 1 to 65535 each; other sizes are ignored. */
  resize(owner: ExecOwner, session: string, cols: number, rows: number): void
  /** Ends it, with a second for the program's farewell. */
  close(owner: ExecOwner, session: string): void
  /** Resolves when everyone who reads has heard how their session ended, after `ms` at the latest. */
  told(ms: number): Promise<void>
}

export interface ExecsOptions {
  readonly terminal: Pick<TerminalService, 'open'>
  /** Sessions that one user may have open at a time. */
  readonly perUser: number
}

interface Held {
  readonly owner: ExecOwner
  readonly session: TerminalSession
  over: boolean
  /** Settles when all that was typed so far has been handed over. */
  turn: Promise<unknown>
  /** Bytes that wait. */
  waiting: number
}

/** One per process: sessions are known by their id. */
export function createExecs({ terminal, perUser }: ExecsOptions): ExecService {
  const held = new Map<string, Held>()
  const gate = createGate(perUser, tooMany)
  /** One for each stream that is read. */
  const reading = new Set<Promise<void>>()

  function find({ user, connection }: ExecOwner, id: string): Held {
    const found = held.get(id)
    const { owner } = found ?? {}
    const isOwn =
      owner?.connection === connection &&
      owner.user.name === user.name &&
      owner.user.uid === user.uid
    if (found && isOwn) return found
    throw new ApiError(404, 'NotFound', `session ${JSON.stringify(id)} not found`)
  }

  async function forget(entry: Held, leave: () => void): Promise<void> {
    await entry.session.ended
    entry.over = true
    held.delete(entry.session.id)
    leave()
  }

  return {
    async open(owner, caller, target, opening) {
      const leave = gate.enter(owner.user.name)
      try {
        const session = await terminal.open(caller, target, opening)
        const { cols, rows } = opening
        if (cols !== undefined && rows !== undefined) session.resize(cols, rows)
        const entry: Held = { owner, session, over: false, turn: Promise.resolve(), waiting: 0 }
        held.set(session.id, entry)
        void forget(entry, leave)
        const over = Promise.withResolvers<void>()
        reading.add(over.promise)
        return streamOf(session, () => {
          over.resolve()
          reading.delete(over.promise)
        })
      } catch (error) {
        leave()
        throw error
      }
    },
    async input(owner, id, data, how) {
      const entry = find(owner, id)
      if (entry.waiting + data.length > MOST_WAITING) {
        throw new ApiError(429, 'TooManyRequests', 'too much input waits for this session')
      }
      entry.waiting += data.length
      const taken = type(entry, entry.turn, data, how)
      entry.turn = taken
      return taken
    },
    resize: (owner, id, cols, rows) => find(owner, id).session.resize(cols, rows),
    close: (owner, id) => find(owner, id).session.close(),
    async told(ms) {
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, ms)
      await Promise.race([Promise.all(reading), late.promise])
      clearTimeout(timer)
    },
  }
}

function tooMany(user: string, limit: number): ApiError {
  const message = `user ${user} has ${limit} sessions open, more are not allowed`
  return new ApiError(429, 'TooManyRequests', message)
}

/** Bytes that were taken. Never rejects. */
async function type(
  entry: Held,
  before: Promise<unknown>,
  data: Uint8Array,
  { end, signal }: InputHow,
): Promise<number> {
  await before
  let at = 0
  while (at < data.length && !entry.over && !signal.aborted) {
    const piece = data.subarray(at, at + PIECE)
    at += piece.length
    if (!entry.session.write(piece)) await entry.session.drained()
  }
  entry.waiting -= data.length
  if (end && at === data.length) entry.session.endInput()
  return at
}

/** `onOver` is called when the reader is through, and that is after it has heard of the end. */
function streamOf(session: TerminalSession, onOver: () => void): ExecStream {
  const output = session.output[Symbol.asyncIterator]()
  let state: 'new' | 'running' | 'over' = 'new'
  const drain = async (): Promise<void> => {
    while (!(await output.next()).done);
  }
  return {
    async next() {
      if (state === 'over') {
        onOver()
        return { value: undefined, done: true }
      }
      if (state === 'new') {
        state = 'running'
        return { value: { type: 'started', session: session.id }, done: false }
      }
      const piece = await output.next()
      if (!piece.done) return { value: { type: 'output', ...piece.value }, done: false }
      state = 'over'
      return { value: { type: 'exited', end: await session.ended }, done: false }
    },
    async return() {
      session.close()
      // A program whose output nobody takes could not take its leave.
      if (state === 'running') void drain().catch(() => {})
      state = 'over'
      onOver()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
