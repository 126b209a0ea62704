import { useEffect, useRef, useState } from 'react'
import type { Variables } from '../graph/request.ts'
import { useSubscription } from '../graph/hooks.ts'
import type { Chunk } from './documents.ts'

export interface Line {
  readonly id: number
  readonly pod: string
  readonly container: string
  readonly time: string | null
  readonly text: string
}

export interface Log {
  readonly lines: readonly Line[]
  /** Bytes that the server left out. */
  readonly dropped: number
  readonly ended: boolean
  readonly error: Error | undefined
  /** Logs that cannot be read, in the server's words. */
  readonly failures: readonly string[]
}

/** Lines that are kept; of more the newest. */
const most = 5000

const nothing: Log = { lines: [], dropped: 0, ended: false, error: undefined, failures: [] }

/** A log as it comes, put on the screen once a frame. Other variables are another log. */
export function useLog(document: string, variables: Variables): Log {
  const [log, setLog] = useState(nothing)
  const waiting = useRef<{ chunks: Chunk[]; frame: number; count: number }>({
    chunks: [],
    frame: 0,
    count: 0,
  })
  const key = `${document}${JSON.stringify(variables)}`
  const clear = () => {
    cancelAnimationFrame(waiting.current.frame)
    Object.assign(waiting.current, { chunks: [], frame: 0 })
    setLog(nothing)
  }
  useEffect(() => clear, [key])

  const flush = () => {
    const state = waiting.current
    const { chunks } = state
    Object.assign(state, { chunks: [], frame: 0 })
    const lines = chunks.flatMap(({ pod, container, lines }) =>
      lines.map(({ time, text }) => ({ id: state.count++, pod, container, time, text })),
    )
    const dropped = chunks.reduce((sum, one) => sum + Number(one.droppedBytes), 0)
    const failures = chunks.flatMap((one) =>
      one.event === 'FAILED' ? [`${one.pod} ${one.container}: ${one.message ?? ''}`] : [],
    )
    setLog((before) => ({
      ...before,
      lines: [...before.lines, ...lines].slice(-most),
      dropped: before.dropped + dropped,
      failures: [...before.failures, ...failures],
    }))
  }

  useSubscription<{ chunk: Chunk }>(document, variables, {
    next({ chunk }) {
      const state = waiting.current
      state.chunks.push(chunk)
      state.frame ||= requestAnimationFrame(flush)
    },
    error: (error) => setLog((before) => ({ ...before, error })),
    complete: () => setLog((before) => ({ ...before, ended: true })),
    restarted: clear,
  })
  return log
}
