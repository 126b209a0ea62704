import { useState } from 'react'
import type { Kind } from '../app/kinds.ts'
import type { Place } from '../app/place.ts'
import { useQuery, useSubscription } from '../graph/hooks.ts'
import { GraphError } from '../graph/request.ts'
import type { LiveState } from '../parts/live-mark.tsx'
import { listDocument, pageDocument } from './documents.ts'
import type { Row } from './row.ts'

interface Page {
  readonly totalCount: number | null
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly nodes: readonly Row[]
}

interface Change {
  /** Of type ROWS only. */
  readonly rows: Page | null
}

export interface Pages {
  readonly size: number
  /** The page as it is now. */
  readonly list: Page | undefined
  readonly live: LiveState
  readonly error: Error | undefined
  readonly again: () => void
  /** Ids of rows that changed while they were on the screen, with the moment. */
  readonly changed: ReadonlyMap<string, number>
}

const size = 50

/** Codes of ends after which the same subscription begins anew. */
const passing = new Set(['SLOW_CONSUMER', 'SCHEMA_CHANGED'])

/** Milliseconds until it does. */
const pause = 1000

const none: ReadonlyMap<string, number> = new Map()

/** Variables of the page and of the changes, from the place. */
function wanted(kind: Kind, place: Place, namespaces: readonly string[]) {
  const { cluster, namespace, workspace, q, labels, sort } = place
  const within = kind.namespaced && !namespace && workspace ? namespaces : undefined
  const filter = {
    ...(q ? { name: q } : {}),
    ...(labels ? { labelSelector: labels } : {}),
    ...(within ? { namespaces: within } : {}),
  }
  const by = sort?.replace(/^-/, '')
  return {
    kind: { group: kind.group, version: kind.version, resource: kind.plural },
    namespace: kind.namespaced ? (namespace ?? null) : null,
    cluster: cluster ?? null,
    filter: Object.keys(filter).length > 0 ? filter : null,
    orderBy: by ? [{ by, direction: sort?.startsWith('-') ? 'DESC' : 'ASC' }] : null,
  }
}

/** Rows of `now` that are new or other than in `before`, with the moment added to those that changed earlier. */
function changedRows(
  earlier: ReadonlyMap<string, number>,
  before: readonly Row[],
  now: readonly Row[],
): ReadonlyMap<string, number> {
  const known = new Map(before.map((row) => [row.id, JSON.stringify(row)]))
  const moment = Date.now()
  return new Map([
    ...earlier,
    ...now
      .filter((row) => known.get(row.id) !== JSON.stringify(row))
      .map((row) => [row.id, moment] as const),
  ])
}

interface Followed {
  readonly key: string
  readonly page: Page
  readonly changed: ReadonlyMap<string, number>
}

/** One page of a kind: a query for what is there, then the page again whenever the server sees it change. */
export function usePages(
  kind: Kind,
  place: Place,
  namespaces: readonly string[],
  after: readonly string[],
): Pages {
  const { kind: ref, namespace, cluster, filter, orderBy } = wanted(kind, place, namespaces)
  const shared = {
    ...(kind.listField ? {} : { kind: ref }),
    cluster,
    filter,
    first: size,
    after: after.at(-1) ?? null,
    orderBy,
  }
  const scoped = kind.namespaced || !kind.listField
  const variables = { ...shared, ...(scoped ? { namespace } : {}) }
  const { data, error, again } = useQuery<{ list: Page }>(listDocument(kind), variables)
  const [followed, setFollowed] = useState<Followed>()
  const [live, setLive] = useState<LiveState>('connecting')
  const [attempt, setAttempt] = useState(0)
  const document = pageDocument(kind)
  const key = JSON.stringify(variables)
  const page = followed?.key === key ? followed.page : data?.list
  useSubscription<{ change: Change }>(
    document,
    { ...shared, ...(scoped ? { namespaces: namespace ? [namespace] : null } : {}) },
    {
      next({ change: { rows } }) {
        setLive('live')
        if (!rows) return
        setFollowed((last) => {
          const before = last?.key === key ? last.page : data?.list
          const earlier = last?.key === key ? last.changed : new Map<string, number>()
          return {
            key,
            page: rows,
            changed: before ? changedRows(earlier, before.nodes, rows.nodes) : earlier,
          }
        })
      },
      error(error) {
        // What is gone, a right or a kind, is gone for the query as well: it says so.
        setFollowed(undefined)
        setLive('off')
        again()
        if (error instanceof GraphError && passing.has(error.code))
          setTimeout(() => setAttempt((before) => before + 1), pause)
      },
      complete: () => setLive('off'),
    },
    attempt,
  )
  return {
    size,
    list: page,
    live: document ? live : 'off',
    error,
    again,
    changed: followed?.key === key ? followed.changed : none,
  }
}
