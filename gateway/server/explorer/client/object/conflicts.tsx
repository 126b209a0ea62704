import { useEffect, useRef } from 'react'
import { useText } from '../i18n/text.ts'
import type { Applied } from './documents.ts'

/** Which fields of a change belong to whom, and the way to take them. It gets the focus when it comes. */
export function Conflicts(props: {
  readonly conflicts: Applied['applyResource']['conflicts']
  readonly onForce: () => void
}) {
  const t = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="conflicts" aria-labelledby="conflicts-title">
      <h2 id="conflicts-title" ref={heading} tabIndex={-1}>
        {t('conflicts')}
      </h2>
      <p>{t('conflictsHelp')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('field')}</th>
            <th scope="col">{t('manager')}</th>
          </tr>
        </thead>
        <tbody>
          {props.conflicts.map(({ field, manager, message }) => (
            <tr key={`${field} ${manager}`} title={message}>
              <td>
                <code>{field}</code>
              </td>
              <td>{manager}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" className="danger" onClick={props.onForce}>
        {t('force')}
      </button>
    </section>
  )
}
