import { listAll, selectAmong } from '../resources/index.ts'
import { ApiError, badRequest, notFound } from '../../lib/errors.ts'
import { applyPatch } from '../../lib/json-patch.ts'
import type { KubeObject } from '../../kube/types.ts'
import { WORKSPACE_TEMPLATES } from '../names.ts'
import { attributes, type Attributes, type OperationScope } from '../operation.ts'
import { removed, written } from '../settle.ts'
import type { TemplateOperations, TenantDeps } from './index.ts'
import { checkPatch } from './patch-rules.ts'
import {
  demandClusters,
  demandPlacementChange,
  demandTemplates,
  managesTemplates,
  placedClusters,
} from './placement.ts'
import { templateDraft, workspaceTemplate } from './shapes.ts'
import type { Draft, JsonPatchOperation, WorkspaceTemplate } from './types.ts'
import type { Visibility } from './visibility.ts'

const needs = (verb: string, workspace = ''): Attributes =>
  attributes({
    verb,
    apiGroup: 'tenant.kubesphere.io',
    apiVersion: 'v1beta1',
    resource: 'workspacetemplates',
    name: workspace,
    workspace,
  })

const DELETION_PROPAGATION = 'kubesphere.io/deletion-propagation'

/** Workspace templates: what a workspace is made from. resources-tenant.md §10.4, §10.7, §10.8. */
export function templateOperations(deps: TenantDeps, seen: Visibility): TemplateOperations {
  return {
    list: {
      name: 'tenant.workspacetemplates.list',
      needs: () => needs('list'),
      run: async (scope, { query }) => {
        if (await seen.allWorkspaces(scope)) {
          return listAll(deps.host, WORKSPACE_TEMPLATES, query, scope.signal, workspaceTemplate)
        }
        return selectAmong(await seen.workspaces(scope, 'templates'), query, workspaceTemplate)
      },
    },
    get: {
      name: 'tenant.workspacetemplates.get',
      needs: (args) => needs('get', args.workspace),
      run: (scope, args) => stored(deps, scope, args.workspace),
    },
    create: {
      name: 'tenant.workspacetemplates.create',
      needs: () => needs('create'),
      run: (scope, args) => create(deps, scope, args.template),
    },
    update: {
      name: 'tenant.workspacetemplates.update',
      needs: (args) => needs('update', args.workspace),
      run: (scope, args) => update(deps, scope, args.workspace, args.template),
    },
    patch: {
      name: 'tenant.workspacetemplates.patch',
      needs: (args) => needs('patch', args.workspace),
      run: (scope, args) => patch(deps, scope, args.workspace, args.patch),
    },
    delete: {
      name: 'tenant.workspacetemplates.delete',
      needs: (args) => needs('delete', args.workspace),
      run: (scope, args) => remove(deps, scope, args.workspace, args.propagationPolicy),
    },
  }
}

async function stored(
  deps: TenantDeps,
  scope: OperationScope,
  name: string,
): Promise<WorkspaceTemplate> {
  const store = await deps.host.caches.store(WORKSPACE_TEMPLATES, scope.signal)
  const entry = store.get('', name)
  if (!entry) throw notFound('tenant.kubesphere.io', 'WorkspaceTemplate', name)
  return workspaceTemplate(entry.object)
}

async function create(
  deps: TenantDeps,
  scope: OperationScope,
  body: Draft,
): Promise<WorkspaceTemplate> {
  const draft = templateDraft(body)
  await demandClusters(deps, scope, await placedClusters(deps, scope, draft.spec.placement))
  const manager = draft.spec.template.spec.manager
  if (manager !== scope.user.name) await demandTemplates(scope, draft.metadata.name ?? '')
  const created = await deps.host.client.create(WORKSPACE_TEMPLATES, draft, {
    signal: scope.signal,
  })
  return settled(deps, created)
}

async function update(
  deps: TenantDeps,
  scope: OperationScope,
  name: string,
  body: Draft,
): Promise<WorkspaceTemplate> {
  const draft = templateDraft(body)
  const bodyName = draft.metadata.name ?? ''
  if (bodyName !== name) {
    throw badRequest(
      `the name of the object (${bodyName}) does not match the name on the URL (${name})`,
    )
  }
  await demandClusters(deps, scope, await placedClusters(deps, scope, draft.spec.placement))
  const updated = await deps.host.client.update(WORKSPACE_TEMPLATES, draft, {
    signal: scope.signal,
  })
  return settled(deps, updated)
}

/**
 * A JSON Patch under the caller's rights. What it changes decides what the caller needs, and the object must still be
 * the one that was judged when the patch arrives.
 */
async function patch(
  deps: TenantDeps,
  scope: OperationScope,
  name: string,
  operations: JsonPatchOperation[],
): Promise<WorkspaceTemplate> {
  const touched = checkPatch(operations)
  const manager = await managesTemplates(scope)
  if (touched.beyondPlacement && !manager) await demandTemplates(scope, name)
  await demandClusters(deps, scope, touched.clusters)
  const before = await stored(deps, scope, name)
  let guarded = operations
  if (!manager) {
    const after = workspaceTemplate(applyPatch(before, operations) as KubeObject)
    await demandPlacementChange(deps, scope, before, after)
    const value = before.metadata.resourceVersion
    guarded = [{ op: 'test', path: '/metadata/resourceVersion', value }, ...operations]
  }
  const patched = await deps.host.client.patch<KubeObject>(WORKSPACE_TEMPLATES, name, guarded, {
    type: 'json',
    signal: scope.signal,
  })
  return settled(deps, patched)
}

async function remove(
  deps: TenantDeps,
  scope: OperationScope,
  name: string,
  propagationPolicy: string | undefined,
): Promise<void> {
  const template = await stored(deps, scope, name)
  if (propagationPolicy) {
    const annotations = { [DELETION_PROPAGATION]: propagationPolicy }
    await deps.host.client.patch(
      WORKSPACE_TEMPLATES,
      name,
      { metadata: { annotations } },
      { type: 'merge', signal: scope.signal },
    )
  }
  await deps.effects.workspaceTemplateDeleting(template, propagationPolicy ?? '')
  await deps.host.client.delete(WORKSPACE_TEMPLATES, name, { signal: scope.signal })
  await removed(deps.host, WORKSPACE_TEMPLATES, { ...identity(template), namespace: '' })
}

function identity(object: KubeObject): { name: string; uid: string } {
  const { name, uid } = object.metadata
  if (!name || !uid) throw new ApiError(500, 'InternalError', 'an object without name or uid')
  return { name, uid }
}

/** What the write leads to elsewhere is done before the answer, and the cache has seen it. */
async function settled(deps: TenantDeps, object: KubeObject): Promise<WorkspaceTemplate> {
  const template = await deps.effects.workspaceTemplateWritten(object)
  await written(deps.host, WORKSPACE_TEMPLATES, template)
  return workspaceTemplate(template)
}
