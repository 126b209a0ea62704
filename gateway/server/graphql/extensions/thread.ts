import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { ExecutionResult, GraphQLFormattedError } from 'graphql'
import { ApiError, unavailable } from '../../../lib/errors.ts'
import { hasWideInteger, parseWide, wideDigits, wideInteger } from '../../../lib/wide-json.ts'
import type { FromThread, SubgraphRequest, ThreadData, ToThread } from './messages.ts'

/** Milliseconds that composing may take. */
const composeMs = 60_000

/** Milliseconds after which a thread that says nothing is taken to be lost. */
const silenceMs = 10_000

/** Operations that one thread works on at a time. */
const mostOperations = 500

/** An answer as it goes over the wire. */
export interface PlainResult {
  readonly data?: ExecutionResult['data']
  readonly errors?: readonly GraphQLFormattedError[]
}

export interface SupergraphOperation {
  readonly query: string
  readonly operationName: string | undefined
  readonly mutates: boolean
  readonly variables: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
  /** Asks one subgraph; never rejects. */
  readonly ask: (request: SubgraphRequest) => Promise<PlainResult>
}

/** A supergraph in a thread of its own: its planner takes hundreds of megabytes and seconds to make. */
export interface Supergraph extends AsyncDisposable {
  /** SDL of what the extensions add; undefined when none of them fits. */
  readonly additions: string | undefined
  readonly refused: readonly { readonly id: string; readonly message: string }[]
  /** Resolves when the thread has ended, by itself or by disposal. */
  readonly ended: Promise<void>
  /** Throws what the signal was aborted with, and ApiError 503 when the thread ends or has too much to do. */
  run(operation: SupergraphOperation): Promise<PlainResult>
  /** Ends the thread as soon as nothing runs in it. */
  retire(): void
}

interface Open {
  readonly operation: SupergraphOperation
  readonly resolve: (result: PlainResult) => void
  readonly reject: (error: unknown) => void
}

/** Integers beyond 2^53 as text that nobody else writes, since they would not outlive the way through the thread. */
function wideText() {
  const mark = `${randomUUID()}:`
  return {
    write(value: unknown): string {
      const text = JSON.stringify(value)
      if (!hasWideInteger(text)) return text
      return JSON.stringify(parseWide(text), (_key, member: unknown) => {
        const digits = wideDigits(member)
        return digits === undefined ? member : mark + digits
      })
    },
    read(text: string): unknown {
      if (!text.includes(mark)) return JSON.parse(text)
      return JSON.parse(text, (_key, member: unknown) =>
        typeof member === 'string' && member.startsWith(mark)
          ? wideInteger(member.slice(mark.length))
          : member,
      )
    },
  }
}

/**
 * Starts a thread, composes in it and resolves once operations can be run. Throws when composing takes too long, the
 * thread ends before, and what `signal` was aborted with.
 */
export async function startSupergraph(data: ThreadData, signal: AbortSignal): Promise<Supergraph> {
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
    env: {},
    stdin: false,
  })
  const open = new Map<number, Open>()
  const wide = wideText()
  let operations = 0
  let over = false
  let retired = false
  const tell = (message: ToThread) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    if (!over) worker.postMessage(message)
  }
  const ended = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<Extract<FromThread, { kind: 'composed' }>>()
  worker.on('error', (error) => ready.reject(error))
  worker.once('exit', () => {
    over = true
    ready.reject(new Error('the thread of the supergraph has ended'))
    for (const { reject } of open.values()) reject(unavailable('the extensions are out of service'))
    open.clear()
    ended.resolve()
  })
  let silence: NodeJS.Timeout | undefined
  /** Ends a thread that works on one thing for ever. */
  const wantSign = () => {
    tell({ kind: 'there?' })
    silence ??= setTimeout(() => void worker.terminate(), silenceMs).unref()
  }
  worker.on('message', (message: FromThread) => {
    clearTimeout(silence)
    silence = undefined
    switch (message.kind) {
      case 'composed':
        return ready.resolve(message)
      case 'done':
        return open.get(message.operation)?.resolve(wide.read(message.result) as PlainResult)
      case 'ask': {
        const { operation } = open.get(message.operation) ?? {}
        const { call, request } = message
        const answered = operation
          ? operation.ask(request)
          : Promise.resolve<PlainResult>({ data: null })
        void answered.then((result) => tell({ kind: 'answer', call, result: wide.write(result) }))
      }
    }
  })
  worker.unref()

  const timer = setTimeout(
    () => ready.reject(new Error(`composing takes longer than ${composeMs} ms`)),
    composeMs,
  )
  timer.unref()
  const aborted = () => ready.reject(signal.reason)
  signal.addEventListener('abort', aborted, { once: true })
  let composed: Extract<FromThread, { kind: 'composed' }>
  try {
    composed = await ready.promise
  } catch (error) {
    await worker.terminate()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', aborted)
  }

  return {
    additions: composed.additions,
    refused: composed.refused,
    ended: ended.promise,
    async run(operation) {
      const { query, operationName, mutates, variables } = operation
      operation.signal.throwIfAborted()
      if (over) throw unavailable('the extensions are out of service')
      if (open.size >= mostOperations) {
        throw new ApiError(429, 'TooManyRequests', 'too many requests to extensions at a time', {
          details: { retryAfterSeconds: 1 },
        })
      }
      const id = ++operations
      const { promise, resolve, reject } = Promise.withResolvers<PlainResult>()
      open.set(id, { operation, resolve, reject })
      const gone = () => {
        tell({ kind: 'abort', operation: id })
        wantSign()
        reject(operation.signal.reason)
      }
      operation.signal.addEventListener('abort', gone, { once: true })
      tell({ kind: 'run', operation: id, query, operationName, mutates, variables })
      try {
        return await promise
      } finally {
        open.delete(id)
        if (retired && open.size === 0) void worker.terminate()
        operation.signal.removeEventListener('abort', gone)
      }
    },
    retire() {
      retired = true
      if (open.size === 0) void worker.terminate()
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
