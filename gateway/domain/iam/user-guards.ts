import { ApiError, badRequest, forbidden } from '../../lib/errors.ts'
import {
  GLOBAL_ROLE_ANNOTATION,
  GRANTED_CLUSTERS,
  IDENTITY_PROVIDER_PREFIX,
  PRE_REGISTRATION_USER,
} from '../names.ts'
import { attributes, type OperationScope } from '../operation.ts'
import type { Role, User } from './types.ts'

/**
 * Who may write the fields of an account that carry rights: groups, state, links to identity providers and the global
 * role. Everybody may change the rest of their own account.
 */

/** Whether the caller manages accounts. Asked without a name, so that self-service does not count. */
export function managesUsers(scope: OperationScope): Promise<boolean> {
  return mayUpdateUsers(scope, 'iam.kubesphere.io')
}

/** The original asks this of role changes and old passwords: a rule naming only iam.kubesphere.io is not enough. */
function mayUpdateUsers(scope: OperationScope, apiGroup = ''): Promise<boolean> {
  return scope.may(attributes({ verb: 'update', apiGroup, resource: 'users', scope: 'Global' }))
}

/** Throws ApiError 403 when a caller who does not manage accounts asks for more than `previous` has. */
export function demandOwnFieldsOnly(draft: User, previous: User | undefined): void {
  const name = draft.metadata.name ?? ''
  const had = new Set(previous?.spec.groups ?? [])
  if ((draft.spec.groups ?? []).some((group) => !had.has(group))) {
    throw userForbidden(name, 'groups are set by user managers')
  }
  const before = previous?.metadata.annotations ?? {}
  for (const [key, value] of Object.entries(draft.metadata.annotations ?? {})) {
    if (before[key] === value) continue
    if (key.startsWith(IDENTITY_PROVIDER_PREFIX)) {
      throw userForbidden(name, 'identity provider links are set by user managers')
    }
    if (key === GRANTED_CLUSTERS) throw userForbidden(name, 'clusters are granted by their members')
  }
  const state = draft.status.state
  if (previous && isSettable(state) && state !== previous.status?.state) {
    throw userForbidden(name, 'the state is set by user managers')
  }
}

/** The states that a request may ask for. */
export function isSettable(state: string | undefined): state is 'Active' | 'Disabled' {
  return state === 'Active' || state === 'Disabled'
}

/** Throws ApiError 403 unless the caller may give `role` to a user: nobody hands out everything without holding it. */
export async function demandMayGrant(
  scope: OperationScope,
  username: string,
  role: Role,
): Promise<void> {
  const allowed = await mayUpdateUsers(scope)
  if (allowed && (!grantsEverything(role) || (await mayDoEverything(scope)))) return
  throw new ApiError(
    403,
    'Forbidden',
    `user.iam.kubesphere.io "${username}" is forbidden: update global role binding is not allowed`,
    { details: { group: 'iam.kubesphere.io', kind: 'user', name: username } },
  )
}

function grantsEverything(role: Role): boolean {
  return (role.rules ?? []).some(
    (rule) =>
      rule.verbs.includes('*') &&
      (rule.apiGroups ?? []).includes('*') &&
      (rule.resources ?? []).includes('*') &&
      (rule.resourceNames ?? []).length === 0,
  )
}

function mayDoEverything(scope: OperationScope): Promise<boolean> {
  return scope.may(attributes({ verb: '*', apiGroup: '*', resource: '*', scope: 'Global' }))
}

/**
 * A registration after a first login with an external account: the link comes from the token, never from the body,
 * and no role is given. Throws ApiError 400 unless the token holds exactly one provider and one id.
 */
export function registration(scope: OperationScope, draft: User): User {
  const { idp, uid } = scope.user.extra
  if (idp?.length !== 1 || uid?.length !== 1 || !idp[0] || !uid[0]) {
    throw badRequest('invalid registration token')
  }
  const annotations: Record<string, string> = {}
  for (const [key, value] of Object.entries(draft.metadata.annotations ?? {})) {
    if (!key.startsWith(IDENTITY_PROVIDER_PREFIX) && key !== GRANTED_CLUSTERS) {
      annotations[key] = value
    }
  }
  delete annotations[GLOBAL_ROLE_ANNOTATION]
  annotations[`${IDENTITY_PROVIDER_PREFIX}${idp[0]}`] = uid[0]
  const { groups: _dropped, ...spec } = draft.spec
  return { ...draft, metadata: { ...draft.metadata, annotations }, spec }
}

export function isRegistration(scope: OperationScope): boolean {
  return scope.user.name === PRE_REGISTRATION_USER
}

function userForbidden(name: string, why: string): ApiError {
  return forbidden(`users.iam.kubesphere.io "${name}" is forbidden: ${why}`, {
    group: 'iam.kubesphere.io',
    kind: 'users',
    name,
  })
}
