import { setImmediate } from 'node:timers/promises'
import {
  Kind,
  OperationTypeNode,
  type FormattedExecutionResult,
  type OperationDefinitionNode,
} from 'graphql'
import type { GraphqlContext } from '../../../../resolvers/context.ts'
import type { App } from '../../../context/app.ts'
import type { Gate } from '../../../lib/gate.ts'
import { laterContext, type RequestContext } from '../../../context/index.ts'
import { ApiError, unavailable } from '../../../lib/errors.ts'
import { currentSpan } from '../../../telemetry/index.ts'
import type { CallerLimits, LimitsOf } from '../audiences.ts'
import type { Execute } from '../introspection.ts'
import type { LiveSchema } from '../kinds.ts'
import type { Observed } from '../observe.ts'
import {
  operationOf,
  type Documents,
  type PreparedOperation,
  type ReadDocument,
} from '../operation.ts'
import { operationAttributes } from '../traces.ts'
import type { SentOperation } from '../trusted.ts'
import type { OwnedConnection } from './connection.ts'
import type { Wording } from './errors.ts'
import { startMany, startOnce, type Execution } from './execution.ts'
import { resultStream, type ResultStream } from './stream.ts'

/** An operation as live clients send it. */
export interface LiveOperation extends SentOperation {
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** Answers as they are sent; throws OperationError for what ends them before they are complete. */
export type Answers = ResultStream<FormattedExecutionResult>

export interface Operations {
  /** Checks an operation, its caller and their limits; it begins when its first answer is asked for. Throws OperationError. */
  open(sent: LiveOperation, connection: OwnedConnection): Promise<Answers>
  /** Completes every subscription, and waits `ms` at most for what else runs. No operation can be opened any more. */
  drain(ms: number): Promise<void>
}

export interface OperationsOptions {
  readonly app: App
  readonly documents: Documents
  readonly live: Pick<LiveSchema, 'onChange'>
  readonly execute: Execute
  readonly wording: Wording
  /** Queries and mutations of each user, those by plain HTTP among them. */
  readonly requests: Gate
  readonly limitsOf: LimitsOf
  readonly subscriptions: Gate
  /** Milliseconds. */
  readonly deadlines: { readonly query: number; readonly mutation: number }
  readonly observe: (observed: Observed) => void
  readonly contextOf: (ctx: RequestContext, connection: OwnedConnection) => GraphqlContext
}

interface Running {
  readonly read: ReadDocument
  readonly subscription: boolean
  readonly answers: Answers
}

/** Longest that others wait while documents are judged anew, in milliseconds. */
const sliceMs = 10

/** The first field of an operation, by which it is counted. */
function fieldOf({ selectionSet }: OperationDefinitionNode): string {
  const [first] = selectionSet.selections
  return first?.kind === Kind.FIELD ? first.name.value : 'fragment'
}

/** Queries, mutations and subscriptions that come over connections which stay open. */
export function createOperations(options: OperationsOptions): Operations {
  const { app, documents, live, wording, contextOf } = options
  const running = new Set<Running>()
  let draining = false
  let idle: (() => void) | undefined

  async function endWhatVanished(): Promise<void> {
    let since = performance.now()
    for (const { read, subscription, answers } of running) {
      if (subscription && !documents.stands(read)) {
        const message = 'the schema no longer has what this subscription asks for'
        answers.end(new ApiError(410, 'SchemaChanged', message))
      }
      if (performance.now() - since < sliceMs) continue
      await setImmediate()
      since = performance.now()
    }
  }
  live.onChange(() => void endWhatVanished())

  async function prepared(
    read: ReadDocument,
    operation: OperationDefinitionNode,
    sent: LiveOperation,
    ctx: RequestContext,
    limits: CallerLimits,
  ): Promise<PreparedOperation> {
    if (read.document) await documents.kindsFor(read.document)
    const found = documents.prepare(read, operation, sent.variables ?? {}, limits)
    if (!('schema' in found)) throw wording.refusal(found, ctx.requestId)
    return found
  }

  async function open(sent: LiveOperation, connection: OwnedConnection): Promise<Answers> {
    if (draining) throw unavailable('the server is stopping')
    const abort = new AbortController()
    const view = { ...connection.view, signal: abort.signal }
    const limits = await options.limitsOf(laterContext(app, connection.user, view))
    const read = documents.read(sent, { stranger: false, limits, persists: true })
    const operation = operationOf(read, sent.operationName)
    const kind = operation.operation
    const subscription = kind === OperationTypeNode.SUBSCRIPTION
    const began = performance.now()
    // Before anything long is waited for, so that what waits is counted.
    const { name } = connection.user
    const leave = subscription
      ? options.subscriptions.enter(name, limits.subscriptions)
      : options.requests.enter(name, limits.requests)
    let observed: Omit<Observed, 'seconds'> = {
      type: kind,
      name: operation.name?.value,
      text: read.text,
      user: connection.user.name,
      requestId: undefined,
      cost: undefined,
      errors: [],
    }
    const observe = (more: Partial<Observed>) => {
      observed = { ...observed, ...more }
    }
    const attributes = operationAttributes(read.document, sent.operationName)
    const span = subscription ? currentSpan()?.child('subscription', { attributes }) : undefined
    const finish = () => {
      leave()
      const [code] = observed.errors.map(({ extensions }) => extensions?.['code'])
      if (code !== undefined) span?.fail(code)
      span?.end()
      options.observe({ ...observed, seconds: (performance.now() - began) / 1000 })
    }
    try {
      const ctx = laterContext(app, await connection.current(), view)
      const { requestId } = ctx
      observe({ requestId })
      const { schema, document, variables, cost } = await prepared(
        read,
        operation,
        sent,
        ctx,
        limits,
      )
      observe({ cost })
      const { operationName } = sent
      let over = false
      const execution: Execution = {
        args: { schema, document, operationName, variableValues: variables },
        text: read.text,
        context: () => contextOf(ctx, connection),
        requestId,
        wording,
        ended: () => over,
      }
      const uncount = subscription ? app.metrics.subscriptionStarted(fieldOf(operation)) : undefined
      let deadline: NodeJS.Timeout | undefined
      const answers = resultStream<FormattedExecutionResult>({
        async start() {
          if (subscription) return startMany(execution)
          const ms = options.deadlines[kind === OperationTypeNode.MUTATION ? 'mutation' : 'query']
          deadline = setTimeout(() => {
            abort.abort(new Error(`the operation took longer than ${ms} ms`))
          }, ms).unref()
          const started = await startOnce(execution, options.execute)
          observe({ errors: started.single.errors ?? [] })
          return started
        },
        failure(error) {
          const told = wording.told(error, requestId)
          observe({ errors: told.errors })
          return told
        },
        stop(cut) {
          over = true
          clearTimeout(deadline)
          finish()
          uncount?.()
          running.delete(entry)
          if (running.size === 0) idle?.()
          if (cut) abort.abort(new Error('the operation was ended'))
        },
      })
      const entry: Running = { read, subscription, answers }
      running.add(entry)
      return answers
    } catch (error) {
      const told = wording.told(error, observed.requestId)
      observe({ errors: told.errors })
      finish()
      throw told
    }
  }

  return {
    async open(sent, connection) {
      try {
        return await open(sent, connection)
      } catch (error) {
        throw wording.told(error)
      }
    },
    async drain(ms) {
      draining = true
      for (const { subscription, answers } of running) if (subscription) answers.end()
      if (running.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      idle = resolve
      const timer = setTimeout(resolve, ms)
      await promise
      clearTimeout(timer)
    },
  }
}
