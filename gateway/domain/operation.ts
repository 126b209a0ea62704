import type { ClusterAccess, KubeObject } from '../kube/api.ts'

export type Scope = '' | 'Global' | 'Cluster' | 'Workspace' | 'Namespace'

export interface UserInfo {
  readonly name: string
  readonly uid: string
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/** What the authorizer judges: pipeline.md §10. A path without a resource has `resourceRequest: false` and `path`. */
export interface Attributes {
  verb: string
  apiGroup: string
  apiVersion: string
  resource: string
  subresource: string
  name: string
  namespace: string
  workspace: string
  cluster: string
  scope: Scope
  path: string
  resourceRequest: boolean
  kubernetesRequest: boolean
}

export type Decision = 'Allow' | 'Deny' | 'NoOpinion'

export interface Verdict {
  decision: Decision
  reason: string
  /** Set when a lookup failed and nothing allowed the request. */
  error?: unknown
}

export interface Authorizer {
  authorize(user: UserInfo, attributes: Attributes): Promise<Verdict>
}

/**
 * One piece of work of the domain, whichever face asks for it. `needs` says what the caller must be allowed to do;
 * GraphQL asks the authorizer with it, REST is judged by its path, and a table test holds the two together.
 */
export interface Operation<Args, Result> {
  readonly name: string
  /** Touches nothing but the cluster in scope, so that a member cluster can judge it in our place. */
  readonly ofCluster?: true
  needs(args: Args): Attributes
  run(scope: OperationScope, args: Args): Promise<Result>
}

/** For each object whether it passes, given the filters of the list by name. */
export type CustomFilter = (
  objects: readonly KubeObject[],
  filters: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<boolean[]>

export interface CustomFilters {
  /** Undefined where nothing is registered for a kind. Throws ApiError while that cannot be known. */
  of(kind: {
    readonly apiVersion: string
    readonly kind: string
  }): Promise<CustomFilter | undefined>
}

/** What an operation may know about who asks. */
export interface OperationScope {
  readonly user: UserInfo
  readonly cluster: ClusterAccess
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly sourceIP: string
  readonly userAgent: string
  /** Filters that extensions add to lists; absent where nobody can. */
  readonly customFilters?: CustomFilters | undefined
  /** Whether the caller may do this; asked by operations that trim their answer. */
  may(attributes: Attributes): Promise<boolean>
}

/** Attributes with defaults: a Kubernetes-style resource in one namespace or in the cluster. */
export function attributes(of: Partial<Attributes> & { verb: string }): Attributes {
  return {
    apiGroup: '',
    apiVersion: '',
    resource: '',
    subresource: '',
    name: '',
    namespace: '',
    workspace: '',
    cluster: '',
    scope: of.namespace ? 'Namespace' : of.workspace ? 'Workspace' : 'Cluster',
    path: '',
    resourceRequest: true,
    kubernetesRequest: false,
    ...of,
  }
}
