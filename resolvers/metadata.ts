import { WORKSPACE_LABEL } from '../gateway/domain/names.ts'
import { rowOf, type Row } from '../gateway/domain/selection/index.ts'
import type { KubeObject } from '../gateway/kube/types.ts'

const annotation =
  (key: string) =>
  ({ metadata }: KubeObject): string | null =>
    metadata.annotations?.[key] || null

export const displayNameOf = annotation('kubesphere.io/alias-name')
export const descriptionOf = annotation('kubesphere.io/description')
export const creatorOf = annotation('kubesphere.io/creator')

export function nameOf({ metadata }: KubeObject): string {
  return metadata.name ?? ''
}

/** When an object was created; the epoch for one that was never stored. */
export function createdAt({ metadata }: KubeObject): string {
  return metadata.creationTimestamp ?? '1970-01-01T00:00:00Z'
}

export function workspaceOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[WORKSPACE_LABEL] || undefined
}

/** An object as lists filter and sort it. */
export interface ObjectRow<T> extends Row {
  readonly item: T
}

export function rowWith<T>(object: KubeObject, item: T): ObjectRow<T> {
  return { ...rowOf(object), item }
}
