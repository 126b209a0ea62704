import type { KubeObject } from '../../kube/types.ts'
import { ApiError, badRequest, notFound } from '../../lib/errors.ts'
import { NAMESPACES, WORKSPACE_LABEL } from '../names.ts'
import { attributes, type Attributes, type OperationScope, type UserInfo } from '../operation.ts'
import type { Page } from '../iam/index.ts'
import { listAll, selectAmong, withLabelFilter, type ListQuery } from '../resources/index.ts'
import { removed, written } from '../settle.ts'
import type { NamespaceOperations, TenantDeps } from './index.ts'
import { namespaceDraft } from './shapes.ts'
import type { Draft, Namespace } from './types.ts'
import type { Visibility } from './visibility.ts'

const needs = (verb: string, of: Partial<Attributes> = {}): Attributes =>
  attributes({
    verb,
    apiGroup: 'tenant.kubesphere.io',
    apiVersion: 'v1beta1',
    resource: 'namespaces',
    ...of,
  })

const one = (verb: string, workspace: string, namespace: string): Attributes =>
  needs(verb, { workspace, namespace, name: namespace })

/** Namespaces as tenants see them: resources-tenant.md §10.5, §10.10. */
export function namespaceOperations(deps: TenantDeps, seen: Visibility): NamespaceOperations {
  return {
    list: {
      name: 'tenant.namespaces.list',
      needs: ({ workspace }) => needs('list', workspace ? { workspace } : {}),
      run: (scope, args) => list(scope, { deps, seen }, scope.user, args),
    },
    ofMember: {
      name: 'tenant.namespaces.ofMember',
      needs: ({ workspace, member }) =>
        needs('get', {
          resource: 'workspacemembers',
          subresource: 'namespaces',
          name: member,
          workspace,
        }),
      run: (scope, { member, ...args }) =>
        list(scope, { deps, seen }, { name: member, uid: '', groups: [], extra: {} }, args),
    },
    get: {
      name: 'tenant.namespaces.get',
      needs: ({ workspace, namespace }) => one('get', workspace, namespace),
      run: (scope, { workspace, namespace }) => inWorkspace(scope, workspace, namespace),
    },
    create: {
      name: 'tenant.namespaces.create',
      needs: ({ workspace }) => needs('create', { workspace }),
      run: async (scope, { workspace, namespace }) => {
        const draft = namespaceDraft(namespace, workspace)
        const { client } = scope.cluster
        return settled(deps, scope, await client.create(NAMESPACES, draft, signal(scope)))
      },
    },
    update: {
      name: 'tenant.namespaces.update',
      needs: ({ workspace, name }) => one('update', workspace, name),
      run: (scope, args) => update(deps, scope, args),
    },
    patch: {
      name: 'tenant.namespaces.patch',
      needs: ({ workspace, name }) => one('patch', workspace, name),
      run: (scope, args) => patch(deps, scope, args),
    },
    delete: {
      name: 'tenant.namespaces.delete',
      needs: ({ workspace, namespace }) => one('delete', workspace, namespace),
      run: (scope, args) => remove(scope, args.workspace, args.namespace),
    },
  }
}

const signal = (scope: OperationScope): { signal: AbortSignal } => ({ signal: scope.signal })

async function list(
  scope: OperationScope,
  { deps, seen }: { deps: TenantDeps; seen: Visibility },
  user: UserInfo,
  args: { workspace?: string | undefined; query: ListQuery },
): Promise<Page<Namespace>> {
  const { workspace } = args
  const query = workspace
    ? withLabelFilter(args.query, `${WORKSPACE_LABEL}=${workspace}`)
    : args.query
  if (await mayListAll(deps, scope, user, workspace)) {
    return listAll(scope.cluster, NAMESPACES, query, scope.signal, namespaceOf)
  }
  return selectAmong(await seen.namespaces(scope, user, workspace), query, namespaceOf)
}

async function mayListAll(
  deps: TenantDeps,
  scope: OperationScope,
  user: UserInfo,
  workspace: string | undefined,
): Promise<boolean> {
  const asked = attributes({
    verb: 'list',
    resource: 'namespaces',
    workspace: workspace ?? '',
    scope: workspace ? 'Workspace' : 'Cluster',
  })
  if (user === scope.user) return scope.may(asked)
  return (await deps.authorizer.authorize(user, asked)).decision === 'Allow'
}

const namespaceOf = (object: KubeObject): Namespace => object as Namespace

/** Throws ApiError 404: in the cache's words when it is missing, in lower case when it is another workspace's. */
async function inWorkspace(
  scope: OperationScope,
  workspace: string,
  name: string,
): Promise<Namespace> {
  const store = await scope.cluster.caches.store(NAMESPACES, scope.signal)
  const entry = store.get('', name)
  if (!entry) throw notFound('', 'Namespace', name)
  if (entry.labels[WORKSPACE_LABEL] !== workspace) throw notFound('', 'namespace', name)
  return namespaceOf(entry.object)
}

async function update(
  deps: TenantDeps,
  scope: OperationScope,
  args: { workspace: string; name: string; namespace: Draft },
): Promise<Namespace> {
  const draft = namespaceDraft(args.namespace, args.workspace)
  const bodyName = draft.metadata.name ?? ''
  if (bodyName !== args.name) {
    throw badRequest(
      `the name of the object (${bodyName}) does not match the name on the URL (${args.name})`,
    )
  }
  await inWorkspace(scope, args.workspace, args.name)
  const { client } = scope.cluster
  return settled(deps, scope, await client.update(NAMESPACES, draft, signal(scope)))
}

async function patch(
  deps: TenantDeps,
  scope: OperationScope,
  args: { workspace: string; name: string; patch: Draft },
): Promise<Namespace> {
  await inWorkspace(scope, args.workspace, args.name)
  // The workspace label is written whatever the patch does to the labels, null for all of them included.
  const { metadata, ...rest } = args.patch
  const labels = { ...metadata?.labels, [WORKSPACE_LABEL]: args.workspace }
  const merge = { ...rest, metadata: { ...metadata, name: args.name, labels } }
  const patched = await scope.cluster.client.patch<KubeObject>(NAMESPACES, args.name, merge, {
    type: 'merge',
    signal: scope.signal,
  })
  return settled(deps, scope, patched)
}

async function remove(scope: OperationScope, workspace: string, name: string): Promise<void> {
  const namespace = await inWorkspace(scope, workspace, name)
  await scope.cluster.client.delete(NAMESPACES, name, {
    gracePeriodSeconds: 0,
    signal: scope.signal,
  })
  const { uid } = namespace.metadata
  if (!uid) throw new ApiError(500, 'InternalError', `namespace ${name} has no uid`)
  await removed(scope.cluster, NAMESPACES, { namespace: '', name, uid })
}

async function settled(
  deps: TenantDeps,
  scope: OperationScope,
  object: KubeObject,
): Promise<Namespace> {
  const namespace = await deps.effects.namespaceWritten(object)
  await written(scope.cluster, NAMESPACES, namespace)
  return namespaceOf(namespace)
}
