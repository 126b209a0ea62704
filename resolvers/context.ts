import type { App } from '../gateway/context/app.ts'
import type { RequestContext } from '../gateway/context/types.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import type { Cursors } from './cursor.ts'
import type { Loaders } from './loaders.ts'

/** What every resolver gets beside parent and arguments: one per HTTP request or socket operation. */
export interface GraphqlContext {
  readonly ctx: RequestContext
  readonly app: App
  readonly loaders: Loaders
  readonly cursors: Cursors
  /** Kinds that this graph shows. */
  readonly shown: (info: KindInfo) => boolean
  /** Kinds that are read from the API server each time. */
  readonly live: (info: KindInfo) => boolean
}
