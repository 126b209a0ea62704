import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient as sseClient } from 'graphql-sse'
import { createClient as socketClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { ensurePython } from '../env/python.ts'

export interface TestResult {
  readonly data?: Record<string, unknown> | null | undefined
  readonly errors?: readonly TestError[] | null | undefined
}

export interface TestError {
  readonly message: string
  readonly extensions?: { readonly code?: string } | undefined
}

/** How an operation ended: complete, refused or ended with errors, or because the connection was. */
export interface End {
  readonly errors?: readonly TestError[]
  readonly close?: { readonly code: number; readonly reason: string } | null
}

/** Whoever wants to know of an operation. */
interface Listener {
  readonly next: (result: TestResult) => void
  readonly end: (end: End) => void
}

/** An operation that runs. */
export interface Operation {
  /** The next result. Rejects at the end. */
  next(): Promise<TestResult>
  readonly ended: Promise<End>
  stop(): void
}

/** One caller's connection by one client. */
export interface Connected extends AsyncDisposable {
  start(query: string, variables?: Record<string, unknown>): Operation
}

export interface ClientKind {
  readonly name: string
  /** Whether everything goes over one socket; else each operation has a connection of its own. */
  readonly socket: boolean
  connect(url: string, token: string): Promise<Connected>
}

const patience = 120_000

/** Results as they are taken, out of results as they come. */
function operation(begin: (listener: Listener) => () => void): Operation {
  const heard: TestResult[] = []
  const ended = Promise.withResolvers<End>()
  let over: End | undefined
  let news = Promise.withResolvers<void>()
  const stop = begin({
    next(result) {
      heard.push(result)
      news.resolve()
    },
    end(end) {
      over ??= end
      ended.resolve(over)
      news.resolve()
    },
  })
  return {
    ended: ended.promise,
    stop,
    async next() {
      const late = setTimeout(() => news.reject(new Error('nothing came')), patience)
      try {
        for (;;) {
          const first = heard.shift()
          if (first) return first
          assert.ok(!over, `it ended: ${JSON.stringify(over)}`)
          await news.promise
          news = Promise.withResolvers()
        }
      } finally {
        clearTimeout(late)
      }
    },
  }
}

/** What the sinks of graphql-ws and graphql-sse get for an error. */
function endOf(error: unknown): End {
  if (Array.isArray(error)) return { errors: error as TestError[] }
  const { code, reason } = error as { code?: unknown; reason?: unknown }
  if (typeof code === 'number') return { close: { code, reason: String(reason) } }
  throw error
}

const graphqlWs: ClientKind = {
  name: 'graphql-ws',
  socket: true,
  async connect(url, token) {
    const client = socketClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      lazy: false,
      onNonLazyError() {},
    })
    return {
      start: (query, variables = {}) =>
        operation(({ next, end }) =>
          client.subscribe(
            { query, variables },
            {
              next: (result) => next(result),
              error: (error) => end(endOf(error)),
              complete: () => end({}),
            },
          ),
        ),
      [Symbol.asyncDispose]: async () => client.dispose(),
    }
  },
}

const graphqlSse: ClientKind = {
  name: 'graphql-sse',
  socket: false,
  async connect(url, token) {
    const client = sseClient({
      url,
      headers: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    })
    return {
      start: (query, variables = {}) =>
        operation(({ next, end }) => {
          let refusal: readonly TestError[] | undefined
          return client.subscribe(
            { query, variables },
            {
              next(result) {
                // What sockets have a message of its own for is a result without data here.
                if (result.errors && !('data' in result)) refusal = result.errors
                else next(result)
              },
              error: (error) => end(endOf(error)),
              complete: () => end(refusal ? { errors: refusal } : {}),
            },
          )
        }),
      [Symbol.asyncDispose]: async () => client.dispose(),
    }
  },
}

interface Said {
  readonly ready?: true
  readonly n?: number
  readonly next?: TestResult
  readonly errors?: readonly TestError[]
  readonly complete?: true
  readonly closed?: { code: number; reason: string } | null
}

const pythonGql: ClientKind = {
  name: 'PyPI gql',
  socket: true,
  async connect(url, token) {
    const python = await ensurePython('gql')
    const script = join(import.meta.dirname, 'gql-driver.py')
    const child = spawn(python, [script, url.replace(/^http/, 'ws'), token], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const left = once(child, 'exit')
    const listeners = new Map<number, Listener>()
    const ready = Promise.withResolvers<void>()
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { ready: begun, n = 0, next, errors, complete, closed } = JSON.parse(line) as Said
      if (begun) ready.resolve()
      if (next) listeners.get(n)?.next(next)
      if (errors) listeners.get(n)?.end({ errors })
      if (complete) listeners.get(n)?.end({})
      if (closed !== undefined) listeners.get(n)?.end({ close: closed })
    })
    void left.then(() => ready.reject(new Error('the Python client ended')))
    await ready.promise
    const tell = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`)
    let count = 0
    return {
      start(query, variables = {}) {
        const n = ++count
        return operation((listener) => {
          listeners.set(n, listener)
          tell({ n, query, variables })
          return () => {
            listeners.delete(n)
            tell({ stop: n })
            listener.end({})
          }
        })
      },
      async [Symbol.asyncDispose]() {
        child.stdin.end()
        await left
      },
    }
  },
}

export const clientKinds = [graphqlWs, pythonGql, graphqlSse] as const

/** The answer of a query or a mutation, or the errors that refuse it. */
export async function answerOf(
  client: Connected,
  query: string,
  variables?: Record<string, unknown>,
): Promise<TestResult> {
  const running = client.start(query, variables)
  const first = await Promise.race([
    running.next(),
    running.ended.then(({ errors }): TestResult | undefined => errors && { errors }),
  ]).catch(() => undefined)
  const end = await running.ended
  return first ?? { errors: end.errors ?? [] }
}
