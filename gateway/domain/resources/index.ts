import type { Effects } from '../effects.ts'
import type { Operation } from '../operation.ts'
import { get, list, type GetArgs, type ListArgs } from './reads.ts'
import { TextCache } from './shown.ts'
import type { ResourcePage, Shown } from './types.ts'

export type { GetArgs, ListArgs } from './reads.ts'
export type { ListQuery, ResourcePage, Shown } from './types.ts'
export { redact, redactorOf } from './redact.ts'
export { slicePositions } from './slice.ts'
export {
  listAll,
  pageB,
  selectAmong,
  selectB,
  withLabelFilter,
  withLabelSelector,
  type Paged,
} from './paging.ts'

/** Objects of every kind, and what is counted or computed from them. */
export interface ResourceService {
  /** Registered kinds by plural name, with the filters and sort keys of each. */
  readonly list: Operation<ListArgs, ResourcePage>
  readonly get: Operation<GetArgs, Shown>
  /** Texts that faces made from objects. */
  readonly texts: TextCache
}

export interface ResourceDeps {
  readonly effects: Effects
}

/** One per process. */
export function createResources(_deps: ResourceDeps): ResourceService {
  return { list, get, texts: new TextCache() }
}
