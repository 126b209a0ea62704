import type { KubeObject } from '../../kube/types.ts'
import { USERS } from '../names.ts'
import { redactorOf } from '../redact.ts'
import type { Role, User, UserSpec } from './types.ts'

const GROUP_VERSION = 'iam.kubesphere.io/v1beta1'

/** An account as answers show it: spec and status always there, no password. The argument is left as it is. */
export function publicUser(object: KubeObject): User {
  const { kind, apiVersion, metadata, ...rest } = redactorOf(USERS)?.(object) ?? object
  const { password: _hidden, ...spec } = (rest['spec'] ?? {}) as UserSpec
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    metadata,
    ...rest,
    spec: { ...spec, email: spec.email ?? '' },
    status: object['status'] ?? {},
  }
}

/** A User to be stored, out of a body: known fields only, as a typed decoder keeps them (iam-oauth.md §1.6). */
export function userDraft(body: Partial<User>): User {
  return {
    apiVersion: GROUP_VERSION,
    kind: 'User',
    metadata: { ...body.metadata },
    spec: userSpec(body.spec ?? {}),
    status: pick(body.status ?? {}, ['state', 'reason', 'lastTransitionTime', 'lastLoginTime']),
  }
}

function userSpec(spec: Partial<UserSpec>): UserSpec {
  return {
    email: spec.email ?? '',
    ...pick(spec, ['lang', 'description', 'displayName', 'groups', 'password']),
  }
}

/** The named fields that are there. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  const out: Partial<Pick<T, K>> = {}
  for (const key of keys) {
    const value = from[key]
    if (value !== undefined && value !== null) out[key] = value
  }
  return out as Pick<T, K>
}

/** A role with `rules` where its type always prints them. */
export function role(object: KubeObject): Role {
  const typed = object as Role
  return typed.kind === 'GlobalRole' && typed.rules === undefined
    ? { ...typed, rules: null }
    : typed
}
