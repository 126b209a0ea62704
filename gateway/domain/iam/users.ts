import { pageB } from '../resources/index.ts'
import { badRequest, notFound } from '../../lib/errors.ts'
import { GLOBAL_ROLE_ANNOTATION, IDENTITY_PROVIDER_PREFIX, USERS } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import { demandSameName, storedUser, userAttributes } from './accounts.ts'
import { assignRole, bindingsOf, roleRefOf, userOf } from './bindings.ts'
import type { BindingIndex } from './binding-index.ts'
import type { IamDeps, UserOperations } from './index.ts'
import { roleAt, siteOf } from './levels.ts'
import { loginRecordsOf } from './login-records.ts'
import { membershipsOf } from './memberships.ts'
import { setPassword } from './passwords.ts'
import { roleTemplatesOf } from './role-templates.ts'
import { publicUser, userDraft } from './shapes.ts'
import {
  demandMayGrant,
  demandOwnFieldsOnly,
  isRegistration,
  isSettable,
  managesUsers,
  registration,
} from './user-guards.ts'
import type { RoleBinding, User } from './types.ts'

export function userOperations(deps: IamDeps, index: BindingIndex): UserOperations {
  return {
    list: {
      name: 'iam.users.list',
      needs: () => userAttributes('list'),
      run: (scope, { query, globalRole }) =>
        globalRole ? usersOfRole(deps, scope, globalRole) : listUsers(deps, scope, query),
    },
    get: {
      name: 'iam.users.get',
      needs: ({ name }) => userAttributes('get', name),
      run: async (scope, { name }) => publicUser(await storedUser(deps, scope, name)),
    },
    create: {
      name: 'iam.users.create',
      needs: () => userAttributes('create'),
      run: (scope, { user }) => createUser(deps, scope, user),
    },
    update: {
      name: 'iam.users.update',
      needs: ({ name }) => userAttributes('update', name),
      run: (scope, { name, user }) => updateUser(deps, scope, name, user),
    },
    delete: {
      name: 'iam.users.delete',
      needs: ({ name }) => userAttributes('delete', name),
      run: (scope, { name }) => deleteUser(deps, scope, name),
    },
    setPassword: {
      name: 'iam.users.setPassword',
      needs: ({ name }) => userAttributes('update', name, 'password'),
      run: (scope, args) => setPassword(deps, scope, args),
    },
    loginRecords: {
      name: 'iam.users.loginRecords',
      needs: ({ name }) => userAttributes('get', name, 'loginrecords'),
      run: (scope, { name, query }) => loginRecordsOf(deps, scope, name, query),
    },
    roleTemplates: {
      name: 'iam.users.roleTemplates',
      needs: ({ name }) => userAttributes('get', name, 'roletemplates'),
      run: (scope, args) => roleTemplatesOf(deps, scope, args),
    },
    globalRole: {
      name: 'iam.users.globalRole',
      needs: ({ name }) => userAttributes('get', name),
      run: async (scope, { name }) => {
        const [first] = await bindingsOf(siteOf(deps.host, scope, 'global', {}), name)
        return first && roleRefOf(first)
      },
    },
    memberships: {
      name: 'iam.users.memberships',
      needs: ({ name }) => userAttributes('get', name),
      run: (scope, { name }) => membershipsOf(deps, index, scope, name),
    },
  }
}

async function listUsers(
  deps: IamDeps,
  scope: OperationScope,
  query: Parameters<UserOperations['list']['run']>[1]['query'],
) {
  const store = await deps.host.caches.store(USERS, scope.signal)
  return pageB(store, query, publicUser)
}

/** One item a binding, in binding order; subjects without an account are passed over. */
async function usersOfRole(deps: IamDeps, scope: OperationScope, globalRole: string) {
  const site = siteOf(deps.host, scope, 'global', {})
  const [users, bindings] = await Promise.all([
    deps.host.caches.store(USERS, scope.signal),
    deps.host.caches.store(site.level.bindings, scope.signal),
  ])
  const items: User[] = []
  for (const entry of bindings.withLabel('iam.kubesphere.io/role-ref', globalRole)) {
    const name = userOf(entry.object as RoleBinding)
    const user = name === undefined ? undefined : users.get('', name)
    if (user) items.push(publicUser(user.object))
  }
  return { items, totalItems: items.length }
}

async function createUser(
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
    await demandMayGrant(scope, draft.metadata.name ?? '', role)
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

async function updateUser(
  deps: IamDeps,
  scope: OperationScope,
  name: string,
  body: Partial<User>,
): Promise<User> {
  const draft = userDraft(body)
  demandSameName(draft.metadata.name ?? '', name)
  const stored = await storedUser(deps, scope, name)
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

async function deleteUser(deps: IamDeps, scope: OperationScope, name: string): Promise<void> {
  const store = await deps.host.caches.store(USERS, scope.signal)
  const entry = store.get('', name)
  if (!entry) throw notFound('iam.kubesphere.io', 'User', name)
  await deps.host.client.delete(USERS, name, { gracePeriodSeconds: 0, signal: scope.signal })
  await removed(deps.host, USERS, entry)
  await deps.effects.userDeleted(name)
  await deps.identity.revokeUser(name)
}
