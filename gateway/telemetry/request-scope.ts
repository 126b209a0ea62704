import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { RequestId } from './request-id.ts'
import type { Span, SpanOptions } from './span.ts'

/** Where in a request some code runs. */
interface Frame {
  readonly scope: RequestScope
  /** Whose children what is done here are; undefined where the request is not traced. */
  readonly span: Span | undefined
}

// Holds nothing by itself: each request has a value of its own, which goes wherever its promises go (docs/adr/0008).
const frames = new AsyncLocalStorage<Frame>()

/** One request, or one operation of a socket, from the first layer until it is over. */
export class RequestScope implements Frame {
  readonly id: string
  readonly span: Span | undefined
  readonly #own: boolean
  #unique: string | undefined
  #calls = 0
  #parts: Map<string, number> | undefined
  #over = false

  constructor({ id, own }: RequestId, span?: Span) {
    this.id = id
    this.#own = own
    this.span = span
  }

  get scope(): this {
    return this
  }

  /** Whether what still runs, runs for nobody: a cache that the request has started, say. */
  get over(): boolean {
    return this.#over
  }

  /** Counts `ms` to a part of the work. */
  spent(part: string, ms: number): void {
    this.#parts ??= new Map()
    this.#parts.set(part, (this.#parts.get(part) ?? 0) + ms)
  }

  /** Whole milliseconds by part. Calls to upstreams at the same time are added up. */
  parts(): Record<string, number> {
    return Object.fromEntries(
      Array.from(this.#parts ?? [], ([part, ms]) => [part, Math.round(ms)] as const),
    )
  }

  /**
   * An id for one call to kube-apiserver in its audit log: that of the request with a number, since ids there are unique. What
   * callers choose may come twice and gets a random part.
   */
  auditId(): string {
    this.#unique ??= this.#own ? this.id : `${this.id.slice(0, 40)}.${randomUUID().slice(0, 8)}`
    return `${this.#unique}.${++this.#calls}`
  }

  end(): void {
    this.#over = true
    this.span?.end()
  }
}

/** Runs `work`, and all that it starts, as part of a request. */
export function inScope<T>(scope: RequestScope, work: () => T): T {
  return frames.run(scope, work)
}

/** The request that this code runs for; undefined outside of one and when it is over. */
export function currentScope(): RequestScope | undefined {
  const scope = frames.getStore()?.scope
  return scope?.over ? undefined : scope
}

/** The span that this code runs under; undefined where nothing is traced. */
export function currentSpan(): Span | undefined {
  const frame = frames.getStore()
  return frame && !frame.scope.over ? frame.span : undefined
}

/** Runs `work` as nobody's, although a request has caused it: what it begins serves others and outlasts the request. */
export function outsideRequests<T>(work: () => T): T {
  return frames.exit(work)
}

/** `callback` as part of the request that this code runs for, wherever it is called from. */
export function ofThisRequest<A extends unknown[], R>(callback: (...args: A) => R) {
  return AsyncLocalStorage.bind(callback)
}

/** Runs `work` under a span of its own, which it gets; without one where the request is not traced. Returns what it returns. */
export function traced<T>(name: string, options: SpanOptions, work: (span?: Span) => T): T {
  const span = currentSpan()?.child(name, options)
  const scope = frames.getStore()?.scope
  if (!span || !scope) return work()
  return ending(span, () => frames.run({ scope, span }, () => work(span)))
}

/** As `traced`, for work that is mostly nothing: there is a span only where it is waited for or has spans of its own. */
export function tracedIfSlow<T>(name: string, options: SpanOptions, work: () => T): T {
  const parent = currentSpan()
  const scope = frames.getStore()?.scope
  if (!parent || !scope) return work()
  const frame = new LazyFrame(scope, parent, () => parent.child(name, options))
  let result: T
  try {
    result = frames.run(frame, work)
  } catch (error) {
    frame.started?.fail(error)
    frame.started?.end()
    throw error
  }
  if (!isPromise(result)) {
    frame.started?.end()
    return result
  }
  const own = frame.own()
  return own ? ending(own, () => result) : result
}

/** Runs a part of the work of this request: counted for the log of slow ones, and a span, of the same name by default. */
export async function part<T>(
  name: string,
  work: () => T | Promise<T>,
  spanName = name,
): Promise<T> {
  const scope = currentScope()
  if (!scope) return work()
  const began = performance.now()
  try {
    return await traced(spanName, {}, work)
  } finally {
    scope.spent(name, performance.now() - began)
  }
}

class LazyFrame implements Frame {
  readonly scope: RequestScope
  readonly #parent: Span
  readonly #start: () => Span | undefined
  #asked = false
  started: Span | undefined

  constructor(scope: RequestScope, parent: Span, start: () => Span | undefined) {
    this.scope = scope
    this.#parent = parent
    this.#start = start
  }

  own(): Span | undefined {
    if (!this.#asked) this.started = this.#start()
    this.#asked = true
    return this.started
  }

  get span(): Span {
    return this.own() ?? this.#parent
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** Ends `span` with `work`, whether that is over at once or later. */
function ending<T>(span: Span, work: () => T): T {
  const failed = (error: unknown): never => {
    span.fail(error)
    span.end()
    throw error
  }
  let result: T
  try {
    result = work()
  } catch (error) {
    return failed(error)
  }
  if (!isPromise(result)) {
    span.end()
    return result
  }
  return result.then((value) => {
    span.end()
    return value
  }, failed) as T
}
