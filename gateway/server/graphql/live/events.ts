import type { Request, Response } from 'express'
import { OperationTypeNode, type FormattedExecutionResult } from 'graphql'
import { requestError } from '../../../../resolvers/errors.ts'
import type { RequestView } from '../../../context/index.ts'
import { unauthorized } from '../../../lib/errors.ts'
import type { Metrics } from '../../../telemetry/index.ts'
import { answerError } from '../http.ts'
import { operationOf, type Documents } from '../operation.ts'
import type { OwnedConnection, Wire } from './connection.ts'
import { OperationError } from './errors.ts'
import type { Answers, LiveOperation, Operations } from './operations.ts'

export interface EventsOptions {
  readonly operations: Operations
  readonly documents: Pick<Documents, 'read'>
  /** Lets a caller in; see `openConnection`. */
  readonly open: (view: RequestView, wire: Wire) => Promise<OwnedConnection>
  readonly metrics: Pick<Metrics, 'socketOpened'>
  /** Milliseconds between comments that keep a quiet stream alive. */
  readonly pingMs: number
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store',
  vary: 'Accept, Authorization',
  // Proxies that gather an answer before they pass it on make this one useless.
  'x-accel-buffering': 'no',
}

function parsed(json: unknown): unknown {
  if (typeof json !== 'string') return json
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The one operation of what a request has; undefined where it is none. */
function operationIn(sent: unknown): LiveOperation | undefined {
  if (!isRecord(sent)) return undefined
  const { query, operationName, extensions } = sent
  const variables = parsed(sent.variables) ?? {}
  if (query !== undefined && typeof query !== 'string') return undefined
  if (!isRecord(variables)) return undefined
  const name = typeof operationName === 'string' && operationName ? operationName : undefined
  return { query, variables, extensions, operationName: name }
}

/** What kind of operation was sent; undefined where that cannot be told. */
function kindOf(
  documents: EventsOptions['documents'],
  sent: LiveOperation | undefined,
): OperationTypeNode | undefined {
  try {
    return sent && operationOf(documents.read(sent), sent.operationName).operation
  } catch {
    return undefined
  }
}

/** Whether one answer would be too few for an operation of the request. */
function subscribes(documents: EventsOptions['documents'], sent: unknown): boolean {
  const all: readonly unknown[] = Array.isArray(sent) ? sent : [sent]
  return all.some(
    (one) =>
      isRecord(one) &&
      // Most requests say no such word, and need no look at their document here.
      /subscription/.test(String(one.query)) &&
      kindOf(documents, operationIn(one)) === OperationTypeNode.SUBSCRIPTION,
  )
}

/**
 * Answers an operation by server-sent events, in the "distinct connections mode" of the GraphQL over SSE protocol: for
 * requests that accept nothing else, and subscriptions of those that accept it too; a subscription that does not is
 * refused. Resolves with false for a request that is not one of these, true when it is answered.
 * Source: graphql-sse's PROTOCOL.md.
 */
export async function answerByEvents(
  req: Request,
  res: Response,
  options: EventsOptions,
): Promise<boolean> {
  const accept = req.headers.accept ?? ''
  const said: unknown = req.method === 'POST' ? req.body : req.query
  if (!accept.includes('text/event-stream')) {
    if (!subscribes(options.documents, said)) return false
    const how = 'a subscription needs a websocket, or a client that accepts text/event-stream'
    answerError(res, 406, 'UNSUPPORTED_MEDIA_TYPE', how)
    return true
  }
  const sent = operationIn(said)
  const kind = kindOf(options.documents, sent)
  const others = /\bjson\b|\*\/\*/.test(accept)
  if (others && kind !== OperationTypeNode.SUBSCRIPTION) return false
  if (!sent) {
    answerError(res, 400, 'BAD_USER_INPUT', 'an event stream answers one operation')
    return true
  }
  if (kind === OperationTypeNode.MUTATION && req.method === 'GET') {
    answerError(res, 405, 'METHOD_NOT_SUPPORTED', 'mutations are sent with POST', { allow: 'POST' })
    return true
  }
  const { method, originalUrl: url } = req
  const view = { method, url, headers: req.headers, remoteAddress: req.socket.remoteAddress ?? '' }
  const wire = responseWire(res, options.pingMs)
  let answers: Answers | undefined
  let over: string | undefined
  try {
    const connection = await options.open(view, {
      ...wire,
      onOver(why) {
        over = why
        answers?.end(unauthorized(why))
      },
    })
    const uncount = options.metrics.socketOpened('event-stream')
    const gone = () => {
      uncount()
      connection.close()
      answers?.end()
    }
    if (res.closed) gone()
    else res.once('close', gone)
    wire.begin()
    answers = await options.operations.open(sent, connection)
    if (res.closed) answers.end()
    else if (over !== undefined) answers.end(unauthorized(over))
    for await (const answer of answers) await wire.next(answer)
  } catch (error) {
    if (error instanceof OperationError) await wire.next({ errors: error.errors })
    else if (res.headersSent) throw error
    else {
      const { message, extensions } = requestError(error)
      const http = extensions.http as { status: number }
      answerError(res, http.status, String(extensions.code), message)
      return true
    }
  }
  wire.complete()
  return true
}

/** A response as a stream of events. */
function responseWire(res: Response, pingMs: number) {
  let missed = 0
  let beats: NodeJS.Timeout | undefined

  async function drained(): Promise<void> {
    if (!res.writableNeedDrain || res.closed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    res.once('drain', resolve).once('close', resolve)
    await promise
    res.off('drain', resolve).off('close', resolve)
  }

  function beat(): void {
    if (!res.writableNeedDrain) {
      missed = 0
      res.write(':\n\n')
    } else if (++missed > 2) res.destroy()
  }

  return {
    buffered: () => res.writableLength,
    drained,
    begin() {
      res.writeHead(200, headers)
      // Some browsers take the head for read only when something follows.
      res.write(':\n\n')
      beats = setInterval(beat, pingMs).unref()
      res.once('close', () => clearInterval(beats))
    },
    next(answer: FormattedExecutionResult): Promise<void> {
      if (!res.closed) res.write(`event: next\ndata: ${JSON.stringify(answer)}\n\n`)
      return drained()
    },
    complete() {
      clearInterval(beats)
      if (!res.closed) res.end('event: complete\ndata: \n\n')
    },
  }
}
