import { pageB } from '../resources/index.ts'
import { USERS } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { storedUser, userAttributes } from './accounts.ts'
import { bindingsOf, roleRefOf, userOf } from './bindings.ts'
import type { BindingIndex } from './binding-index.ts'
import type { IamDeps, UserOperations } from './index.ts'
import { siteOf } from './levels.ts'
import { loginRecordsOf } from './login-records.ts'
import { membershipsOf } from './memberships.ts'
import { setPassword } from './passwords.ts'
import { roleTemplatesOf } from './role-templates.ts'
import { publicUser } from './shapes.ts'
import { changeUser } from './user-change.ts'
import { createUser, deleteUser, updateUser } from './user-writes.ts'
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
    change: {
      name: 'iam.users.change',
      needs: ({ name }) => userAttributes('update', name),
      run: (scope, args) => changeUser(deps, scope, args),
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
    revokeSessions: {
      name: 'iam.users.revokeSessions',
      needs: ({ name }) => userAttributes('update', name, 'password'),
      run: async (scope, { name }) => {
        await storedUser(deps, scope, name)
        await deps.identity.revokeUser(name)
      },
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
  return pageB(store, query, publicUser, scope)
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
