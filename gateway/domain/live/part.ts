import type { Entry } from '../../kube/api.ts'
import type { KindInfo } from '../../kube/types.ts'
import type { WatchAccess } from './access.ts'
import type { Feed } from './feed.ts'
import type { Position, Shown, Wanted } from './types.ts'

/** The share of one cluster in a subscription. */
export interface Part {
  readonly cluster: string
  readonly info: KindInfo
  readonly feed: Feed
  /** Undefined: all of them. */
  readonly namespaces: ReadonlySet<string> | undefined
  readonly wanted: Wanted
  readonly access: WatchAccess
  readonly from: Position | undefined
  /** Lets go of what only this part needs. */
  readonly release: () => void
}

/** The objects of a part that are there now. */
export function* inSight({ feed, namespaces, wanted, access }: Part): Iterable<Entry> {
  for (const namespace of namespaces ?? [undefined]) {
    for (const entry of feed.store.entries(namespace)) {
      if (access.allows(entry.namespace) && wanted(entry)) yield entry
    }
  }
}

/** What may be told of an object that somebody may not see any more. */
export function identityOf({
  namespace,
  name,
  uid,
  object: { apiVersion = '', kind = '' },
}: Entry): Shown {
  const metadata = { ...(namespace ? { namespace } : {}), name, uid }
  return { object: { apiVersion, kind, metadata }, notes: new Map() }
}

/** Waits of one taker at a time, for news or for time to pass. */
export class Bell {
  #wake: (() => void) | undefined

  ring(): void {
    this.#wake?.()
  }

  /** Until it rings, for at most `ms` where that is not 0. */
  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    const timer = ms > 0 ? setTimeout(resolve, ms) : undefined
    await promise
    clearTimeout(timer)
    this.#wake = undefined
  }
}
