import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough, pipeline } from 'node:stream'
import type { Readable, Transform } from 'node:stream'
import type { Dispatcher } from 'undici'
import { forwardError } from './forward-error.ts'
import { incomingHeaders, outgoingHeaders, withoutHopByHop } from './forward-headers.ts'
import type { ForwardHeaders } from './forward-headers.ts'
import type { ForwardTarget } from './forward-target.ts'
import { isStaleConnection } from './network-error.ts'

export { ForwardError } from './forward-error.ts'
export { endToEndHeaders } from './forward-headers.ts'
export type { ForwardHeaders } from './forward-headers.ts'
export type { ForwardTarget } from './forward-target.ts'
export { forwardUpgrade } from './forward-upgrade.ts'

/** What becomes of a response head: passed on, changed, or another answer in its place. */
export type ForwardResponse =
  | {
      status: number
      headers: ForwardHeaders
      /** What the body goes through on its way. */
      through?: readonly Transform[]
    }
  | {
      replace: {
        status: number
        headers?: Record<string, string | string[]>
        body?: string | Uint8Array
      }
    }

export interface ForwardOptions {
  /** Percent-encoded path with query. */
  path: string
  /** Of the request that goes out; hop-by-hop ones are taken out here. */
  headers: ForwardHeaders
  signal?: AbortSignal | undefined
  method?: string
  /** The upstream is a part of this server: it gets the client's own Host, and X-Forwarded-For as it came. */
  within?: { host: string }
  /** Sent instead of the client's body. */
  body?: Readable | string | Uint8Array
  /** Milliseconds until the head of the answer must have come; 0, the default, = any time. */
  headersTimeout?: number
  /** Returning the given headers themselves passes them on byte for byte. */
  onResponse?: (status: number, headers: ForwardHeaders) => ForwardResponse
}

/**
 * Streams one request to `target` and its answer to `res` (pipeline.md §24.1): nothing is held back, redirects are not
 * followed, and no side is read faster than the other takes. Resolves once the answer is sent or the client is gone;
 * an upstream that breaks off in the middle breaks the client's connection. Throws ForwardError when there is no
 * answer at all.
 */
export function forward(
  req: IncomingMessage,
  res: ServerResponse,
  target: ForwardTarget,
  options: ForwardOptions,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const method = options.method ?? req.method ?? 'GET'
  const body = options.body ?? (hasBody(req) ? detached(req) : null)
  const dispatch: Dispatcher.DispatchOptions = {
    origin: target.origin,
    path: options.path,
    method,
    headers: outgoingHeaders({
      headers: options.headers,
      remoteAddress: options.within ? undefined : req.socket.remoteAddress,
      hasBody: body !== null,
      host: options.within?.host,
    }),
    body,
    headersTimeout: options.headersTimeout ?? 0,
    bodyTimeout: 0,
  }
  new Exchange(req, res, target, dispatch, options, resolve, reject).send()
  return promise
}

/** Whether a request says that a body follows (RFC 9112 §6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/** A body that may be destroyed without the client's connection, which still needs an answer. */
function detached(req: IncomingMessage): Readable {
  const body = new PassThrough()
  req.pipe(body)
  req.once('close', () => {
    if (!req.readableEnded) body.destroy()
  })
  body.once('close', () => {
    req.unpipe(body)
    req.resume()
  })
  return body
}

/** Hot path: one per request; undici calls it for each part of the answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  readonly #target: ForwardTarget
  readonly #dispatch: Dispatcher.DispatchOptions
  readonly #options: ForwardOptions
  readonly #resolve: () => void
  readonly #reject: (error: Error) => void
  #controller: Dispatcher.DispatchController | undefined
  #through: Transform | undefined
  #retried = false
  #started = false
  #wrote = false
  #settled = false

  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    target: ForwardTarget,
    dispatch: Dispatcher.DispatchOptions,
    options: ForwardOptions,
    resolve: () => void,
    reject: (error: Error) => void,
  ) {
    this.#req = req
    this.#res = res
    this.#target = target
    this.#dispatch = dispatch
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
  }

  send(): void {
    const { signal } = this.#options
    this.#res.on('close', this.#gone)
    this.#res.on('drain', this.#drain)
    this.#res.on('error', this.#gone)
    signal?.addEventListener('abort', this.#gone)
    if (signal?.aborted || this.#res.destroyed) this.#gone()
    else this.#again()
  }

  #again(): void {
    try {
      this.#target.dispatcher.dispatch(this.#dispatch, this)
    } catch (error) {
      this.#fail(error)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) controller.abort(clientGone())
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ForwardHeaders,
  ): void {
    if (status < 200) return this.#inform(status, headers)
    this.#started = true
    const answer = this.#options.onResponse?.(status, headers)
    if (answer && 'replace' in answer) return this.#replace(controller, answer.replace)
    const res = this.#res
    if (answer?.through && !this.#isEmpty(status)) this.#pass(answer.through)
    const raw = controller.rawHeaders
    if (Array.isArray(raw) && (!answer || answer.headers === headers)) {
      const keepTrailer = headers['trailer'] !== undefined && this.#chunks(status, headers)
      res.writeHead(answer?.status ?? status, incomingHeaders(raw, keepTrailer))
    } else {
      res.writeHead(answer?.status ?? status, withoutHopByHop(answer?.headers ?? headers))
    }
    // With the first bytes of the body if they are here already, else alone.
    process.nextTick(flush, this)
  }

  flush(): void {
    if (!this.#wrote && !this.#settled) this.#res.flushHeaders()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    this.#wrote = true
    if (!(this.#through ?? this.#res).write(chunk)) controller.pause()
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: ForwardHeaders): void {
    if (this.#settled) return
    if (this.#through) {
      this.#through.end()
      return
    }
    const res = this.#res
    if (trailers && Object.keys(trailers).length > 0) {
      res.addTrailers(trailers)
    }
    this.#settle()
    res.end()
    this.#resolve()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return
    const { method, body } = this.#dispatch
    const safe = (method === 'GET' || method === 'HEAD') && !body
    if (!this.#started && safe && !this.#retried && isStaleConnection(error)) {
      this.#retried = true
      this.#again()
      return
    }
    this.#fail(error)
  }

  /** RFC 9110 §15.2: passed on where node:http can say it. */
  #inform(status: number, headers: ForwardHeaders): void {
    if (this.#settled || this.#req.httpVersionMinor < 1) return
    if (status === 102) this.#res.writeProcessing()
    const { link } = headers
    if (status === 103 && link !== undefined) this.#res.writeEarlyHints({ ...headers, link })
  }

  /** The body takes a way of its own to the client; the exchange is over when its last stage is. */
  #pass(stages: readonly Transform[]): void {
    this.#through = stages[0]
    this.#through?.on('drain', this.#drain)
    pipeline([...stages, this.#res], (error) => {
      if (this.#settled) return
      if (error) this.#gone()
      else {
        this.#settle()
        this.#resolve()
      }
    })
  }

  /** Whether node:http will frame this answer in chunks, the only frame that has room for trailers. */
  #chunks(status: number, headers: ForwardHeaders): boolean {
    const open = this.#req.httpVersionMinor >= 1 && headers['content-length'] === undefined
    return open && !this.#isEmpty(status)
  }

  /** RFC 9110 §6.4.1: answers without content, whatever their headers say. */
  #isEmpty(status: number): boolean {
    return this.#dispatch.method === 'HEAD' || status === 204 || status === 304
  }

  #replace(
    controller: Dispatcher.DispatchController,
    reply: Extract<ForwardResponse, { replace: object }>['replace'],
  ): void {
    this.#settle()
    controller.abort(new Error('the answer was replaced'))
    this.#res.writeHead(reply.status, reply.headers)
    this.#res.end(reply.body)
    this.#resolve()
  }

  #fail(error: unknown): void {
    this.#settle()
    if (!this.#res.headersSent) {
      this.#reject(forwardError(error, this.#target.origin))
      return
    }
    this.#res.destroy()
    this.#resolve()
  }

  readonly #drain = (): void => this.#controller?.resume()

  readonly #gone = (): void => {
    if (this.#settled) return
    this.#settle()
    this.#controller?.abort(clientGone())
    this.#res.destroy()
    this.#resolve()
  }

  #settle(): void {
    this.#settled = true
    this.#options.signal?.removeEventListener('abort', this.#gone)
    this.#res.off('close', this.#gone)
    this.#res.off('drain', this.#drain)
    this.#through?.destroy()
  }
}

function flush(exchange: Exchange): void {
  exchange.flush()
}

function clientGone(): Error {
  return new Error('the client went away')
}
