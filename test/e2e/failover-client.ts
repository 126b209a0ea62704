import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Followed<T> {
  /** Everything that was told, on whichever replica. */
  readonly heard: readonly T[]
  /** Resolves once `done` is true of it; rejects when the subscription ends before. */
  readonly until: (done: (heard: readonly T[]) => boolean) => Promise<void>
}

export interface FailoverClient extends AsyncDisposable {
  /** Times that it found a replica. */
  readonly connections: number
  /** `learn` puts into `variables` where to go on from: those are what a new connection subscribes with. */
  follow<T, V extends Record<string, unknown>>(
    query: string,
    variables: V,
    learn: (event: T, variables: V) => void,
  ): Followed<T>
}

const patience = 120_000

/** A client of npm graphql-ws as an application sets it up: it goes on to the next address when one is gone. */
export function failoverClient(urls: readonly string[], token: string): FailoverClient {
  let at = -1
  let connections = 0
  const client: Client = createClient({
    url: () => `${(urls[++at % urls.length] ?? '').replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 20,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    shouldRetry: () => true,
    on: { connected: () => void connections++ },
  })
  return {
    get connections() {
      return connections
    },
    follow<T, V extends Record<string, unknown>>(
      query: string,
      variables: V,
      learn: (event: T, variables: V) => void,
    ) {
      const heard: T[] = []
      let failure: unknown
      let news = Promise.withResolvers<void>()
      const end = (why: unknown): void => {
        failure ??= why
        news.resolve()
      }
      // The client sends this very object again after it has connected anew.
      const payload = { query, variables }
      client.subscribe<Record<string, T>>(payload, {
        next({ data, errors }) {
          if (errors) end(errors)
          for (const event of Object.values(data ?? {})) {
            learn(event, variables)
            heard.push(event)
          }
          news.resolve()
        },
        error: end,
        complete: () => end('it was completed'),
      })
      return {
        heard,
        async until(done: (heard: readonly T[]) => boolean) {
          const late = setTimeout(() => end('what was waited for did not come'), patience)
          try {
            while (!done(heard)) {
              if (failure) throw new Error(`${query}: ${JSON.stringify(failure)}`)
              await news.promise
              news = Promise.withResolvers()
            }
          } finally {
            clearTimeout(late)
          }
        },
      }
    },
    [Symbol.asyncDispose]: async () => client.dispose(),
  }
}
