import { badRequest, notFound } from '../../lib/errors.ts'
import type { KubeObject } from '../../kube/types.ts'
import { WORKSPACE_LABEL, WORKSPACE_QUOTAS } from '../names.ts'
import { attributes, type Attributes, type OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import type { QuotaOperations, TenantDeps } from './index.ts'
import { quotaDraft, workspaceQuota } from './shapes.ts'
import type { WorkspaceQuota } from './types.ts'

const needs = (verb: string, workspace: string, name = ''): Attributes =>
  attributes({
    verb,
    apiGroup: 'tenant.kubesphere.io',
    apiVersion: 'v1beta1',
    resource: 'resourcequotas',
    workspace,
    name,
  })

/** Quotas over all namespaces of a workspace, kept per cluster: resources-tenant.md §10.11. */
export function quotaOperations(_deps: TenantDeps): QuotaOperations {
  return {
    get: {
      name: 'tenant.resourcequotas.get',
      needs: ({ workspace, name }) => needs('get', workspace, name),
      run: (scope, { workspace, name }) => stored(scope, workspace, name),
    },
    create: {
      name: 'tenant.resourcequotas.create',
      needs: ({ workspace }) => needs('create', workspace),
      run: async (scope, { workspace, quota }) => {
        const draft = quotaDraft(quota, workspace)
        const { client } = scope.cluster
        return settled(
          scope,
          await client.create(WORKSPACE_QUOTAS, draft, { signal: scope.signal }),
        )
      },
    },
    update: {
      name: 'tenant.resourcequotas.update',
      needs: ({ workspace, name }) => needs('update', workspace, name),
      run: async (scope, { workspace, name, quota }) => {
        const draft = quotaDraft(quota, workspace)
        const bodyName = draft.metadata.name ?? ''
        if (bodyName !== name) {
          throw badRequest(
            `the name of the object (${bodyName}) does not match the name on the URL (${name})`,
          )
        }
        const { status } = await stored(scope, workspace, name)
        const next = status.namespaces ? { ...draft, status } : draft
        const { client } = scope.cluster
        return settled(scope, await client.update(WORKSPACE_QUOTAS, next, { signal: scope.signal }))
      },
    },
    delete: {
      name: 'tenant.resourcequotas.delete',
      needs: ({ workspace, name }) => needs('delete', workspace, name),
      run: async (scope, { workspace, name }) => {
        const quota = await stored(scope, workspace, name)
        await scope.cluster.client.delete(WORKSPACE_QUOTAS, name, { signal: scope.signal })
        const entry = { namespace: '', name, uid: quota.metadata.uid ?? '' }
        await removed(scope.cluster, WORKSPACE_QUOTAS, entry)
      },
    },
  }
}

/** Throws ApiError 404: with the Kind when missing, in lower case when it is another workspace's. */
async function stored(
  scope: OperationScope,
  workspace: string,
  name: string,
): Promise<WorkspaceQuota> {
  const store = await scope.cluster.caches.store(WORKSPACE_QUOTAS, scope.signal)
  const entry = store.get('', name)
  if (!entry) throw notFound('quota.kubesphere.io', 'ResourceQuota', name)
  if (entry.labels[WORKSPACE_LABEL] !== workspace) {
    throw notFound('quota.kubesphere.io', 'resourcequota', name)
  }
  return workspaceQuota(entry.object)
}

async function settled(scope: OperationScope, object: KubeObject): Promise<WorkspaceQuota> {
  await written(scope.cluster, WORKSPACE_QUOTAS, object)
  return workspaceQuota(object)
}
