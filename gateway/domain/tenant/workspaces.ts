import { listAll, selectAmong } from '../resources/index.ts'
import { notFound } from '../../lib/errors.ts'
import { WORKSPACES } from '../names.ts'
import { attributes, type Attributes } from '../operation.ts'
import type { TenantDeps, WorkspaceOperations } from './index.ts'
import { workspace } from './shapes.ts'
import type { Visibility } from './visibility.ts'

const needs = (of: Pick<Attributes, 'verb'> & Partial<Attributes>): Attributes =>
  attributes({
    apiGroup: 'tenant.kubesphere.io',
    apiVersion: 'v1beta1',
    resource: 'workspaces',
    ...of,
  })

export function workspaceOperations(deps: TenantDeps, seen: Visibility): WorkspaceOperations {
  return {
    list: {
      name: 'tenant.workspaces.list',
      needs: () => needs({ verb: 'list', scope: 'Global' }),
      run: async (scope, { query }) => {
        if (await seen.allWorkspaces(scope)) {
          return listAll(deps.host, WORKSPACES, query, scope.signal, workspace)
        }
        return selectAmong(await seen.workspaces(scope, 'workspaces'), query, workspace)
      },
    },
    get: {
      name: 'tenant.workspaces.get',
      needs: (args) => needs({ verb: 'get', name: args.workspace, workspace: args.workspace }),
      run: async (scope, args) => {
        const store = await deps.host.caches.store(WORKSPACES, scope.signal)
        const entry = store.get('', args.workspace)
        if (!entry) throw notFound('tenant.kubesphere.io', 'Workspace', args.workspace)
        return workspace(entry.object)
      },
    },
  }
}
