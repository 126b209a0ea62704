import { useEffect, useRef } from 'react'
import type { Kind } from '../app/kinds.ts'
import type { Place } from '../app/place.ts'
import { useQuery } from '../graph/hooks.ts'
import { viewOf, type Column } from './columns.ts'

const tableDocument = `query Columns($kind: KindRef!, $cluster: String, $namespace: String) {
  table(kind: $kind, cluster: $cluster, namespace: $namespace, first: 500) {
    columns {
      name
      format
      priority
    }
    rows {
      id
      cells
    }
  }
}`

interface Table {
  readonly table: {
    readonly columns: readonly {
      readonly name: string
      readonly format: string
      readonly priority: number
    }[]
    readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[]
  }
}

/** Rows that one answer holds: of a longer list no cell would be sure to be there. */
const most = 500

/** Columns that every table has anyway. */
const standard = new Set(['Name', 'Namespace', 'Age'])

function cellText(cell: unknown): string {
  if (typeof cell === 'string') return cell
  return cell === null || cell === undefined ? '' : JSON.stringify(cell)
}

/**
 * The columns of a kind: those that this page knows, or for a kind that it knows nothing of those that the API server
 * has, read again with each new `page` of the list. Who may not have them, or has too many rows, goes without.
 */
export function useColumns(kind: Kind, place: Place, page: object | undefined, total: number) {
  const known = viewOf(kind)
  const { group, version, plural: resource } = kind
  const wanted = !known && page !== undefined && total <= most
  const { data, again } = useQuery<Table>(wanted ? tableDocument : '', {
    kind: { group, version, resource },
    cluster: place.cluster ?? null,
    namespace: kind.namespaced ? (place.namespace ?? null) : null,
  })
  const seen = useRef<object>(undefined)
  useEffect(() => {
    if (wanted && seen.current && seen.current !== page) again()
    seen.current = page
  }, [wanted, page, again])
  if (known) return known.columns
  const cells = new Map(data?.table.rows.map((row) => [row.id, row.cells]))
  return (data?.table.columns ?? []).flatMap(({ name, format, priority }, index): Column[] =>
    priority > 0 || format === 'name' || standard.has(name)
      ? []
      : [{ heading: name, text: ({ id }) => cellText(cells.get(id)?.[index]) }],
  )
}
