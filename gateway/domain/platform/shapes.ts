import type { KubeObject, ObjectMeta } from '../../kube/types.ts'

export const SYSTEM_NAMESPACE = 'kubesphere-system'
export const CONFIG_KEY = 'configuration.yaml'
export const SECRETS = { group: '', version: 'v1', resource: 'secrets' } as const
export const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' } as const

export interface Secret extends KubeObject {
  type?: string
  data?: Record<string, string>
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}

/** What config endpoints show of a stored object. */
export interface ConfigObject {
  kind: string
  apiVersion: string
  metadata: {
    name: string
    uid?: string
    resourceVersion?: string
    creationTimestamp: string | null
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  data: unknown
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

/** RFC 1123 label, as Kubernetes names need it. */
export function isDnsLabel(name: string): boolean {
  return LABEL.test(name)
}

/** Metadata of a config object: the four fields that the original copies. */
export function configMetadata(name: string, meta: ObjectMeta): ConfigObject['metadata'] {
  return {
    name,
    ...(meta.uid ? { uid: meta.uid } : {}),
    ...(meta.resourceVersion ? { resourceVersion: meta.resourceVersion } : {}),
    creationTimestamp: meta.creationTimestamp ?? null,
  }
}

/** Object keys sorted at every depth, as data comes back from a round trip through Go's YAML. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
