import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Xterm, type IDisposable } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { useEffect, useRef, useState } from 'react'
import type { Graph } from '../graph/graph.ts'
import { useGraph } from '../graph/hooks.ts'
import { useText, type Translate } from '../i18n/text.ts'
import { Failure } from '../parts/failure.tsx'
import { Select } from '../parts/select.tsx'
import { execDocument, inputDocument, resizeDocument, type ExecEvent } from './documents.ts'
import { createInput, decode } from './input.ts'

interface Target {
  readonly cluster: string | undefined
  /** Of a pod; a node has none. */
  readonly namespace: string | undefined
  readonly name: string
}

interface End {
  readonly code?: number | null
  readonly reason?: string
  readonly message?: string
  readonly error?: Error
}

const shells = ['sh', 'bash'].map((value) => ({ value, label: value }))

/** Shows a shell in `screen` until the function that is returned is called; `onEnd` hears why it ended by itself. */
function openShell(
  graph: Graph,
  screen: HTMLElement,
  exec: { target: object; shell: string },
  onEnd: (end: End) => void,
): () => void {
  const style = getComputedStyle(screen)
  const xterm = new Xterm({
    fontSize: 13,
    fontFamily: style.getPropertyValue('--mono'),
    screenReaderMode: true,
    theme: { background: '#10141a', foreground: '#e6e8eb' },
  })
  const fit = new FitAddon()
  xterm.loadAddon(fit)
  xterm.open(screen)
  fit.fit()
  let session = ''
  let typed: IDisposable[] = []
  /** Lets the keys go to the session that has begun, and no more to one that a broken connection ended. */
  const begin = (id: string) => {
    session = id
    const input = createInput(async (data) => {
      const variables = { session: id, data }
      return (await graph.tell<{ ack: { accepted: number } }>(inputDocument, variables)).ack
        .accepted
    })
    for (const listener of typed) listener.dispose()
    typed = [xterm.onData(input), xterm.onBinary(input)]
    xterm.focus()
  }
  const variables = { ...exec, rows: xterm.rows, cols: xterm.cols }
  const hide = graph.show({ document: execDocument, variables })
  const stop = graph.follow<{ event: ExecEvent }>(execDocument, variables, {
    next({ event }) {
      if (event.__typename === 'ExecStarted') begin(event.session)
      else if (event.__typename === 'ExecOutput') xterm.write(decode(event.data))
      else onEnd(event)
    },
    error: (error) => onEnd({ error }),
    complete: () => onEnd({}),
    restarted: () => xterm.reset(),
  })
  xterm.onResize(({ rows, cols }) => {
    if (session) graph.tell(resizeDocument, { session, rows, cols }).catch(() => {})
  })
  const resized = new ResizeObserver(() => fit.fit())
  resized.observe(screen)
  return () => {
    resized.disconnect()
    stop()
    hide()
    xterm.dispose()
  }
}

function endText(t: Translate, { code, reason, message }: End): string {
  return typeof code === 'number'
    ? t('endedCode', { code })
    : t('ended', { reason: message || (reason ?? '') })
}

/** A shell in a container of a pod, or on a node. Leaving the page ends it. */
export function Terminal(props: {
  readonly target: Target
  readonly containers: readonly string[]
}) {
  const { target, containers } = props
  const { cluster, namespace, name } = target
  const graph = useGraph()
  const t = useText()
  const screen = useRef<HTMLDivElement>(null)
  const leave = useRef<HTMLButtonElement>(null)
  const [container, setContainer] = useState(containers[0] ?? '')
  const [shell, setShell] = useState('sh')
  const [turn, setTurn] = useState(0)
  const [end, setEnd] = useState<End>()
  useEffect(() => {
    if (!screen.current || turn === 0) return undefined
    setEnd(undefined)
    const target = namespace
      ? { cluster, pod: { namespace, name, container: container || null } }
      : { cluster, node: name }
    return openShell(graph, screen.current, { target, shell }, (why) =>
      // The reason comes before the end of the subscription, which has none.
      setEnd((known) => known ?? why),
    )
  }, [graph, turn, cluster, namespace, name, container, shell])
  return (
    <div className="terminal">
      <p className="actions">
        {namespace && (
          <>
            <Select
              label={t('container')}
              value={container}
              choices={containers.map((value) => ({ value, label: value }))}
              onChange={setContainer}
            />
            <Select label={t('shell')} value={shell} choices={shells} onChange={setShell} />
          </>
        )}
        <button
          type="button"
          className="primary"
          ref={leave}
          onClick={() => setTurn((before) => before + 1)}
        >
          {t('start')}
        </button>
        <span className="muted">{t('terminalHelp')}</span>
      </p>
      <div
        className="screen"
        role="application"
        aria-label={t('terminalLabel', { name })}
        ref={screen}
        onKeyDownCapture={(event) => {
          // Tab and Escape belong to the shell: without this there would be no way out by keyboard.
          if (event.key !== 'Escape' || !event.ctrlKey || !event.shiftKey) return
          event.stopPropagation()
          leave.current?.focus()
        }}
      />
      {end?.error && <Failure error={end.error} />}
      <p role="status">{end && !end.error && endText(t, end)}</p>
    </div>
  )
}
