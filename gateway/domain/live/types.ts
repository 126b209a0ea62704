import type { Entry } from '../../kube/api.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import type { Attributes, OperationScope } from '../operation.ts'
import type { Selection } from '../selection/index.ts'

/** What a subscriber is told. CHANGED and ROWS are the news of NOTIFY and ROWS subscriptions, which name no object. */
export type WatchEventType =
  'ADDED' | 'MODIFIED' | 'DELETED' | 'SYNCED' | 'BOOKMARK' | 'RESYNC' | 'CHANGED' | 'ROWS'

/** How far a subscriber has got in a cluster. */
export interface Position {
  readonly cluster: string
  /** Null: not even the first objects are all there. */
  readonly version: string | null
  /** What the subscriber could see, where that is not everything. */
  readonly sight: string
}

/** An object as it may be shown. Shared by all who follow its kind, and not to be changed. */
export interface Shown {
  readonly object: KubeObject
  /** What subscribers found out about it, by what they asked: for those who ask the same. */
  readonly notes: Map<string, Promise<string>>
}

export interface WatchEvent {
  readonly type: WatchEventType
  readonly cluster: string
  readonly info: KindInfo
  /** Of ADDED, MODIFIED and DELETED: the object; the last that is known of it when it is gone. */
  readonly object: Shown | undefined
  /** What the subscriber was told of the object before; of MODIFIED only. */
  readonly previous: Shown | undefined
  readonly positions: readonly Position[]
}

export type WatchMode = 'EVENTS' | 'NOTIFY' | 'ROWS'

/** Who subscribes: a scope whose `demand` throws ApiError 403 with the usual text. */
export interface WatchScope extends OperationScope {
  demand(attributes: Attributes): Promise<void>
}

/** A kind in the cluster of a scope. */
export interface WatchTarget {
  readonly scope: WatchScope
  readonly info: KindInfo
  /** Where the subscriber was before. */
  readonly from?: Position | undefined
}

export interface WatchArgs {
  readonly targets: readonly WatchTarget[]
  /** Only these; all when absent. */
  readonly namespaces?: readonly string[] | undefined
  /** Where the caller may not watch everything: what they may instead of an error. */
  readonly accessibleOnly?: boolean | undefined
  readonly filter?: Selection | undefined
  /** Whether what is there already is told as ADDED. */
  readonly initial?: boolean | undefined
  readonly mode?: WatchMode | undefined
  /** Milliseconds between two deliveries, beside the first objects. */
  readonly throttleMs?: number | undefined
}

/** A subscription that has begun. */
export interface Watching {
  readonly events: AsyncIterableIterator<WatchEvent, undefined>
  /** Clusters of several that have no part in it, and why. */
  readonly failures: readonly { readonly cluster: string; readonly error: unknown }[]
}

/** Whether an object is told of. */
export type Wanted = (entry: Entry) => boolean

/** The subscriber was too slow for what happens; it may go on from `positions`. */
export class SlowConsumer extends ApiError {
  readonly positions: readonly Position[]

  constructor(positions: readonly Position[]) {
    super(429, 'SlowConsumer', 'events came faster than they were taken: go on with `resume`')
    this.positions = positions
  }
}
