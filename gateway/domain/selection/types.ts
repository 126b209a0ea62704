import type { KubeObject } from '../../kube/types.ts'
import type { NamedText } from './texts.ts'

/** What filters and sort keys read of an object; entries of a watch cache are rows as they are. */
export interface Row {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /** Epoch milliseconds. */
  readonly created: number
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly object: KubeObject
  /** The object as JSON text, where it is at hand. */
  readonly json?: string
}

type Maybe<T> = T | null | undefined

/** What rows must meet; members that are given must all hold. Absent and null mean the same. */
export interface Selection {
  readonly name?: Maybe<string>
  readonly names?: Maybe<readonly string[]>
  readonly uids?: Maybe<readonly string[]>
  readonly namespaces?: Maybe<readonly string[]>
  readonly labelSelector?: Maybe<string>
  readonly fieldSelector?: Maybe<string>
  readonly label?: Maybe<string>
  readonly annotation?: Maybe<string>
  readonly ownerUid?: Maybe<string>
  readonly ownerKind?: Maybe<string>
  readonly owner?: Maybe<OwnerSelection>
  readonly status?: Maybe<readonly string[]>
  /** RFC 3339, inclusive. */
  readonly createdAfter?: Maybe<string>
  /** RFC 3339, exclusive. */
  readonly createdBefore?: Maybe<string>
  readonly fields?: Maybe<readonly FieldCondition[]>
  readonly all?: Maybe<readonly Selection[]>
  readonly any?: Maybe<readonly Selection[]>
  readonly not?: Maybe<Selection>
}

/** An owner by exactly one of `uid` and `kind`, which may have a `name`; `depth` levels up at most, 1 when nothing is said. */
export interface OwnerSelection {
  readonly uid?: Maybe<string>
  readonly kind?: Maybe<string>
  readonly name?: Maybe<string>
  readonly depth?: Maybe<number>
}

/** What one field must be. `path` is dotted; `values` are as many as `op` takes. */
export interface FieldCondition {
  readonly path: string
  /** Default: EQ. */
  readonly op?: 'EQ' | 'NE' | 'IN' | 'NOT_IN' | 'CONTAINS' | 'GT' | 'LT' | 'EXISTS' | 'ABSENT'
  readonly values?: Maybe<readonly string[]>
}

export type SortKey = 'NAME' | 'NAMESPACE' | 'CREATED_AT' | 'UPDATED_AT' | 'STATUS' | 'FIELD'

export interface Order {
  readonly by: SortKey
  /** Default: DESC. */
  readonly direction?: 'ASC' | 'DESC' | undefined
  /** Dotted, where `by` is FIELD. */
  readonly path?: Maybe<string>
}

/** What only a kind knows: the word for the status of an object, and when it last changed. */
export interface KindWords {
  readonly status?: NamedText
  /** Epoch milliseconds, as digits. */
  readonly updated?: NamedText
}

/** Sort values, then name, namespace and uid: where a row stands in a total order. */
export type Position = readonly (string | number)[]
