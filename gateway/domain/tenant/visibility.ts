import type { Entry, Store } from '../../kube/api.ts'
import { createBindingIndex } from '../iam/index.ts'
import {
  ROLE_BINDINGS,
  WORKSPACES,
  NAMESPACES,
  WORKSPACE_LABEL,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../names.ts'
import { attributes, type OperationScope, type UserInfo } from '../operation.ts'
import type { TenantDeps } from './index.ts'

/** What somebody may see because a role is bound to them, or to one of their groups. */
export interface Visibility {
  /** Workspaces or templates (same names) with a role for the caller, each once. */
  workspaces(scope: OperationScope, kind: 'workspaces' | 'templates'): Promise<Entry[]>
  /** Namespaces with a role for `user`, each once; of one workspace if given. */
  namespaces(
    scope: OperationScope,
    user: Pick<UserInfo, 'name' | 'groups'>,
    workspace?: string,
  ): Promise<Entry[]>
  /** Whether the caller may list all workspaces. */
  allWorkspaces(scope: OperationScope): Promise<boolean>
}

export function createVisibility(deps: TenantDeps): Visibility {
  const index = createBindingIndex()
  return {
    // The group `*`: only a rule for all groups unlocks the full list (resources-tenant.md §10.3).
    allWorkspaces: (scope) =>
      scope.may(
        attributes({ verb: 'list', apiGroup: '*', resource: 'workspaces', scope: 'Global' }),
      ),

    async workspaces(scope, kind) {
      const gvr = kind === 'workspaces' ? WORKSPACES : WORKSPACE_TEMPLATES
      const [bindings, objects] = await Promise.all([
        deps.host.caches.store(WORKSPACE_ROLE_BINDINGS, scope.signal),
        deps.host.caches.store(gvr, scope.signal),
      ])
      const names = index.ofSubject(bindings, scope.user).map((b) => b.labels[WORKSPACE_LABEL])
      return existing(objects, names)
    },

    async namespaces(scope, user, workspace) {
      const [bindings, objects] = await Promise.all([
        scope.cluster.caches.store(ROLE_BINDINGS, scope.signal),
        scope.cluster.caches.store(NAMESPACES, scope.signal),
      ])
      const names = index.ofSubject(bindings, user).map((binding) => binding.namespace)
      const found = existing(objects, names)
      return workspace === undefined
        ? found
        : found.filter((entry) => entry.labels[WORKSPACE_LABEL] === workspace)
    },
  }
}

function existing(store: Store, names: readonly (string | undefined)[]): Entry[] {
  const found: Entry[] = []
  for (const name of new Set(names)) {
    const entry = name === undefined ? undefined : store.get('', name)
    if (entry) found.push(entry)
  }
  return found
}
