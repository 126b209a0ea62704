import { useEffect, useRef, useState } from 'react'
import type { Kind } from '../app/kinds.ts'
import type { Place } from '../app/place.ts'
import { useQuery, useSubscription } from '../graph/hooks.ts'
import type { LiveState } from '../parts/live-mark.tsx'
import { changesDocument, listDocument } from './documents.ts'
import type { Row } from './row.ts'

interface Page {
  readonly totalCount: number | null
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly nodes: readonly Row[]
}

interface Change {
  readonly type: string
  readonly object: Row | null
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

/** Milliseconds between a change and the page that is read anew for it. */
const settle = 300

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

/**
 * One page of a kind, kept up to date: a change of a row that is shown is shown at once; what comes or goes, or may stand
 * elsewhere now, is read anew from the server, which alone knows order and totals.
 */
export function usePages(
  kind: Kind,
  place: Place,
  namespaces: readonly string[],
  after: readonly string[],
): Pages {
  const { kind: ref, namespace, cluster, filter, orderBy } = wanted(kind, place, namespaces)
  const variables = {
    ...(kind.listField ? {} : { kind: ref }),
    cluster,
    ...(kind.namespaced || !kind.listField ? { namespace } : {}),
    first: size,
    after: after.at(-1) ?? null,
    filter,
    orderBy,
  }
  const { data, error, again } = useQuery<{ list: Page }>(listDocument(kind), variables)
  const [patches, setPatches] = useState<ReadonlyMap<string, Row>>(new Map())
  const [changed, setChanged] = useState<ReadonlyMap<string, number>>(new Map())
  const [live, setLive] = useState<LiveState>('connecting')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // A newer page has all that was patched into the one before.
  useEffect(() => setPatches(new Map()), [data])
  const document = changesDocument(kind)
  useSubscription<{ change: Change }>(
    document,
    { cluster, ...(kind.namespaced ? { namespaces: namespace ? [namespace] : null } : {}), filter },
    {
      next({ change: { type, object } }) {
        setLive('live')
        if (type === 'SYNCED' || type === 'BOOKMARK') return
        if (type === 'MODIFIED' && object) {
          setPatches((before) => new Map(before).set(object.id, object))
          setChanged((before) => new Map(before).set(object.id, Date.now()))
        }
        timer.current ??= setTimeout(() => {
          timer.current = undefined
          again()
        }, settle)
      },
      error: () => setLive('off'),
      complete: () => setLive('off'),
    },
  )
  const list = data?.list && {
    ...data.list,
    nodes: data.list.nodes.map((row) => patches.get(row.id) ?? row),
  }
  return { size, list, live: document ? live : 'off', error, again, changed }
}
