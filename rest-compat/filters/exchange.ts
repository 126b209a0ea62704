import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { App } from '../../gateway/context/app.ts'
import type { RequestContext, RequestInfo, RequestView } from '../../gateway/context/types.ts'
import { currentScope, type RequestScope } from '../../gateway/telemetry/index.ts'
import type { Reply } from '../routes/registry.ts'
import type { BodyTap } from './body-tap.ts'

/** What a layer says: an answer to send, `'done'` when it has answered by itself, undefined for the next layer. */
export type Outcome = Reply | 'done' | undefined

/** One layer of pipeline.md §2. */
export interface Layer {
  readonly name: string
  run(x: Exchange): Promise<Outcome> | Outcome
}

/** The connection of an upgrade request, as node:http hands it over. */
export interface UpgradeSide {
  readonly socket: Duplex
  readonly head: Buffer
}

export interface ExchangeOptions {
  app: App
  req: IncomingMessage
  /** Absent for an upgrade. */
  res?: ServerResponse
  upgrade?: UpgradeSide
  signal: AbortSignal
}

/** One request on its way through the layers. Layers change `path`, `rawQuery` and `headers`; nothing else. */
export class Exchange {
  readonly app: App
  readonly req: IncomingMessage
  /** Kept here: node takes it off the request once the connection is gone. */
  readonly socket: Socket
  readonly res: ServerResponse | undefined
  readonly upgrade: UpgradeSide | undefined
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  readonly method: string
  /** The request target as it came: path and query. */
  readonly target: string
  /** Percent-decoded; loses a host-cluster prefix in layer 3. */
  path = ''
  rawQuery: string
  /** Own copy: identity headers that only a proxy may set are gone after layer 1. */
  headers: IncomingHttpHeaders
  /** Epoch milliseconds. */
  readonly receivedAt: number
  /** A copy of the request's body as it comes, for auditing. */
  body: BodyTap | undefined
  /** The form of the path that this request is answered by; empty while that is not known. */
  route: () => string = () => ''
  /** What it is followed by; absent in tests that follow nothing. */
  readonly scope: RequestScope | undefined = currentScope()
  /** Set when this exchange answers on a raw socket: the status that was written. */
  socketStatus = 0
  #over: (() => void)[] | undefined
  #info: RequestInfo | undefined
  #ctx: RequestContext | undefined

  constructor(options: ExchangeOptions) {
    this.app = options.app
    this.req = options.req
    this.socket = options.req.socket
    this.res = options.res
    this.upgrade = options.upgrade
    this.signal = options.signal
    this.method = options.req.method ?? 'GET'
    this.target = options.req.url ?? '/'
    this.headers = options.req.headers
    this.receivedAt = options.app.now()
    const mark = this.target.indexOf('?')
    this.rawQuery = mark < 0 ? '' : this.target.slice(mark + 1)
  }

  /** What the context builder sees. */
  view(): RequestView {
    const query = this.rawQuery === '' ? '' : `?${this.rawQuery}`
    const end = this.target.indexOf('?')
    return {
      method: this.method,
      url: `${end < 0 ? this.target : this.target.slice(0, end)}${query}`,
      headers: this.headers,
      remoteAddress: this.socket.remoteAddress ?? '',
      signal: this.signal,
    }
  }

  /**
   * Calls `done` once the answer is written, the client has gone, or the connection that was taken over is closed; at once
   * where that is so already. One listener serves all who wait.
   */
  whenOver(done: () => void): void {
    const carrier = this.res ?? this.upgrade?.socket
    if (!carrier || carrier.destroyed) return done()
    if (this.#over) return void this.#over.push(done)
    const waiting = (this.#over = [done])
    carrier.once('close', () => {
      for (const each of waiting) each()
    })
  }

  /** Names what answers: a route with its parameters, never what stands in their place. */
  routed(route: () => string): void {
    this.route = route
    this.scope?.span?.routed(this.method, route())
  }

  /** Known after layer 1; undefined where parsing failed. */
  get info(): RequestInfo | undefined {
    return this.#info
  }
  set info(info: RequestInfo | undefined) {
    this.#info = info
  }

  /** Who asks and what for; only layers behind authentication may look. */
  get ctx(): RequestContext {
    if (!this.#ctx) throw new Error('a layer before authentication asked for the request context')
    return this.#ctx
  }
  set ctx(ctx: RequestContext) {
    this.#ctx = ctx
    this.#info = ctx.info
  }

  /** Whether authentication has answered. */
  get authenticated(): boolean {
    return this.#ctx !== undefined
  }
}

/** The text of a header; a repeated one joined with commas. */
export function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}
