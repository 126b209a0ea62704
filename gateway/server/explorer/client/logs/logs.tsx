import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import type { Kind } from '../app/kinds.ts'
import { useText } from '../i18n/text.ts'
import { DelayedInput } from '../parts/delayed-input.tsx'
import { Failure } from '../parts/failure.tsx'
import { Select } from '../parts/select.tsx'
import { podLogsDocument, workloadLogsDocument } from './documents.ts'
import { useLog, type Line } from './use-log.ts'

interface Target {
  readonly cluster: string | undefined
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly namespace: string | undefined
  readonly name: string
}

const tails = ['100', '1000', '5000']

function Check(props: {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
}) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      {props.children}
    </label>
  )
}

/** Lines that stay at their end while they come, until somebody scrolls back. */
function Lines(props: {
  readonly label: string
  readonly lines: readonly Line[]
  readonly named: boolean
}) {
  const { label, lines, named } = props
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines])
  return (
    <div
      className="log"
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      ref={box}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 24
      }}
    >
      {lines.map(({ id, pod, container, time, text }) => (
        <div key={id}>
          {time && <time dateTime={time}>{time.slice(11, 23)} </time>}
          {named && (
            <b>
              {pod} {container}{' '}
            </b>
          )}
          {text}
        </div>
      ))}
    </div>
  )
}

/** The log of a pod, or of all pods of a workload, as it is written. */
export function Logs(props: {
  readonly kind: Kind
  readonly target: Target
  readonly containers: readonly string[]
}) {
  const { kind, target, containers } = props
  const t = useText()
  const [container, setContainer] = useState('')
  const [follow, setFollow] = useState(true)
  const [previous, setPrevious] = useState(false)
  const [tail, setTail] = useState('1000')
  const [match, setMatch] = useState('')
  const pod = kind.plural === 'pods'
  const { cluster, namespace, name } = target
  const log = useLog(pod ? podLogsDocument : workloadLogsDocument, {
    ...(pod ? { pod: { cluster, namespace, name } } : { workload: target }),
    containers: container ? [container] : null,
    follow: follow && !previous,
    tailLines: Number(tail),
    previous,
    match: match || null,
  })
  const every = { value: '', label: t('everyContainer') }
  return (
    <div className="logs">
      <p className="actions">
        <Select
          label={t('container')}
          value={container}
          choices={[every, ...containers.map((value) => ({ value, label: value }))]}
          onChange={setContainer}
        />
        <Select
          label={t('tail')}
          value={tail}
          choices={tails.map((value) => ({ value, label: value }))}
          onChange={setTail}
        />
        <Check checked={follow} onChange={setFollow}>
          {t('follow')}
        </Check>
        <Check checked={previous} onChange={setPrevious}>
          {t('previousLogs')}
        </Check>
        <DelayedInput label={t('search')} value={match} onChange={setMatch} />
      </p>
      <Lines
        label={t('logLabel', { name })}
        lines={log.lines}
        named={!pod || (!container && containers.length > 1)}
      />
      {log.error && <Failure error={log.error} />}
      {log.failures.map((failure) => (
        <p key={failure} className="notice">
          {failure}
        </p>
      ))}
      <p role="status" className="muted">
        {log.ended && t('logEnded')} {log.dropped > 0 && t('dropped', { n: log.dropped })}
      </p>
    </div>
  )
}
