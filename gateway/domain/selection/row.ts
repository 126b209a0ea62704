import type { KubeObject } from '../../kube/types.ts'
import type { Row } from './types.ts'

/** The row of an object that comes from no watch cache. */
export function rowOf(object: KubeObject): Row {
  const { metadata } = object
  return {
    object,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    created: metadata.creationTimestamp ? Date.parse(metadata.creationTimestamp) : 0,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
  }
}
