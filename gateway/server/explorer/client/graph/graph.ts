import { GraphError, request, type Variables } from './request.ts'
import type { Session } from './session.ts'
import { createSocket } from './socket.ts'

/** An operation behind what is on the screen, as it was sent. */
export interface Shown {
  readonly document: string
  readonly variables: Variables
}

/** Who hears of a subscription. */
export interface Following<T> {
  next(data: T): void
  error(error: Error): void
  complete(): void
  /** The connection broke and is back: everything comes anew. */
  restarted(): void
}

type Options = Parameters<typeof request>[2]

/** The graph as this page talks to it; it remembers which operations the screen is made of. */
export interface Graph {
  readonly session: Session
  /** The data of a query or mutation; see `request`. */
  ask<T>(document: string, variables: Variables, options?: Options): Promise<T>
  /** The data of a mutation over the socket, for what belongs to a subscription there. */
  tell<T>(document: string, variables: Variables): Promise<T>
  /** Starts a subscription; the function that is returned ends it. */
  follow<T>(document: string, variables: Variables, sink: Following<T>): () => void
  /** Lists an operation as part of the screen until the function that is returned is called. */
  show(operation: Shown): () => void
  /** Operations of the screen, in the order they came; another array after each change. */
  readonly shown: () => readonly Shown[]
  readonly onShown: (listener: () => void) => () => void
}

/** Connects the page to the graph for as long as it is open. */
export function createGraph(session: Session): Graph {
  const socket = createSocket(session)
  const listeners = new Set<() => void>()
  let shown: readonly Shown[] = []
  const change = (next: readonly Shown[]) => {
    shown = next
    for (const listener of listeners) listener()
  }
  return {
    session,
    ask: async <T>(query: string, variables: Variables, options?: Options) =>
      (await request(session, { query, variables }, options)) as T,
    async tell<T>(query: string, variables: Variables) {
      for await (const { data, errors } of socket.iterate({ query, variables })) {
        if (errors?.[0]) throw new GraphError(errors[0])
        return data as T
      }
      throw new GraphError({ message: 'the connection was lost' })
    },
    follow: <T>(query: string, variables: Variables, sink: Following<T>) =>
      socket.subscribe(
        { query, variables },
        {
          ...sink,
          next({ data, errors }) {
            if (errors?.[0]) sink.error(new GraphError(errors[0]))
            else sink.next(data as T)
          },
        },
      ),
    show(operation) {
      change([...shown, operation])
      return () => change(shown.filter((one) => one !== operation))
    },
    shown: () => shown,
    onShown(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
