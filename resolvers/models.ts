import type {
  Application as StoredApplication,
  ApplicationRelease as StoredRelease,
  ApplicationVersion as StoredVersion,
  Place as StorePlace,
  Repo,
} from '../gateway/domain/application/index.ts'
import type { Scale } from '../gateway/domain/objects/index.ts'
import type { KindInfo, KubeObject } from '../gateway/kube/types.ts'
import type { Place, Role, RoleLevel } from '../gateway/domain/iam/index.ts'

/** What the object types of the schema are made of: mappers of codegen.yml. */
export type { Cluster, ClusterLabel } from '../gateway/domain/cluster/index.ts'
export type {
  LoginRecord,
  PolicyRule,
  RoleSubject,
  RoleTemplate,
  User,
} from '../gateway/domain/iam/index.ts'
export type {
  Namespace as Project,
  WorkspaceTemplate as Workspace,
} from '../gateway/domain/tenant/index.ts'
export type { StoreCategory as ApplicationCategory } from '../gateway/domain/application/index.ts'
export type {
  ConfigObject as PlatformConfig,
  IngressClassScope,
} from '../gateway/domain/platform/index.ts'
export type { KubeObject as ChartRepositoryEvent } from '../gateway/kube/types.ts'
export type { ObjectMeta } from '../gateway/kube/types.ts'

/** A role and where it holds. */
export interface PlatformRole extends Place {
  readonly level: RoleLevel
  readonly role: Role
}

/** One role of one account. */
export interface Membership extends Place {
  readonly level: RoleLevel
  readonly username: string
  readonly roleRef: string
}

/** A kind as one cluster serves it. */
export interface ResourceKind {
  readonly cluster: string
  readonly info: KindInfo
}

export type { Scale } from '../gateway/domain/objects/index.ts'

/** The scale of an object that was scaled, and where the object is. */
export interface ScalePayload {
  readonly cluster: string
  readonly info: KindInfo
  readonly namespace: string
  readonly name: string
  readonly scale: Scale
  readonly warnings: readonly string[]
}

/** An object of any kind. */
export interface ResourceObject {
  readonly cluster: string
  readonly info: KindInfo
  readonly object: KubeObject
}

export type { ObjectChange } from './live/change.ts'

/** An object of the application store, and from where the caller looks at it. */
export interface Stored<T> {
  readonly at: StorePlace
  readonly object: T
}

export type Application = Stored<StoredApplication>
export type ApplicationVersion = Stored<StoredVersion>
export type ApplicationRelease = Stored<StoredRelease>
export type ChartRepository = Stored<Repo>
