import { useEffect, useState } from 'react'
import type { Kind } from '../app/kinds.ts'
import { placeHash, type Place } from '../app/place.ts'
import { useText, type TextKey } from '../i18n/text.ts'
import { useRoving } from '../parts/roving.ts'
import type { Column } from './columns.ts'
import { age, type Row } from './row.ts'

/** The key of ResourceSortKey behind a column, and the way that a first click sorts. */
const sorts: Partial<Record<TextKey, string>> = {
  name: 'NAME',
  namespace: 'NAMESPACE',
  status: 'STATUS',
  age: '-CREATED_AT',
}

const opposite = (sort: string) => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`)

function Heading(props: {
  readonly title: TextKey
  readonly sort: string
  readonly onSort: (sort: string) => void
}) {
  const { title, sort, onSort } = props
  const t = useText()
  const own = sorts[title]
  if (!own) return <th scope="col">{t(title)}</th>
  const mine = sort === own || sort === opposite(own)
  const down = sort.startsWith('-')
  return (
    <th scope="col" aria-sort={mine ? (down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={() => onSort(mine ? opposite(sort) : own)}>
        {t(title)}
        <span aria-hidden="true">{mine ? (down ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </th>
  )
}

/** The moment, every `everyMs` milliseconds. */
function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** Rows under their headings. Arrow keys go from name to name, Enter opens. */
export function Grid(props: {
  readonly kind: Kind
  readonly place: Place
  readonly rows: readonly Row[]
  readonly columns: readonly Column[]
  readonly changed: ReadonlyMap<string, number>
  readonly onSort: (sort: string) => void
}) {
  const { kind, place, rows, columns, changed, onSort } = props
  const roving = useRoving<HTMLTableSectionElement>()
  const now = useNow(5000)
  const sort = place.sort ?? '-CREATED_AT'
  const heading = (title: TextKey) => (
    <Heading key={title} title={title} sort={sort} onSort={onSort} />
  )
  return (
    <div className="grid" tabIndex={-1}>
      <table aria-label={kind.kind}>
        <thead>
          <tr>
            {heading('name')}
            {kind.namespaced && heading('namespace')}
            {columns.map(({ title, heading: name }) =>
              title ? (
                heading(title)
              ) : (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
            {heading('age')}
          </tr>
        </thead>
        <tbody {...roving}>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {changed.has(row.id) && <i key={changed.get(row.id)} className="flash" />}
                <a
                  data-item=""
                  href={placeHash({
                    ...place,
                    name: row.metadata.name,
                    in: row.metadata.namespace ?? undefined,
                  })}
                >
                  {row.metadata.name}
                </a>
              </th>
              {kind.namespaced && <td>{row.metadata.namespace}</td>}
              {columns.map(({ title, heading: name, text }) => (
                <td key={title ?? name}>{text(row)}</td>
              ))}
              <td>{age(row.metadata.creationTimestamp, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
