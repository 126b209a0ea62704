import type { Entry } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'

/** What a list asks for: resources-tenant.md §2. Everything absent = all rows, newest first. */
export interface ListQuery {
  /** Absent or -1: no paging. */
  readonly limit?: number | undefined
  /** From 1. */
  readonly page?: number | undefined
  readonly sortBy?: string | undefined
  readonly ascending?: boolean | undefined
  readonly labelSelector?: string | undefined
  /** By name; all must hold, names that a list does not know always do. */
  readonly filters?: Readonly<Record<string, string>> | undefined
}

/** The rows of one page of a list. */
export interface Rows {
  readonly entries: readonly Entry[]
  /** After filtering, before slicing. */
  readonly totalItems: number
  /** Position behind the last row; 0 where the slice rule gives no rows. */
  readonly end: number
}

/** One object as an answer shows it, parsed only when somebody reads it. */
export interface Shown {
  readonly entry: Entry
  /** Names how the entry is shown, so that texts made from it may be kept; undefined where it is shown so only once. */
  readonly variant: string | undefined
  /** JSON text. */
  readonly json: string
  /** Shared, not to be changed. */
  readonly object: KubeObject
}

export interface ResourcePage {
  readonly items: readonly Shown[]
  readonly totalItems: number
  /** Rows behind this page. */
  readonly remainingItems: number
}
