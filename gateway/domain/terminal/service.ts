import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../../config/index.ts'
import type { ClusterAccess } from '../../kube/api.ts'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { parseQuantity } from '../../lib/quantity.ts'
import type { Auditor } from '../auditing/index.ts'
import type { Guard, Watched } from '../guard.ts'
import type { Authorizer } from '../operation.ts'
import { terminalFacts } from './audit.ts'
import { sweepHelpers } from './leases.ts'
import { needs, placeOf } from './place.ts'
import { createRecorder } from './recording.ts'
import { startCommand, type CommandClient, type CommandTarget } from './remote-command.ts'
import {
  createSession,
  type OwnedSession,
  type SessionOptions,
  type SessionRecorder,
} from './session.ts'
import { download, upload, type Transfer } from './transfers.ts'
import type {
  FileTarget,
  SessionEnd,
  TerminalCaller,
  TerminalEvent,
  TerminalOpening,
  TerminalService,
  TerminalTarget,
} from './types.ts'

const SWEEP_MS = 60_000
/** Milliseconds by which the date may move against time between two looks. */
const DRIFT_MS = 10_000
const DEFAULT_UPLOAD = 100 * 1024 * 1024

export interface TerminalOptions {
  readonly host: ClusterAccess
  readonly config: Pick<Config, 'terminal' | 'facade'>
  /** Judges exec itself, whatever the mode of the server. */
  readonly rbac: Authorizer
  /** Judges what a caller was let in by. */
  readonly authorizer: Authorizer
  /** Takes terminals away. */
  readonly guard: Guard
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds of a clock that is never set. */
  readonly ticks: () => number
  /** Hears of every session and transfer; undefined = there is no audit trail. */
  readonly auditor?: Pick<Auditor, 'record'> | undefined
}

interface Entry {
  readonly user: string
  /** Absent while it is being made. */
  session: OwnedSession | undefined
}

/** Terminals on the host cluster, and the removal of helper pods that nobody uses any more. */
export function createTerminal(options: TerminalOptions): TerminalService {
  const { host, config, rbac, guard, log, now, ticks } = options
  const limits = config.facade.terminal
  const { client } = host
  const open = new Set<Entry>()
  const stopped = new AbortController()
  const timers = [
    setInterval(() => void sweep(), SWEEP_MS).unref(),
    setInterval(expire, 1000).unref(),
  ]
  const uploadLimit = bytesOf(config.terminal.uploadFileLimit) ?? DEFAULT_UPLOAD
  let stopping = false
  let dateOverTime = now() - ticks()

  function report(
    event: TerminalEvent,
    caller: TerminalCaller,
    target: TerminalTarget | FileTarget,
  ): void {
    log.info(event, `terminal ${event.type}`)
    options.auditor?.record(terminalFacts(event, caller, needs(caller, target), now()))
  }

  async function sweep(): Promise<void> {
    const moved = Math.abs(now() - ticks() - dateOverTime)
    dateOverTime = now() - ticks()
    // By the new date, helper pods in use look abandoned until they are next renewed.
    if (moved > DRIFT_MS) return
    try {
      await sweepHelpers(client, now(), log, stopped.signal)
    } catch (error) {
      if (!stopped.signal.aborted) log.warn({ err: error }, 'helper pods were not looked after')
    }
  }

  function expire(): void {
    const at = ticks()
    for (const { session } of open) {
      if (!session) continue
      if (limits.maxSessionMs > 0 && at - session.openedAt >= limits.maxSessionMs) {
        session.stop('expired', 'the session has lasted as long as one may')
      } else if (limits.idleTimeoutMs > 0 && at - session.activeAt >= limits.idleTimeoutMs) {
        session.stop('idle', 'the session was idle for too long')
      }
    }
  }

  async function authorize(
    caller: TerminalCaller,
    target: TerminalTarget | FileTarget,
  ): Promise<void> {
    const { decision, reason, error } = await rbac.authorize(caller.user, needs(caller, target))
    if (decision === 'Allow') return
    if (error !== undefined) {
      throw new ApiError(500, 'InternalError', 'the right to exec cannot be judged', {
        cause: error,
      })
    }
    throw new ApiError(403, 'Forbidden', reason)
  }

  function checksOf(caller: TerminalCaller, target: TerminalTarget): Watched['checks'] {
    const { entry } = caller
    return [
      { authorizer: rbac, attributes: needs(caller, target) },
      ...(entry ? [{ authorizer: options.authorizer, attributes: entry }] : []),
    ]
  }

  /** Throws ApiError 503 once the server is stopping, 429 when the user has no room left. */
  function reserve(user: string): Entry {
    demandRunning()
    let count = 0
    for (const one of open) if (one.user === user) count++
    if (count >= limits.sessionsPerUser) {
      const message = `user ${user} has ${count} terminals open, more are not allowed`
      throw new ApiError(429, 'TooManyRequests', message)
    }
    const entry: Entry = { user, session: undefined }
    open.add(entry)
    return entry
  }

  function demandRunning(): void {
    if (!stopping) return
    throw new ApiError(503, 'ServiceUnavailable', 'the server is stopping')
  }

  async function recorderOf(id: string, title: string): Promise<SessionRecorder | undefined> {
    if (!limits.recordingPath) return undefined
    const recorder = await createRecorder(limits.recordingPath, { id, title, startedAt: now() })
    // Who stops the server meanwhile has not seen this session.
    if (stopping) await recorder.close()
    demandRunning()
    return recorder
  }

  async function start(
    entry: Entry,
    caller: TerminalCaller,
    target: TerminalTarget,
    { member, command, tty = true, farewell = true, everyShell = true }: TerminalOpening,
  ): Promise<OwnedSession> {
    const id = randomUUID()
    const place = placeOf({ client, config: config.terminal, log, now }, caller, target)
    const event = {
      session: id,
      user: caller.user.name,
      sourceIP: caller.sourceIP,
      target: place.label,
    }
    const onEnd = (end: SessionEnd): void => {
      place.release()
      unwatch()
      open.delete(entry)
      const { sent, received, openedAt } = session
      const took = ticks() - openedAt
      const how = { sent, received, took, why: end.why, message: end.message }
      report({ type: 'close', ...event, ...how }, caller, target)
    }
    const session = createSession({
      id,
      attempts: (command ? [command] : place.shells.map((shell) => [shell])).map((words) =>
        attempt(member ?? client, place.at, words, tty),
      ),
      prepare: (signal) => place.prepare(signal),
      release: onEnd,
      recorder: await recorderOf(id, place.label),
      what: command ? 'command' : 'shell',
      tty,
      farewell,
      everyShell,
      now: ticks,
    })
    entry.session = session
    const unwatch = guard.watch({
      user: caller.user,
      token: caller.token,
      checks: member ? [] : checksOf(caller, target),
      what: 'this terminal',
      onLost: (why) => session.stop('revoked', why),
    })
    report({ type: 'open', ...event }, caller, target)
    return session
  }

  const attempt =
    (
      from: CommandClient,
      at: CommandTarget,
      command: readonly string[],
      tty: boolean,
    ): SessionOptions['attempts'][number] =>
    (signal) =>
      startCommand(from, at, { command, stdin: true, tty, signal })

  async function transfer(
    caller: TerminalCaller,
    target: FileTarget,
    signal: AbortSignal,
  ): Promise<Transfer> {
    await authorize(caller, target)
    const told = (event: TerminalEvent) => report(event, caller, target)
    return { client, id: randomUUID(), caller, target, signal, now: ticks, report: told }
  }

  async function endAll(): Promise<void> {
    stopping = true
    const sessions = Array.from(open).flatMap(({ session }) => session ?? [])
    for (const session of sessions) session.stop('shutdown', 'the server is stopping')
    await Promise.all(sessions.map(({ ended }) => ended))
  }

  return {
    uploadLimit,
    get sessions() {
      return open.size
    },
    authorize,
    async open(caller, target, opening = {}) {
      if (!opening.member) await authorize(caller, target)
      else if (target.kind !== 'pod') {
        throw badRequest('sessions in a member cluster are in containers of pods')
      }
      const entry = reserve(caller.user.name)
      try {
        return await start(entry, caller, target, opening)
      } catch (error) {
        open.delete(entry)
        throw error
      }
    },
    upload: async (caller, target, files, signal) =>
      upload(await transfer(caller, target, signal), files),
    download: async (caller, target, signal) => download(await transfer(caller, target, signal)),
    follow: ({ user, token }, onLost) =>
      guard.watch({ user, token, checks: [], what: 'this terminal', onLost }),
    endAll,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer)
      await endAll()
      stopped.abort()
    },
  }
}

/** Whole bytes of a quantity; undefined for a text that is none, and for none at all. */
function bytesOf(text: string): number | undefined {
  const quantity = parseQuantity(text)
  const bytes = quantity && Number(quantity.nanos / 1_000_000_000n)
  return bytes && bytes > 0 ? bytes : undefined
}
