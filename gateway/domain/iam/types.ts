import type { KubeObject } from '../../kube/types.ts'

/** Objects of `iam.kubesphere.io/v1beta1`: iam-oauth.md §1.6, §15, §17. */

export interface User extends KubeObject {
  spec: UserSpec
  status: UserStatus
}

export interface UserSpec {
  email: string
  lang?: string
  description?: string
  displayName?: string
  groups?: string[]
  /** Bcrypt hash as stored; never in an answer. */
  password?: string
}

interface UserStatus {
  state?: string
  reason?: string
  lastTransitionTime?: string
  lastLoginTime?: string
}

export interface LoginRecord extends KubeObject {
  spec: {
    type: string
    provider: string
    sourceIP: string
    userAgent?: string
    success: boolean
    reason: string
  }
}

export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

/** GlobalRole, WorkspaceRole, ClusterRole or Role of iam.kubesphere.io. */
export interface Role extends KubeObject {
  rules?: PolicyRule[] | null
  aggregationRoleTemplates?: { templateNames?: string[]; roleSelector?: unknown }
}

export interface Subject {
  kind: string
  apiGroup?: string
  name: string
  namespace?: string
}

/** GlobalRoleBinding, WorkspaceRoleBinding, ClusterRoleBinding or RoleBinding of iam.kubesphere.io. */
export interface RoleBinding extends KubeObject {
  subjects?: Subject[]
  roleRef: { apiGroup: string; kind: string; name: string }
}

export interface RoleTemplate extends KubeObject {
  spec: {
    displayName?: Record<string, string>
    description?: Record<string, string>
    rules?: PolicyRule[] | null
  }
}

/** Where roles and bindings live. */
export type RoleLevel = 'global' | 'workspace' | 'cluster' | 'namespace'

/** A level that has members. */
export type MemberLevel = Exclude<RoleLevel, 'global'>

/** The scope at a level: `workspace` for workspace, `namespace` for namespace, nothing for global and cluster. */
export interface Place {
  workspace?: string | undefined
  namespace?: string | undefined
}

/** One role by its level, place and object name. */
export interface RoleAddress extends Place {
  readonly level: RoleLevel
  readonly name: string
}

/** One binding of one user. `roleRef` is the object name of the role. */
export interface Member {
  readonly username: string
  readonly roleRef: string
}

/** A member with the account behind it (no password). */
export interface MemberAccount extends Member {
  readonly user: User
}

/** What one user holds, read from binding indexes. */
export interface Membership extends Place {
  readonly level: RoleLevel
  readonly roleRef: string
  /** Name of the binding object. */
  readonly binding: string
}

/** Everyone a role is bound to. */
export interface RoleSubject extends Subject {
  readonly binding: string
}

/** `spec` of a SubjectAccessReview of iam.kubesphere.io (iam-oauth.md §19.1). */
export interface AccessReviewSpec {
  resourceAttributes?: {
    resourceScope?: string
    workspace?: string
    namespace?: string
    verb?: string
    group?: string
    version?: string
    resource?: string
    subresource?: string
    name?: string
  }
  nonResourceAttributes?: { path?: string; verb?: string }
  user?: string
  groups?: string[]
  uid?: string
}

export interface AccessReviewStatus {
  allowed: boolean
  reason?: string
}
