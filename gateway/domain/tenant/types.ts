import type { KubeObject, ObjectMeta } from '../../kube/types.ts'

/** Objects of tenant.kubesphere.io and quota.kubesphere.io: resources-tenant.md §15. */

export interface Workspace extends KubeObject {
  spec: { manager?: string }
  status: Record<string, unknown>
}

export interface Placement {
  clusters?: { name: string }[] | null
  clusterSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] } | null
}

export interface WorkspaceTemplate extends KubeObject {
  spec: {
    template: {
      metadata: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec: { manager?: string }
    }
    placement: Placement
  }
}

export interface Namespace extends KubeObject {
  spec: { finalizers?: string[] }
  status: { phase?: string; conditions?: unknown[] }
}

export interface WorkspaceQuota extends KubeObject {
  spec: {
    selector: Record<string, string> | null
    quota: { hard?: Record<string, string>; scopes?: string[]; scopeSelector?: unknown }
  }
  status: {
    total: { hard?: Record<string, string>; used?: Record<string, string> }
    namespaces: unknown[] | null
  }
}

/** One element of a metrics answer, full name included: `platform_user_count`. */
export interface Count {
  readonly name: string
  readonly value: number
}

/** One operation of a JSON Patch (RFC 6902), `value` optional as the verb wants it. */
export interface JsonPatchOperation {
  op: string
  path: string
  from?: string
  value?: unknown
}

/** What a write body may hold: everything optional but what the handler checks. */
export interface Draft {
  apiVersion?: string
  kind?: string
  metadata?: ObjectMeta
  spec?: unknown
  [field: string]: unknown
}
