import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { Following, Graph } from './graph.ts'
import type { Variables } from './request.ts'

const GraphContext = createContext<Graph | undefined>(undefined)

export const GraphProvider = GraphContext.Provider

/** The graph that the page is connected to. Throws outside of GraphProvider. */
export function useGraph(): Graph {
  const graph = useContext(GraphContext)
  if (!graph) throw new Error('there is no graph above this component')
  return graph
}

export interface Asked<T> {
  /** The newest answer; that of earlier variables until the next has come. */
  readonly data: T | undefined
  readonly error: Error | undefined
  readonly loading: boolean
  readonly again: () => void
}

/** Lists an operation under "show me the GraphQL" while the component is there. */
export function useShown(document: string, variables: Variables): void {
  const graph = useGraph()
  const key = JSON.stringify(variables)
  useEffect(() => {
    if (!document) return undefined
    return graph.show({ document, variables: JSON.parse(key) as Variables })
  }, [graph, document, key])
}

/**
 * The answer to a query, asked anew when its text or variables change or `again` is called; no text asks nothing. With
 * `partial` an answer counts although some of its fields failed.
 */
export function useQuery<T>(document: string, variables: Variables, partial = false): Asked<T> {
  const graph = useGraph()
  const key = JSON.stringify(variables)
  const [turn, setTurn] = useState(0)
  const [answer, setAnswer] = useState<{ data?: T | undefined; error?: Error; done: string }>()
  const now = `${document}\n${key}\n${turn}`
  useShown(document, variables)
  useEffect(() => {
    if (!document) return undefined
    const abort = new AbortController()
    graph.ask<T>(document, JSON.parse(key) as Variables, { signal: abort.signal, partial }).then(
      (data) => !abort.signal.aborted && setAnswer({ data, done: now }),
      (error: Error) => !abort.signal.aborted && setAnswer({ error, done: now }),
    )
    return () => abort.abort()
  }, [graph, document, key, now, partial])
  const again = useCallback(() => setTurn((before) => before + 1), [])
  const loading = document !== '' && answer?.done !== now
  return { data: answer?.data, error: answer?.error, loading, again }
}

/** Follows a subscription while the component is there, anew for each `attempt`; a text of nothing follows nothing. */
export function useSubscription<T>(
  document: string,
  variables: Variables,
  sink: Partial<Following<T>>,
  attempt = 0,
) {
  const graph = useGraph()
  const key = JSON.stringify(variables)
  const latest = useRef(sink)
  useEffect(() => {
    latest.current = sink
  })
  useShown(document, variables)
  useEffect(() => {
    if (!document) return undefined
    return graph.follow<T>(document, JSON.parse(key) as Variables, {
      next: (data) => latest.current.next?.(data),
      error: (error) => latest.current.error?.(error),
      complete: () => latest.current.complete?.(),
      restarted: () => latest.current.restarted?.(),
    })
  }, [graph, document, key, attempt])
}
