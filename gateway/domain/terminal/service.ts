import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../../config/index.ts'
import type { ClusterAccess } from '../../kube/api.ts'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { parseQuantity } from '../../lib/quantity.ts'
import { attributes, type Attributes, type Authorizer } from '../operation.ts'
import { downloadFrom, uploadTo } from './files.ts'
import { createGuard } from './guard.ts'
import { kubectlPod, nodePod, type Pod } from './helper-pods.ts'
import { renewLease, sweepHelpers } from './leases.ts'
import { HELPER_NAMESPACE, kubectlPodName, nodePodName } from './names.ts'
import { createRecorder } from './recording.ts'
import { startCommand, type CommandTarget } from './remote-command.ts'
import { createSession, type OwnedSession, type SessionOptions } from './session.ts'
import { shellsFor } from './shells.ts'
import type {
  FileTarget,
  SessionEnd,
  TerminalCaller,
  TerminalEvent,
  TerminalService,
  TerminalTarget,
} from './types.ts'

const RENEW_MS = 27_000
const SWEEP_MS = 60_000
const DEFAULT_UPLOAD = 100 * 1024 * 1024

export interface TerminalOptions {
  readonly host: ClusterAccess
  readonly config: Pick<Config, 'terminal' | 'facade'>
  /** Judges exec itself, whatever the mode of the server. */
  readonly rbac: Authorizer
  /** Judges what a caller was let in by. */
  readonly authorizer: Authorizer
  /** The token that a login goes by now; undefined when it is over. */
  readonly liveToken: (token: string) => Promise<string | undefined>
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onEvent?: ((event: TerminalEvent) => void) | undefined
}

/** Terminals on the host cluster, and the removal of helper pods that nobody uses any more. */
export function createTerminal(options: TerminalOptions): TerminalService {
  const { host, config, rbac, log, now } = options
  const limits = config.facade.terminal
  const { client } = host
  const open = new Set<{ session: OwnedSession; user: string }>()
  const guard = createGuard({ caches: host.caches, liveToken: options.liveToken, log })
  const stopped = new AbortController()
  const timers = [
    setInterval(() => void sweep(), SWEEP_MS).unref(),
    setInterval(expire, 1000).unref(),
  ]
  const uploadLimit = bytesOf(config.terminal.uploadFileLimit) ?? DEFAULT_UPLOAD

  const report = (event: TerminalEvent): void => {
    log.info(event, `terminal ${event.type}`)
    options.onEvent?.(event)
  }

  async function sweep(): Promise<void> {
    try {
      await sweepHelpers(client, now(), log, stopped.signal)
    } catch (error) {
      if (!stopped.signal.aborted) log.warn({ err: error }, 'helper pods were not looked after')
    }
  }

  function expire(): void {
    const at = now()
    for (const { session } of open) {
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

  function demandRoom(user: string): void {
    let count = 0
    for (const one of open) if (one.user === user) count++
    if (count < limits.sessionsPerUser) return
    const message = `user ${user} has ${count} terminals open, more are not allowed`
    throw new ApiError(429, 'TooManyRequests', message)
  }

  /** Where the commands run; for helper pods once `prepare` has made one. */
  function place(caller: TerminalCaller, target: TerminalTarget) {
    const helper = (image: string, signal: AbortSignal) => ({ client, signal, image })
    const lease: { pod?: Pod; timer?: NodeJS.Timeout } = {}
    const hold = async (pod: Pod, signal: AbortSignal): Promise<void> => {
      const renew = () => renewLease(client, pod, now(), signal)
      await renew()
      if (signal.aborted) return
      lease.timer = setInterval(() => {
        renew().catch((error: unknown) => log.warn({ err: error }, 'lease of a helper pod'))
      }, RENEW_MS).unref()
    }
    const release = () => clearInterval(lease.timer)
    if (target.kind === 'pod') {
      const { namespace, pod, container } = target
      const check = async () => demandNames(namespace, pod, container)
      return {
        at: { namespace, pod, container },
        shells: shellsFor(target.shell),
        prepare: check,
        release,
      }
    }
    if (target.kind === 'kubectl') {
      const { name } = caller.user
      const at = { namespace: HELPER_NAMESPACE, pod: kubectlPodName(name), container: 'kubectl' }
      const prepare = async (signal: AbortSignal) => {
        demandNames(HELPER_NAMESPACE, at.pod, '')
        await hold(await kubectlPod(helper(config.terminal.kubectl.image, signal), name), signal)
      }
      return { at, shells: ['bash'], prepare, release }
    }
    const { node } = target
    const at = { namespace: HELPER_NAMESPACE, pod: nodePodName(node), container: 'nsenter' }
    const prepare = async (signal: AbortSignal) => {
      demandNames(HELPER_NAMESPACE, node, '')
      const { image, timeout } = config.terminal.node
      await hold(await nodePod(helper(image, signal), node, timeout), signal)
    }
    return { at, shells: ['sh'], prepare, release }
  }

  async function start(
    id: string,
    caller: TerminalCaller,
    target: TerminalTarget,
  ): Promise<OwnedSession> {
    const { at, shells, prepare, release } = place(caller, target)
    const event = {
      session: id,
      user: caller.user.name,
      sourceIP: caller.sourceIP,
      target: target.kind === 'node' ? `nodes/${target.node}` : `pods/${at.namespace}/${at.pod}`,
    }
    const onEnd = (end: SessionEnd): void => {
      release()
      unwatch()
      open.delete(entry)
      const { sent, received, openedAt } = session
      const took = now() - openedAt
      report({ type: 'close', ...event, sent, received, took, why: end.why, message: end.message })
    }
    const session = createSession({
      id,
      attempts: shells.map((shell) => attempt(at, shell)),
      prepare,
      release: onEnd,
      recorder: limits.recordingPath
        ? await createRecorder(limits.recordingPath, { id, title: event.target, startedAt: now() })
        : undefined,
      now,
    })
    const entry = { session, user: caller.user.name }
    open.add(entry)
    const unwatch = guard.watch({
      user: caller.user,
      token: caller.token,
      checks: [
        { authorizer: rbac, attributes: needs(caller, target) },
        ...(caller.entry ? [{ authorizer: options.authorizer, attributes: caller.entry }] : []),
      ],
      onLost: (why) => session.stop('revoked', why),
    })
    report({ type: 'open', ...event })
    return session
  }

  const attempt = (at: CommandTarget, shell: string): SessionOptions['attempts'][number] => {
    return (signal) =>
      startCommand(client, at, { command: [shell], stdin: true, tty: true, signal })
  }

  async function transfer<T>(
    type: 'upload' | 'download',
    caller: TerminalCaller,
    target: FileTarget,
    run: () => Promise<T>,
  ): Promise<T> {
    await authorize(caller, target)
    demandNames(target.namespace, target.pod, target.container)
    report({
      type,
      session: randomUUID(),
      user: caller.user.name,
      sourceIP: caller.sourceIP,
      target: `pods/${target.namespace}/${target.pod}`,
      message: target.path,
    })
    return run()
  }

  return {
    uploadLimit,
    get sessions() {
      return open.size
    },
    authorize,
    async open(caller, target) {
      await authorize(caller, target)
      if (stopped.signal.aborted) {
        throw new ApiError(503, 'ServiceUnavailable', 'the server is stopping')
      }
      demandRoom(caller.user.name)
      return start(randomUUID(), caller, target)
    },
    upload: (caller, target, files, signal) =>
      transfer('upload', caller, target, () => uploadTo(client, target, files, signal)),
    download: (caller, target, signal) =>
      transfer('download', caller, target, () => downloadFrom(client, target, signal)),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer)
      guard[Symbol.dispose]()
      const sessions = [...open]
      for (const { session } of sessions) session.stop('shutdown', 'the server is stopping')
      await Promise.all(sessions.map(({ session }) => session.ended))
      stopped.abort()
    },
  }
}

/** What exec needs: create of `pods/exec` or `nodes/exec` in the core group (platform-apis.md §9). */
function needs(caller: TerminalCaller, target: TerminalTarget | FileTarget): Attributes {
  const exec = { verb: 'create', apiVersion: 'v1', subresource: 'exec' }
  if (!('kind' in target)) {
    return attributes({ ...exec, resource: 'pods', namespace: target.namespace, name: target.pod })
  }
  switch (target.kind) {
    case 'pod':
      return attributes({
        ...exec,
        resource: 'pods',
        namespace: target.namespace,
        name: target.pod,
      })
    case 'kubectl':
      return attributes({
        ...exec,
        resource: 'pods',
        namespace: HELPER_NAMESPACE,
        name: kubectlPodName(caller.user.name),
      })
    case 'node':
      return attributes({ ...exec, resource: 'nodes' })
    default:
      return target satisfies never
  }
}

/** A name that is none must not become another path of the API server. Throws ApiError 400. */
function demandNames(namespace: string, name: string, container: string): void {
  const valid = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/
  for (const text of [namespace, name]) {
    if (!valid.test(text) || text.length > 253 || text.includes('..')) {
      throw badRequest(`${JSON.stringify(text)} is not a valid name`)
    }
  }
  if (container !== '' && !valid.test(container)) {
    throw badRequest(`${JSON.stringify(container)} is not a valid container name`)
  }
}

/** Whole bytes of a quantity; undefined for a text that is none, and for none at all. */
function bytesOf(text: string): number | undefined {
  const quantity = parseQuantity(text)
  const bytes = quantity && Number(quantity.nanos / 1_000_000_000n)
  return bytes && bytes > 0 ? bytes : undefined
}
