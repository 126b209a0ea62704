import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Meta {
  readonly namespace?: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
}

/** An event as `everything` selects it. */
export interface Event {
  readonly type: string
  readonly cluster: string
  readonly resume: string
  readonly object: { readonly metadata: Meta; readonly raw?: Record<string, unknown> } | null
  readonly previous?: { readonly metadata: Meta } | null
}

/** How a subscription ended: with codes of errors, or without any. */
export interface Ended {
  readonly codes: readonly unknown[]
  readonly errors: readonly { message: string; extensions: Record<string, unknown> }[]
}

export interface Watch<E extends object> {
  /** The next event. Rejects when the subscription ends before. */
  next(): Promise<E>
  /** Events up to one that `last` is true of, that one included. */
  until(last: (event: E) => boolean): Promise<E[]>
  readonly ended: Promise<Ended>
  /** Events that came and were not taken. */
  readonly waiting: number
  stop(): void
}

const patience = 120_000

/** What is selected where a test looks at whole events. */
export const everything =
  'type cluster resume object { metadata { namespace name uid resourceVersion } }'

/** A client of the graph over a websocket. */
export function watcher(url: string, token: string): Watcher {
  const client: Client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: true,
  })
  return {
    watch<E extends object = Event>(
      query: string,
      variables: Record<string, unknown> = {},
    ): Watch<E> {
      const heard: E[] = []
      let news = Promise.withResolvers<void>()
      const ended = Promise.withResolvers<Ended>()
      let over: Ended | undefined
      const end = (how: Ended): void => {
        over ??= how
        ended.resolve(over)
        news.resolve()
      }
      const stop = client.subscribe<Record<string, E>>(
        { query, variables },
        {
          next({ data, errors }) {
            if (errors) end({ codes: errors.map(codeOf), errors: errors as Ended['errors'] })
            heard.push(...Object.values(data ?? {}))
            news.resolve()
          },
          error(error) {
            const errors = (Array.isArray(error) ? error : [error]) as Ended['errors']
            end({ codes: errors.map(codeOf), errors })
          },
          complete: () => end({ codes: [], errors: [] }),
        },
      )
      const next = async (): Promise<E> => {
        const late = setTimeout(() => news.reject(new Error('no event came')), patience)
        try {
          for (;;) {
            const event = heard.shift()
            if (event !== undefined) return event
            if (over) throw new Error(`the subscription ended: ${JSON.stringify(over)}`)
            await news.promise
            news = Promise.withResolvers()
          }
        } finally {
          clearTimeout(late)
        }
      }
      return {
        next,
        async until(last) {
          const events: E[] = []
          for (;;) {
            const event = await next()
            events.push(event)
            if (last(event)) return events
          }
        },
        ended: ended.promise,
        get waiting() {
          return heard.length
        },
        stop,
      }
    },
    [Symbol.asyncDispose]: async () => {
      await client.dispose()
    },
  }
}

export interface Watcher extends AsyncDisposable {
  watch<E extends object = Event>(query: string, variables?: Record<string, unknown>): Watch<E>
}

function codeOf(error: unknown): unknown {
  const { extensions } = error as { extensions?: { code?: unknown } }
  return extensions?.code ?? String(error)
}

/** What is there after events, by uid: name and version. */
export class Fold {
  readonly objects = new Map<string, string>()

  take({ type, object }: Event): void {
    if (type === 'RESYNC') this.objects.clear()
    if (!object) return
    const { uid, namespace = '', name, resourceVersion } = object.metadata
    if (type === 'DELETED') this.objects.delete(uid)
    else this.objects.set(uid, `${namespace}/${name} ${resourceVersion}`)
  }

  get list(): string[] {
    return [...this.objects.values()].toSorted()
  }
}
