import { useCallback, useSyncExternalStore } from 'react'

/** Where the page is: what its address says behind `#`, so that links, history and bookmarks work. */
export interface Place {
  readonly cluster?: string | undefined
  readonly workspace?: string | undefined
  readonly namespace?: string | undefined
  /** A kind as `group/version/plural`. */
  readonly kind?: string | undefined
  /** Name of the object that is open. */
  readonly name?: string | undefined
  /** Namespace of the object that is open. */
  readonly in?: string | undefined
  readonly tab?: string | undefined
  /** Text that names contain. */
  readonly q?: string | undefined
  readonly labels?: string | undefined
  /** A key of ResourceSortKey, with `-` before it for the other way. */
  readonly sort?: string | undefined
}

const keys = [
  'cluster',
  'workspace',
  'namespace',
  'kind',
  'name',
  'in',
  'tab',
  'q',
  'labels',
  'sort',
] as const

export function readPlace(hash: string): Place {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  return Object.fromEntries(
    keys.flatMap((key) => (params.get(key) ? [[key, params.get(key)]] : [])),
  ) as Place
}

export function placeHash(place: Place): string {
  const params = new URLSearchParams()
  for (const key of keys) if (place[key]) params.set(key, place[key])
  return `#${params.toString()}`
}

function onHash(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

/** The place, and a way to another: `go` adds to the history, or replaces its newest entry. */
export function usePlace(): [Place, (next: Place, replace?: boolean) => void] {
  const hash = useSyncExternalStore(onHash, () => location.hash)
  const go = useCallback((next: Place, replace = false) => {
    if (replace) {
      history.replaceState(null, '', placeHash(next))
      dispatchEvent(new HashChangeEvent('hashchange'))
    } else location.hash = placeHash(next)
  }, [])
  return [readPlace(hash), go]
}
