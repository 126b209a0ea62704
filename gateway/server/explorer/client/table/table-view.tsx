import { useState } from 'react'
import type { Kind } from '../app/kinds.ts'
import { usePlace, type Place } from '../app/place.ts'
import { useText } from '../i18n/text.ts'
import { Failure } from '../parts/failure.tsx'
import { LiveMark } from '../parts/live-mark.tsx'
import { useArrival } from '../parts/arrival.ts'
import { DelayedInput } from '../parts/delayed-input.tsx'
import { Grid } from './grid.tsx'
import { useColumns } from './use-columns.ts'
import { usePages } from './use-pages.ts'

/** A kind's objects: filtered, sorted and cut into pages by the server, and followed while they are on the screen. */
export function TableView(props: {
  readonly kind: Kind
  readonly place: Place
  readonly namespaces: readonly string[]
}) {
  const { kind, place, namespaces } = props
  const t = useText()
  const [, go] = usePlace()
  const heading = useArrival()
  // An address without a place in it is the place that the page chose.
  const change = (next: Partial<Place>) => go({ ...place, ...next }, true)
  const [after, setAfter] = useState<readonly string[]>([])
  const pages = usePages(kind, place, namespaces, after)
  const { list, live, error, again } = pages
  const columns = useColumns(kind, place, list, list?.totalCount ?? 0)
  const from = after.length * pages.size
  const count = list?.nodes.length ?? 0
  const rows = { from: Math.min(from + 1, from + count), to: from + count }
  return (
    <>
      <header className="title">
        <h1 ref={heading} tabIndex={-1}>
          {kind.kind}
        </h1>
        <LiveMark state={live} />
        <span className="space" />
        <DelayedInput
          label={t('nameContains')}
          value={place.q ?? ''}
          onChange={(q) => {
            setAfter([])
            change({ q })
          }}
        />
        <DelayedInput
          label={t('labelSelector')}
          value={place.labels ?? ''}
          onChange={(labels) => {
            setAfter([])
            change({ labels })
          }}
        />
      </header>
      {error && <Failure error={error} again={again} />}
      {list && (
        <Grid
          kind={kind}
          place={place}
          rows={list.nodes}
          columns={columns}
          changed={pages.changed}
          onSort={(sort) => {
            setAfter([])
            change({ sort })
          }}
        />
      )}
      <footer className="pages">
        <p role="status">
          {!list && !error && t('loading')}
          {list && count === 0 && t('noRows')}
          {list &&
            count > 0 &&
            (list.totalCount === null
              ? t('rowsUnknown', rows)
              : t('rows', { ...rows, total: list.totalCount }))}
        </p>
        <button
          type="button"
          disabled={after.length === 0}
          onClick={() => setAfter(after.slice(0, -1))}
        >
          {t('previous')}
        </button>
        <button
          type="button"
          disabled={!list?.pageInfo.hasNextPage}
          onClick={() => setAfter([...after, list?.pageInfo.endCursor ?? ''])}
        >
          {t('next')}
        </button>
      </footer>
    </>
  )
}
