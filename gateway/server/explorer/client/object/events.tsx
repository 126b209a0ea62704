import { useQuery } from '../graph/hooks.ts'
import { useText } from '../i18n/text.ts'
import { Failure } from '../parts/failure.tsx'
import { age } from '../table/row.ts'
import { eventsDocument, type EventsAnswer } from './documents.ts'

/** What happened to an object, newest first. */
export function Events({ target }: { readonly target: Readonly<Record<string, unknown>> }) {
  const t = useText()
  const { data, error, loading, again } = useQuery<EventsAnswer>(eventsDocument, { ref: target })
  const events = data?.resource?.events?.nodes ?? []
  const now = Date.now()
  return (
    <>
      {error && <Failure error={error} again={again} />}
      {!error && events.length === 0 && <p role="status">{loading ? t('loading') : t('noRows')}</p>}
      {events.length > 0 && (
        <table aria-label={t('events')}>
          <thead>
            <tr>
              <th scope="col">{t('age')}</th>
              <th scope="col">{t('type')}</th>
              <th scope="col">{t('reason')}</th>
              <th scope="col">{t('message')}</th>
              <th scope="col">{t('count')}</th>
            </tr>
          </thead>
          <tbody>
            {events.map(({ id, type, reason, message, count, lastTimestamp }) => (
              <tr key={id}>
                <td>{age(lastTimestamp ?? null, now)}</td>
                <td>{type}</td>
                <td>{reason}</td>
                <td>{message}</td>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="actions">
        <button type="button" onClick={again}>
          {t('reload')}
        </button>
      </p>
    </>
  )
}
