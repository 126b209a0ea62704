import { createClient, type Client } from 'graphql-ws'
import { graphUrl, GraphError, type Answer, type Sent, type SentError } from './request.ts'
import type { Session } from './session.ts'

export interface Sink {
  /** One answer; errors of single fields are in it. */
  next(answer: Answer): void
  error(error: Error): void
  complete(): void
  /** The connection broke and is back: the operation begins anew, and so do its answers. */
  restarted(): void
}

export interface LiveSocket {
  /** Starts an operation; the sink hears of every answer until the function that is returned ends it. */
  subscribe(sent: Sent, sink: Sink): () => void
  /** The same as an iterator, which ends the operation when it is returned. */
  iterate(sent: Sent): AsyncIterableIterator<Answer>
}

/** Milliseconds before its end at which a token is renewed on the open socket. */
const early = 60_000

const renewal = `mutation Renew($token: String!) {
  renewSession(token: $token) {
    __typename
  }
}`

/** Close codes after which the same again would only be refused again. */
const final = new Set([4400, 4406, 4409])

/** For an operation whose answer changes nothing here; a refusal closes the socket, which is noticed anyway. */
const quiet = { next: () => {}, error: () => {}, complete: () => {} }

const closed = (event: unknown): event is CloseEvent => event instanceof CloseEvent

function errorOf(reason: unknown): Error {
  const first: unknown = Array.isArray(reason) ? reason[0] : reason
  if (closed(first)) return new Error(first.reason || `the connection was closed: ${first.code}`)
  if (first instanceof Error) return first
  if (typeof first === 'object' && first !== null && 'message' in first)
    return new GraphError(first as SentError)
  return new Error('the connection was lost')
}

function connect(
  session: Session,
  on: {
    connected(socket: unknown, payload: unknown, wasRetry: boolean): void
    closed(event: unknown): void
  },
) {
  return createClient({
    url: () => {
      const url = graphUrl()
      url.protocol = url.protocol.replace('http', 'ws')
      return url.href
    },
    connectionParams: () => ({ authorization: `Bearer ${session.token() ?? ''}` }),
    lazyCloseTimeout: 1000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** retries, 10_000))),
    shouldRetry: (event) =>
      session.token() !== undefined && !(closed(event) && final.has(event.code)),
    on,
  })
}

/**
 * One socket for all subscriptions of the page: it opens with the first, closes after the last, comes back after it broke,
 * and gets each new token of the session while it is open.
 */
export function createSocket(session: Session): LiveSocket {
  let timer: ReturnType<typeof setTimeout> | undefined
  let open = false
  const sinks = new Set<Sink>()
  const schedule = () => {
    clearTimeout(timer)
    const left = session.tokenLeft()
    // A timer cannot wait for longer than 31 bits of milliseconds say.
    if (open && left !== undefined && left < 2 ** 31)
      timer = setTimeout(() => void session.renew(), Math.max(0, left - early))
  }
  const client: Client = connect(session, {
    connected(_socket, _payload, wasRetry) {
      open = true
      schedule()
      if (wasRetry) for (const sink of sinks) sink.restarted()
    },
    closed(event) {
      open = false
      clearTimeout(timer)
      // The token ended while nobody looked: the next try needs another.
      if (closed(event) && event.code === 4403) void session.renew()
    },
  })
  session.onChange(() => {
    const token = session.token()
    if (token && open) client.subscribe({ query: renewal, variables: { token } }, quiet)
    if (!token && open) client.terminate()
    schedule()
  })
  return {
    iterate: (sent) => client.iterate(sent) as AsyncIterableIterator<Answer>,
    subscribe(sent, sink) {
      sinks.add(sink)
      const stop = client.subscribe(sent, {
        next: (answer) => sink.next(answer as Answer),
        error(reason) {
          sinks.delete(sink)
          sink.error(errorOf(reason))
        },
        complete() {
          sinks.delete(sink)
          sink.complete()
        },
      })
      return () => {
        sinks.delete(sink)
        stop()
      }
    },
  }
}
