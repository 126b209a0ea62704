import type { WatchEvent } from '../../gateway/domain/live/index.ts'
import type { ListArgs } from '../connection.ts'
import type { GraphqlContext } from '../context.ts'
import type { ResourceObject } from '../models.ts'
import type { ClusterResult, ObjectConnection } from '../object-lists.ts'

/** An event of a watch, as the types `…Change` are made of it. */
export interface ObjectChange {
  readonly type: WatchEvent['type']
  readonly object: ResourceObject | null
  readonly previous: ResourceObject | null
  readonly cluster: string
  readonly resume: () => string
  readonly clusterResults: readonly ClusterResult[] | null
  readonly rows:
    ((args: Omit<ListArgs, 'filter'>, context: GraphqlContext) => Promise<ObjectConnection>) | null
}

/** The change that shows nothing but an object: two of them differ where what is selected of the objects does. */
export function showing(object: ResourceObject): ObjectChange {
  return {
    type: 'MODIFIED',
    object,
    previous: null,
    cluster: object.cluster,
    resume: () => '',
    clusterResults: null,
    rows: null,
  }
}

/** The change that shows nothing but a page. */
export function showingRows({ cluster, rows }: ObjectChange): ObjectChange {
  return {
    type: 'ROWS',
    object: null,
    previous: null,
    cluster,
    resume: () => '',
    clusterResults: null,
    rows,
  }
}
