import { pageB } from '../resources/index.ts'
import { WORKSPACE_LABEL } from '../names.ts'
import { attributes, type Attributes, type OperationScope, type Scope } from '../operation.ts'
import type { BindingIndex } from './binding-index.ts'
import type { IamDeps, RoleOperations } from './index.ts'
import { bindingStore, entriesAt, levels, roleAt, siteOf, type Site } from './levels.ts'
import { changeRole, createRole, deleteRole } from './role-writes.ts'
import { role } from './shapes.ts'
import type { Place, RoleBinding, RoleLevel, RoleSubject } from './types.ts'

/** Roles of a level and whoever they are bound to. */
export function roleOperations(deps: IamDeps, index: BindingIndex): RoleOperations {
  return {
    list: {
      name: 'iam.roles.list',
      needs: (args) => roleAttributes('list', args),
      run: async (scope, args) => {
        const site = at(deps, scope, args)
        const store = await site.cluster.caches.store(site.level.roles, scope.signal)
        return pageB(entriesAt(site, store), args.query, role, scope)
      },
    },
    get: {
      name: 'iam.roles.get',
      needs: (args) => roleAttributes('get', args, args.name),
      run: async (scope, args) => role(await roleAt(at(deps, scope, args), args.name)),
    },
    create: {
      name: 'iam.roles.create',
      needs: (args) => roleAttributes('create', args),
      run: (scope, args) => createRole(deps, scope, args),
    },
    change: {
      name: 'iam.roles.change',
      needs: (args) => roleAttributes('update', args, args.name),
      run: (scope, args) => changeRole(deps, scope, args),
    },
    delete: {
      name: 'iam.roles.delete',
      needs: (args) => roleAttributes('delete', args, args.name),
      run: (scope, args) => deleteRole(deps, scope, args),
    },
    subjects: {
      name: 'iam.roles.subjects',
      needs: (args) => roleAttributes('get', args, args.name),
      run: (scope, args) => subjectsOf(index, at(deps, scope, args), args.name),
    },
  }
}

function at(deps: IamDeps, scope: OperationScope, args: Place & { level: RoleLevel }): Site {
  return siteOf(deps.host, scope, args.level, args)
}

/** All subjects of all bindings of a role, in binding order. */
async function subjectsOf(index: BindingIndex, site: Site, name: string): Promise<RoleSubject[]> {
  const store = await bindingStore(site)
  const found: RoleSubject[] = []
  for (const entry of index.ofRole(store, site.level.roleKind, name)) {
    if (site.namespace && entry.namespace !== site.namespace) continue
    if (site.workspace && entry.labels[WORKSPACE_LABEL] !== site.workspace) continue
    const { subjects = [] } = entry.object as RoleBinding
    for (const subject of subjects) found.push({ ...subject, binding: entry.name })
  }
  return found
}

const scopes: Record<RoleLevel, Scope> = {
  global: 'Global',
  workspace: 'Workspace',
  cluster: 'Cluster',
  namespace: 'Namespace',
}

function roleAttributes(verb: string, args: Place & { level: RoleLevel }, name = ''): Attributes {
  const level = levels[args.level]
  return attributes({
    verb,
    apiGroup: 'iam.kubesphere.io',
    apiVersion: 'v1beta1',
    resource: level.roles.resource,
    name,
    workspace: args.level === 'workspace' ? (args.workspace ?? '') : '',
    namespace: args.level === 'namespace' ? (args.namespace ?? '') : '',
    scope: scopes[args.level],
  })
}
