import { badRequest, notFound } from '../../lib/errors.ts'
import { GLOBAL_ROLE_ANNOTATION, IDENTITY_PROVIDER_PREFIX, USERS } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import { demandSameName, storedUser } from './accounts.ts'
import { assignRole, bindingsOf, demandLabelValue, roleRefOf } from './bindings.ts'
import type { IamDeps } from './index.ts'
import { roleAt, siteOf } from './levels.ts'
import { publicUser, userDraft } from './shapes.ts'
import {
  demandMayGrant,
  demandOwnFieldsOnly,
  isRegistration,
  isSettable,
  managesUsers,
  registration,
} from './user-guards.ts'
import type { User } from './types.ts'

/**
 * Stores a new account and binds its global role. Throws ApiError 403 for a role or field that the caller may not give,
 * 404 for a role that is not there, 409, 422 (iam-oauth.md §15.3).
 */
export async function createUser(
  deps: IamDeps,
  scope: OperationScope,
  body: Partial<User>,
): Promise<User> {
  let draft = userDraft(body)
  const global = siteOf(deps.host, scope, 'global', {})
  if (isRegistration(scope)) {
    draft = registration(scope, draft)
    await demandFirstRegistration(deps, scope, draft)
  } else if (!(await managesUsers(scope))) demandOwnFieldsOnly(draft, undefined)
  const wanted = draft.metadata.annotations?.[GLOBAL_ROLE_ANNOTATION]
  if (wanted) {
    const role = await roleAt(global, wanted)
    const { name = '' } = draft.metadata
    // Before anything is stored: a binding could not be found again.
    if (name) demandLabelValue(name, 'username')
    await demandMayGrant(scope, name, role)
  }
  const ready = await deps.effects.userToWrite(draft, undefined)
  const created = await deps.host.client.create<User>(USERS, ready, { signal: scope.signal })
  await written(deps.host, USERS, created)
  if (wanted) await assignRole(global, created.metadata.name ?? '', wanted)
  return publicUser(created)
}

/** One identity, one account: a registration token is of no more use once somebody is linked. Throws ApiError 400. */
async function demandFirstRegistration(
  { host }: IamDeps,
  scope: OperationScope,
  { metadata }: User,
): Promise<void> {
  const links = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
    key.startsWith(IDENTITY_PROVIDER_PREFIX),
  )
  const users = await host.caches.store(USERS, scope.signal)
  for (const { annotations } of users.entries()) {
    if (links.some(([key, id]) => annotations[key] === id)) {
      throw badRequest('invalid registration token')
    }
  }
}

/**
 * Replaces an account but for its password; groups, state and external links only where the caller manages accounts.
 * Disabling ends its sessions. Throws ApiError 400, 403, 404, 409, 422 (iam-oauth.md §15.4).
 */
export async function updateUser(
  deps: IamDeps,
  scope: OperationScope,
  name: string,
  body: Partial<User>,
): Promise<User> {
  const draft = userDraft(body)
  demandSameName(draft.metadata.name ?? '', name)
  const stored = await replaced(deps, scope, name, draft)
  const manager = await managesUsers(scope)
  if (!manager) demandOwnFieldsOnly(draft, stored)
  const global = siteOf(deps.host, scope, 'global', {})
  const wanted = draft.metadata.annotations?.[GLOBAL_ROLE_ANNOTATION]
  const [bound] = await bindingsOf(global, name)
  const change = wanted && wanted !== (bound && roleRefOf(bound)) ? wanted : undefined
  if (change) await demandMayGrant(scope, name, await roleAt(global, change))
  const next = (await deps.effects.userToWrite(
    {
      ...draft,
      spec: nextSpec(draft, stored, manager),
      status: nextStatus(draft, stored, manager, scope.now()),
    },
    stored,
  )) as User
  const updated = await deps.host.client.update<User>(USERS, next, { signal: scope.signal })
  await written(deps.host, USERS, updated)
  if (change) await assignRole(global, name, change)
  if (next.status.state === 'Disabled' && stored.status?.state !== 'Disabled') {
    await deps.identity.revokeUser(name)
  }
  return publicUser(updated)
}

/**
 * The account that `draft` is to take the place of. Its hash is written back, so that a cache which has not seen the
 * version in `draft` yet must not be asked for it.
 */
async function replaced(
  deps: IamDeps,
  scope: OperationScope,
  name: string,
  { metadata: { resourceVersion } }: User,
): Promise<User> {
  const cached = await storedUser(deps, scope, name)
  if (!resourceVersion || cached.metadata.resourceVersion === resourceVersion) return cached
  return deps.host.client.get<User>(USERS, name, { signal: scope.signal })
}

/** The stored hash stays whatever the body says; so do the groups when no manager asks. */
function nextSpec(draft: User, stored: User, manager: boolean): User['spec'] {
  const { password: _ignored, groups, ...spec } = draft.spec
  const kept = manager ? groups : stored.spec.groups
  return {
    ...spec,
    ...(kept ? { groups: kept } : {}),
    ...(stored.spec.password === undefined ? {} : { password: stored.spec.password }),
  }
}

function nextStatus(draft: User, stored: User, manager: boolean, now: number): User['status'] {
  const state = draft.status.state
  const old = stored.status ?? {}
  if (!manager || !isSettable(state)) return old
  return {
    ...old,
    state,
    lastTransitionTime: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
  }
}

/** Deletes an account and ends its sessions. Throws ApiError 404. */
export async function deleteUser(
  deps: IamDeps,
  scope: OperationScope,
  name: string,
): Promise<void> {
  const store = await deps.host.caches.store(USERS, scope.signal)
  const entry = store.get('', name)
  if (!entry) throw notFound('iam.kubesphere.io', 'User', name)
  await deps.host.client.delete(USERS, name, { gracePeriodSeconds: 0, signal: scope.signal })
  await removed(deps.host, USERS, entry)
  await deps.effects.userDeleted(name)
  await deps.identity.revokeUser(name)
}
