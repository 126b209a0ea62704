import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { execute, GraphQLError, parse, subscribe, type ExecutionResult } from 'graphql'
import type { App } from '../../gateway/context/app.ts'
import { buildContext } from '../../gateway/context/index.ts'
import { createBreakers } from '../../gateway/lib/breaker.ts'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'
import type { LiveConnection } from '../../resolvers/context.ts'
import { createCursors } from '../../resolvers/cursor.ts'
import { formatError } from '../../resolvers/errors.ts'
import { requestContext } from '../../resolvers/request-context.ts'

export interface Direct {
  /** Begins a subscription; rejects with the code of an error before its first event. */
  subscribe<T>(query: string, variables?: object): Promise<Direct.Events<T>>
  /** Data of a mutation; rejects with the code of an error. */
  run<T>(query: string, variables?: object): Promise<T>
  /** The connection goes away. */
  close(): void
}

export declare namespace Direct {
  interface Events<T> extends AsyncIterableIterator<T, undefined, undefined> {
    return(): Promise<IteratorReturnResult<undefined>>
  }
}

/** An error of the graph as the transports would render it. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly code: unknown

  constructor(error: unknown) {
    const { message } = error instanceof Error ? error : new Error(String(error))
    const { code = 'INTERNAL_SERVER_ERROR' } = error instanceof GraphQLError ? error.extensions : {}
    const formatted = formatError({ message, extensions: { code } }, error, () => {})
    super(formatted.message)
    this.code = formatted.extensions?.['code']
  }
}

/** The code of the error that a promise ends with. */
export function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error: { code?: unknown }) => error.code,
  )
}

/**
 * The graph without a transport: what is not asked for is not computed, so that a test decides how slow the reader is.
 * Each call is another connection of the same caller.
 */
export async function direct(app: App, token: string): Promise<Direct> {
  const { schema } = await loadSchema()
  const gone = new AbortController()
  const connection: LiveConnection = {
    id: randomUUID(),
    token,
    signal: gone.signal,
    buffered: 0,
    drained: async () => {},
    onClose(listener) {
      gone.signal.addEventListener('abort', listener)
      return () => gone.signal.removeEventListener('abort', listener)
    },
    onIdentity: () => () => {},
    renew: () => assert.fail('nothing is renewed here'),
  }
  const argsOf = async (query: string, variables: object) => ({
    schema,
    document: parse(query),
    variableValues: variables as Record<string, unknown>,
    contextValue: await contextOf(app, token, connection),
  })
  return {
    close: () => gone.abort(new Error('the client is gone')),
    async subscribe<T>(query: string, variables = {}) {
      const result = await subscribe(await argsOf(query, variables))
      if (!(Symbol.asyncIterator in result)) throw new GraphError(result.errors?.[0])
      return eventsOf<T>(result as AsyncGenerator<ExecutionResult>)
    },
    async run<T>(query: string, variables = {}) {
      const { data, errors } = await execute(await argsOf(query, variables))
      if (errors?.[0]) throw new GraphError(errors[0])
      return data as T
    },
  }
}

function eventsOf<T>(results: AsyncGenerator<ExecutionResult>): Direct.Events<T> {
  return {
    async next() {
      const { value, done } = await results.next().catch((error: unknown) => {
        throw new GraphError(error)
      })
      if (done) return { value: undefined, done }
      if (value.errors?.[0]) throw new GraphError(value.errors[0])
      return { value: value.data as T, done: false }
    },
    async return() {
      await results.return(undefined)
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function contextOf(app: App, token: string, connection: LiveConnection) {
  const authorization = `Bearer ${token}`
  const ctx = await buildContext(app, {
    method: 'GET',
    url: '/graphql',
    headers: { authorization },
    remoteAddress: '127.0.0.1',
    signal: connection.signal,
  })
  return requestContext({
    app,
    ctx,
    connection,
    authorization,
    cursors: createCursors('secret of the tests'),
    schemaState: { hash: '', kinds: 0, onChange: () => () => {} },
    extensions: () => [],
    shown: () => true,
    live: () => false,
    breakers: createBreakers({ now: app.ticks }),
  })
}
