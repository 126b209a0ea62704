import { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { App } from '../../context/app.ts'
import {
  laterContext,
  type Attributes,
  type Operation,
  type RequestContext,
  type Verdict,
} from '../../context/index.ts'
import type { ClusterAccess } from '../../kube/api.ts'
import { answerOf, type Reply, type RouteRow } from '../../../rest-compat/index.ts'
import { inScope, untraced } from '../../telemetry/index.ts'
import type { Answer, Call } from './messages.ts'
import type { Versions } from './versions.ts'

const encoder = new TextEncoder()

/** Runs the rows that fronts may ask for. */
export type AnswerCall = (call: Call) => Promise<Answer>

/**
 * The owner's side of a row that a front has been asked for. The front has authenticated and authorized the caller; what the
 * row reads is written down, so that the front knows how long the answer is good and whether it is good for others.
 */
export function createAnswers(app: App, rows: readonly RouteRow[], versions: Versions): AnswerCall {
  const byOperation = new Map(
    rows.filter((row) => row.anyThread).map((row) => [row.operation, row] as const),
  )
  async function run(row: RouteRow, call: Call): Promise<Answer> {
    const view = {
      method: 'GET',
      url: '/',
      headers: { 'user-agent': call.userAgent },
      remoteAddress: call.sourceIP,
    }
    const made = laterContext(app, call.user, view)
    const cluster = versions.counted(made.cluster)
    const ctx = new ImpersonalContext(made, cluster)
    const reply = await answerOf(row, {
      app,
      ctx,
      params: call.params,
      query: new URLSearchParams(call.query),
    })
    const shared = reply.status === 200 && !ctx.personal ? cluster.versions() : undefined
    return answer(reply, shared)
  }
  return async (call) => {
    const row = byOperation.get(call.operation)
    // Nothing that a client can bring about.
    if (!row) throw new Error(`fronts may not ask for ${call.operation}`)
    const id = { id: call.requestId, own: false }
    return inScope(untraced.begin({ id, name: row.operation }), () => run(row, call))
  }
}

function answer({ status, headers = {}, body = '' }: Reply, versions: Answer['versions']): Answer {
  // Nothing that a client can bring about: fronts ask for pages of so many objects only.
  if (body instanceof Readable) throw new Error('a row that fronts ask for has a streamed answer')
  // Copied: what is handed over to another thread is lost here.
  const bytes = typeof body === 'string' ? encoder.encode(body) : new Uint8Array(body)
  return { status, headers, body: bytes, versions }
}

/** A context that tells whether anybody asked it who the caller is or what they may. To be handed on whole, not spread. */
class ImpersonalContext implements RequestContext {
  readonly cluster: ClusterAccess
  readonly requestId: string
  readonly signal: AbortSignal
  readonly #of: RequestContext
  #personal = false

  constructor(of: RequestContext, cluster: ClusterAccess) {
    this.cluster = cluster
    this.requestId = of.requestId
    this.signal = of.signal
    this.#of = of
  }

  get personal(): boolean {
    return this.#personal
  }

  get user() {
    return this.#told.user
  }
  get info() {
    return this.#told.info
  }
  get sourceIP() {
    return this.#told.sourceIP
  }
  get userAgent() {
    return this.#told.userAgent
  }
  get now() {
    return this.#told.now
  }
  get customFilters() {
    return this.#told.customFilters
  }
  may(asked: Attributes): Promise<boolean> {
    return this.#told.may(asked)
  }
  authorize(asked: Attributes): Promise<Verdict> {
    return this.#told.authorize(asked)
  }
  demand(asked: Attributes): Promise<void> {
    return this.#told.demand(asked)
  }
  call<A, R>(operation: Operation<A, R>, args: A): Promise<R> {
    return this.#told.call(operation, args)
  }
  logger(): Logger {
    return this.#of.logger()
  }

  get #told(): RequestContext {
    this.#personal = true
    return this.#of
  }
}
