/** Shapes of the Kubernetes API that the rest of the gateway speaks. Field names are Kubernetes' own. */
export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ObjectMeta {
  name?: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string | null
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: unknown[]
}

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  [field: string]: unknown
}

export interface KubeList<T = KubeObject> {
  apiVersion?: string
  kind?: string
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
  items: T[]
}

/** A resource by its place in the API: `group` is `""` for core, `resource` the lower-case plural. */
export interface GVR {
  readonly group: string
  readonly version: string
  readonly resource: string
}

/** Parts of an object that are read and written by themselves. */
export type Subresource = 'scale' | 'status'

/** One entry of discovery. */
export interface KindInfo extends GVR {
  readonly kind: string
  readonly singular: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  /** The version that discovery prefers for this group. */
  readonly preferred: boolean
  /** Verbs of the parts that the kind has; absent where it has none. */
  readonly subresources?: Readonly<Partial<Record<Subresource, readonly string[]>>>
}

/** `apps/v1` or `v1`. */
export function groupVersion(gvr: { group: string; version: string }): string {
  return gvr.group ? `${gvr.group}/${gvr.version}` : gvr.version
}

/** `/apis/apps/v1[/namespaces/ns]/deployments[/name[/subresource]]`, each segment percent-encoded. */
export function resourcePath(
  gvr: GVR,
  at: {
    namespace?: string | undefined
    name?: string | undefined
    subresource?: string | undefined
  } = {},
): string {
  const base = gvr.group ? `/apis/${gvr.group}/${gvr.version}` : `/api/${gvr.version}`
  const parts = [base]
  if (at.namespace) parts.push('namespaces', encodeURIComponent(at.namespace))
  parts.push(gvr.resource)
  if (at.name !== undefined) parts.push(encodeURIComponent(at.name))
  if (at.subresource) parts.push(at.subresource)
  return parts.join('/')
}
