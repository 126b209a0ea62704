import type { ClusterAccess } from '../../kube/api.ts'
import type { Effects } from '../effects.ts'
import type { IdentityService } from '../identity/index.ts'
import type { Authorizer, Operation } from '../operation.ts'
import type { AnyOperations, ListQuery } from '../resources/index.ts'
import { accessOperations } from './access-review.ts'
import { createBindingIndex } from './binding-index.ts'
import { memberOperations } from './members.ts'
import type { RoleDraft } from './role-writes.ts'
import { roleOperations } from './roles.ts'
import type { UserChangeArgs } from './user-change.ts'
import { userOperations } from './users.ts'
import type {
  AccessReviewSpec,
  AccessReviewStatus,
  LoginRecord,
  Member,
  MemberAccount,
  MemberLevel,
  Membership,
  Place,
  Role,
  RoleAddress,
  RoleLevel,
  RoleSubject,
  RoleTemplate,
  User,
} from './types.ts'

export { isNotAMember, memberStub } from './members.ts'
export { publicUser } from './shapes.ts'
export { createBindingIndex } from './binding-index.ts'
export { demandMayGrant, demandOwnFieldsOnly, isRegistration, managesUsers } from './user-guards.ts'
export type { RoleDraft } from './role-writes.ts'
export type { UserChange } from './user-change.ts'
export type * from './types.ts'

/** A list after filtering (`totalItems`) and slicing (`items`). */
export interface Page<T> {
  readonly items: readonly T[]
  readonly totalItems: number
}

/** Accounts. No answer carries a password. */
export interface UserOperations {
  list: Operation<{ query: ListQuery; globalRole?: string | undefined }, Page<User>>
  get: Operation<{ name: string }, User>
  /** `metadata.annotations["iam.kubesphere.io/globalrole"]` asks for a global role. */
  create: Operation<{ user: Partial<User> }, User>
  update: Operation<{ name: string; user: Partial<User> }, User>
  /** As `update`, of the fields that are given. */
  change: Operation<UserChangeArgs, User>
  delete: Operation<{ name: string }, void>
  setPassword: Operation<
    { name: string; currentPassword?: string | undefined; password: string },
    void
  >
  /** Ends every login of an account, for whoever may set its password. Throws ApiError 404. */
  revokeSessions: Operation<{ name: string }, void>
  loginRecords: Operation<{ name: string; query: ListQuery }, Page<LoginRecord>>
  roleTemplates: Operation<{ name: string; scope: string } & Place, RoleTemplate[]>
  /** Name of the bound GlobalRole. */
  globalRole: Operation<{ name: string }, string | undefined>
  /** All global, workspace, cluster and namespace bindings of a user in this cluster. */
  memberships: Operation<{ name: string }, Membership[]>
}

/** Members of one level; `Place` says which workspace or namespace. */
export interface MemberOperations {
  list: Operation<Place & { query: ListQuery; role?: string | undefined }, Page<Member>>
  /** Throws ApiError 404 that `isNotAMember` for an account without a role there; so does `change`. */
  get: Operation<Place & { name: string }, MemberAccount>
  /** In order, stops at the first error; whoever has the role already stays as is. */
  add: Operation<Place & { members: readonly Member[] }, void>
  change: Operation<Place & { name: string; member: Member }, void>
  remove: Operation<Place & { name: string }, void>
}

export interface RoleOperations {
  list: Operation<Place & { level: RoleLevel; query: ListQuery }, Page<Role>>
  get: Operation<RoleAddress, Role>
  create: Operation<RoleAddress & { draft: RoleDraft }, Role>
  /** Changes what is given; see RoleDraft. */
  change: Operation<RoleAddress & { draft: RoleDraft; resourceVersion?: string | undefined }, Role>
  /** What bindings to the role allow goes with it. */
  delete: Operation<RoleAddress, void>
  /** Whoever the role is bound to, users and groups. */
  subjects: Operation<RoleAddress, RoleSubject[]>
}

export interface AccessOperations {
  review: Operation<{ spec: AccessReviewSpec }, AccessReviewStatus>
}

export interface IamService {
  readonly users: UserOperations
  readonly members: Readonly<Record<MemberLevel, MemberOperations>>
  readonly roles: RoleOperations
  readonly access: AccessOperations
}

export interface IamDeps {
  /** Users, global and workspace roles live here. */
  readonly host: ClusterAccess
  readonly authorizer: Authorizer
  readonly effects: Effects
  /** Roles are written as objects of any kind are. */
  readonly objects: AnyOperations
  readonly identity: Pick<IdentityService, 'comparePassword' | 'revokeUser'>
}

export function createIam(deps: IamDeps): IamService {
  const index = createBindingIndex()
  return {
    users: userOperations(deps, index),
    members: {
      workspace: memberOperations(deps, 'workspace'),
      cluster: memberOperations(deps, 'cluster'),
      namespace: memberOperations(deps, 'namespace'),
    },
    roles: roleOperations(deps, index),
    access: accessOperations(deps),
  }
}
