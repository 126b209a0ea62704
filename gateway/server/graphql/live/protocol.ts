import { CloseCode, MessageType, parseMessage, type Message } from 'graphql-ws'
import type { RequestView } from '../../../context/index.ts'
import { ApiError } from '../../../lib/errors.ts'
import type { Gate } from '../../../lib/gate.ts'
import { inScope, type RequestScope } from '../../../telemetry/index.ts'
import type { OwnedConnection, Wire } from './connection.ts'
import { OperationError } from './errors.ts'
import type { Answers, LiveOperation, Operations } from './operations.ts'
import type { SocketWire } from './wire.ts'

export interface ProtocolOptions {
  readonly operations: Operations
  /** Lets a caller in; see `openConnection`. */
  readonly open: (view: RequestView, wire: Wire) => Promise<OwnedConnection>
  /** Open sockets of each user. */
  readonly sockets: Gate
  /** The request that the socket came by. */
  readonly view: RequestView
  /** Milliseconds for the first message. */
  readonly initMs: number
  /** Begins to follow one operation. */
  readonly begin: () => RequestScope
  readonly report: (error: unknown) => void
}

/** One socket's side of the protocol. */
export interface Protocol {
  onText(text: string): void
  /** Resolves when every operation so far has told its end. */
  idle(): Promise<void>
  /** The socket is gone: all that came over it ends. */
  closed(): void
}

/** An operation that is known by its id. */
interface Known {
  answers?: Answers
}

/** Reasons of close codes, as graphql-ws has them: clients show them to people. */
const reasons = {
  unauthorized: 'Unauthorized',
  timeout: 'Connection initialisation timeout',
  tooMany: 'Too many initialisation requests',
}

/** One socket more than its user may have: what HTTP says with 429. */
const tooMany = CloseCode.TooManyInitialisationRequests

/** Source: RFC 6455 §7.4.1 and its registry: try again later. */
const tryAgainLater = 1013

/** What a client says of itself when it begins; both spellings are in use. */
function credentialsOf(payload: Record<string, unknown> | undefined): string | undefined {
  const said = payload?.['authorization'] ?? payload?.['Authorization']
  return typeof said === 'string' && said ? said : undefined
}

/**
 * The server's side of graphql-transport-ws on one socket. Source: the GraphQL over WebSocket protocol of
 * graphql-over-http (rfcs/GraphQLOverWebSocket.md). graphql-ws' own server would do, but it cannot cancel a query, and it
 * loses sight of an operation whose id is used again. Operations begin in the order in which they came.
 */
export function createProtocol(wire: () => SocketWire, options: ProtocolOptions): Protocol {
  const { operations, report } = options
  const known = new Map<string, Known>()
  /** What has not told its end yet, those that nobody wants to hear of any more among them. */
  const pending = new Set<Promise<void>>()
  let initialised = false
  let gone = false
  let connection: OwnedConnection | undefined
  let leave: (() => void) | undefined
  /** Resolves when every operation so far has begun or will not. */
  let begun = Promise.resolve()
  const timer = setTimeout(() => {
    if (!initialised) close(CloseCode.ConnectionInitialisationTimeout, reasons.timeout)
  }, options.initMs).unref()

  function end(): void {
    if (gone) return
    gone = true
    clearTimeout(timer)
    connection?.close()
    leave?.()
    for (const { answers } of known.values()) answers?.end()
    known.clear()
  }

  function close(code: number, reason: string): void {
    wire().close(code, reason)
    // Whoever does not answer a goodbye gets nothing more either.
    end()
  }

  async function initialise(payload: Record<string, unknown> | undefined): Promise<void> {
    if (initialised) return close(CloseCode.TooManyInitialisationRequests, reasons.tooMany)
    initialised = true
    const authorization = credentialsOf(payload)
    const { headers } = options.view
    const view = authorization
      ? { ...options.view, headers: { ...headers, authorization } }
      : options.view
    try {
      const opened = await options.open(view, {
        buffered: () => wire().buffered,
        drained: () => wire().drained(),
        onOver: (why) => close(CloseCode.Forbidden, why),
      })
      if (gone) return opened.close()
      connection = opened
      leave = options.sockets.enter(opened.user.name)
      await wire().send({ type: MessageType.ConnectionAck })
    } catch (error) {
      if (error instanceof ApiError && error.code === 429) return close(tooMany, error.message)
      if (error instanceof ApiError && error.code < 500) {
        return close(CloseCode.Forbidden, error.message)
      }
      if (error instanceof ApiError) return close(tryAgainLater, error.message)
      throw error
    }
  }

  async function subscribe(id: string, sent: LiveOperation): Promise<void> {
    if (!connection) return close(CloseCode.Unauthorized, reasons.unauthorized)
    if (known.has(id)) {
      return close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`)
    }
    const before = begun
    const turn = Promise.withResolvers<void>()
    begun = turn.promise
    const one: Known = {}
    known.set(id, one)
    const stands = () => known.get(id) === one
    try {
      const answers = await operations.open(sent, connection)
      one.answers = answers
      await before
      if (!stands()) return answers.end()
      const delivered = deliver(id, answers)
      turn.resolve()
      await delivered
      if (stands()) await wire().send({ id, type: MessageType.Complete })
    } catch (error) {
      if (!(error instanceof OperationError)) throw error
      if (stands()) await wire().send({ id, type: MessageType.Error, payload: error.errors })
    } finally {
      turn.resolve()
      if (stands()) known.delete(id)
    }
  }

  /** Each operation has an id of its own: a socket outlives many. */
  async function follow(id: string, sent: LiveOperation): Promise<void> {
    const scope = options.begin()
    try {
      await inScope(scope, () => subscribe(id, sent))
    } finally {
      scope.end()
    }
  }

  async function deliver(id: string, answers: Answers): Promise<void> {
    for await (const payload of answers) await wire().send({ id, type: MessageType.Next, payload })
  }

  async function act(message: Message): Promise<void> {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return initialise(message.payload)
      case MessageType.Ping:
        return wire().send({
          type: MessageType.Pong,
          ...(message.payload ? { payload: message.payload } : {}),
        })
      case MessageType.Pong:
        return
      case MessageType.Subscribe:
        return follow(message.id, message.payload)
      case MessageType.Complete: {
        const one = known.get(message.id)
        known.delete(message.id)
        one?.answers?.end()
        return
      }
      default:
        return close(
          CloseCode.BadRequest,
          `a client does not send messages of type ${message.type}`,
        )
    }
  }

  return {
    onText(text) {
      if (gone) return
      let message: Message
      try {
        message = parseMessage(text)
      } catch (error) {
        return close(CloseCode.BadRequest, error instanceof Error ? error.message : 'bad message')
      }
      const acted = act(message)
        .catch((error: unknown) => {
          report(error)
          close(CloseCode.InternalServerError, 'internal server error')
        })
        .finally(() => pending.delete(acted))
      pending.add(acted)
    },
    async idle() {
      await Promise.all(pending)
    },
    closed: end,
  }
}
