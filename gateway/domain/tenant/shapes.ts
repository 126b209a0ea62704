import type { KubeObject, ObjectMeta } from '../../kube/types.ts'
import type { Draft, Workspace, WorkspaceQuota, WorkspaceTemplate } from './types.ts'

/** Objects with every member that their types always print, and drafts with nothing that the types do not know. */

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

export function workspace(object: KubeObject): Workspace {
  return { ...object, spec: record(object['spec']), status: record(object['status']) }
}

export function workspaceTemplate(object: KubeObject): WorkspaceTemplate {
  return { ...object, spec: templateSpec(object['spec']) }
}

/** A WorkspaceTemplate to be stored, out of a body. */
export function templateDraft(body: Draft): WorkspaceTemplate {
  return {
    apiVersion: 'tenant.kubesphere.io/v1beta1',
    kind: 'WorkspaceTemplate',
    metadata: metadataOf(body),
    spec: templateSpec(body.spec),
  }
}

function templateSpec(value: unknown): WorkspaceTemplate['spec'] {
  const spec = record(value)
  const template = record(spec['template'])
  const metadata = record(template['metadata'])
  const { manager } = record(template['spec'])
  const placement = record(spec['placement'])
  return {
    placement: picked(placement, ['clusters', 'clusterSelector']),
    template: {
      metadata: picked(metadata, ['labels', 'annotations']),
      spec: typeof manager === 'string' ? { manager } : {},
    },
  }
}

export function workspaceQuota(object: KubeObject): WorkspaceQuota {
  const spec = record(object['spec'])
  const status = record(object['status'])
  return {
    ...object,
    spec: { ...spec, selector: spec['selector'] ?? null, quota: record(spec['quota']) },
    status: { ...status, total: record(status['total']), namespaces: status['namespaces'] ?? null },
  } as WorkspaceQuota
}

/** A quota to be stored for one workspace: label and selector are the workspace's, whatever the body says. */
export function quotaDraft(body: Draft, workspaceName: string): KubeObject {
  const label = { 'kubesphere.io/workspace': workspaceName }
  const metadata = metadataOf(body)
  const spec = record(body.spec)
  return {
    apiVersion: 'quota.kubesphere.io/v1alpha2',
    kind: 'ResourceQuota',
    metadata: { ...metadata, labels: { ...metadata.labels, ...label } },
    spec: { quota: record(spec['quota']), selector: label },
  }
}

/** A Namespace to be stored in a workspace. */
export function namespaceDraft(body: Draft, workspaceName: string): KubeObject {
  const metadata = metadataOf(body)
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, 'kubesphere.io/workspace': workspaceName },
    },
    spec: record(body.spec),
    status: record(body['status']),
  }
}

function metadataOf(body: Draft): ObjectMeta {
  return { ...(record(body.metadata) as ObjectMeta) }
}

function picked(from: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const key of keys) if (from[key] !== undefined && from[key] !== null) out[key] = from[key]
  return out
}
