import { despiteConflicts } from '../../lib/conflicts.ts'
import { GLOBAL_ROLE_ANNOTATION, USERS } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { storedUser } from './accounts.ts'
import { bindingsOf, roleRefOf } from './bindings.ts'
import type { IamDeps } from './index.ts'
import { siteOf } from './levels.ts'
import { updateUser } from './user-writes.ts'
import type { User } from './types.ts'

/** What changes of an account; what is not there stays as it is, null takes it away. */
export interface UserChange {
  readonly email?: string | null | undefined
  readonly displayName?: string | null | undefined
  readonly description?: string | null | undefined
  readonly lang?: string | null | undefined
  readonly groups?: readonly string[] | null | undefined
  /** A global role is replaced by another, never taken away (iam-oauth.md §15.4). */
  readonly globalRole?: string | undefined
  readonly state?: 'Active' | 'Disabled' | undefined
}

export interface UserChangeArgs {
  readonly name: string
  readonly change: UserChange
  /** The version that must be stored; without it the change is made to whatever is stored. */
  readonly resourceVersion?: string | undefined
}

/**
 * Changes some of an account, by the rules of a full update. Asked again it changes nothing.
 * Throws ApiError 403 for what only managers of accounts set, 404, 409 when `resourceVersion` is not the stored one or
 * others keep writing, 422 for what the schema refuses.
 */
export async function changeUser(
  deps: IamDeps,
  scope: OperationScope,
  { name, change, resourceVersion }: UserChangeArgs,
): Promise<User> {
  const [bound] = await bindingsOf(siteOf(deps.host, scope, 'global', {}), name)
  const role = change.globalRole ?? (bound && roleRefOf(bound))
  return despiteConflicts(
    await storedUser(deps, scope, name),
    async (stored) => {
      const draft = changed(stored, change, role)
      if (resourceVersion) draft.metadata.resourceVersion = resourceVersion
      return updateUser(deps, scope, name, draft)
    },
    () => deps.host.client.get<User>(USERS, name, { signal: scope.signal }),
    { stated: Boolean(resourceVersion) },
  )
}

function changed(stored: User, change: UserChange, role: string | undefined): User {
  const { email, displayName, description, lang, groups, state } = change
  const annotations = { ...stored.metadata.annotations }
  if (role !== undefined) annotations[GLOBAL_ROLE_ANNOTATION] = role
  const spec = { ...stored.spec }
  if (email !== undefined) spec.email = email ?? ''
  for (const [field, value] of Object.entries({ displayName, description, lang })) {
    if (value === null) delete spec[field as 'lang']
    else if (value !== undefined) spec[field as 'lang'] = value
  }
  if (groups === null) delete spec.groups
  else if (groups !== undefined) spec.groups = [...groups]
  // A state that is said counts as a transition, even to itself.
  const { state: is, ...status } = stored.status ?? {}
  return {
    ...stored,
    metadata: { ...stored.metadata, annotations },
    spec,
    status: state && state !== is ? { ...status, state } : status,
  }
}
