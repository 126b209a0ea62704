import {
  CLUSTERS,
  NAMESPACES,
  ROLE_REF,
  USER_REF,
  WORKSPACES,
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { builtinRolesFor } from './builtin-roles.ts'
import { isReady } from './host-cluster.ts'
import { controllerReference, dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { CASCADING, DELETION_PROPAGATION, INITIALIZED, PROTECTED } from './names.ts'
import { own, splitKey, type Reconciler } from './reconciler.ts'
import { aggregated } from './roles.ts'
import { matches, type LabelSelector } from './selector.ts'
import { scopedRoleName } from './role-name.ts'

export interface WorkspaceTemplate extends KubeObject {
  spec?: {
    placement?: { clusters?: { name: string }[]; clusterSelector?: LabelSelector }
    template?: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec?: { manager?: string }
    }
  }
}

/** Templates whose deletion has begun in a request: their Workspace must not be made again. By uid. */
export type Leaving = Set<string>

/** Workspaces: built-in roles, the manager's binding, and the Workspace object (objects-and-controllers.md §3.3). */
export function workspaces(kit: Kit, leaving: Leaving): Reconciler {
  const policies = new Map<string, string>()
  return {
    name: 'workspace',
    sources: [
      {
        gvr: WORKSPACE_TEMPLATES,
        keys({ type, entry }) {
          if (type === 'DELETED') {
            leaving.delete(entry.uid)
            policies.set(entry.name, entry.annotations[DELETION_PROPAGATION] ?? '')
          }
          return [`/${entry.name}`]
        },
      },
      own(WORKSPACES),
      {
        gvr: CLUSTERS,
        *keys() {
          for (const template of kit.store(WORKSPACE_TEMPLATES).entries()) yield `/${template.name}`
        },
      },
    ],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const template = kit.get(WORKSPACE_TEMPLATES, name)
      const policy = policies.get(name)
      await release(kit, name, signal)
      if (!template) {
        // A Workspace that never had a template is somebody else's.
        if (policy !== undefined) await removeWorkspace(kit, name, policy, signal)
        policies.delete(name)
      } else if (isDeleting(template)) {
        const wanted = template.metadata.annotations?.[DELETION_PROPAGATION] ?? ''
        await removeWorkspace(kit, name, wanted, signal)
        await kit.edit(
          WORKSPACE_TEMPLATES,
          template,
          (draft) => dropFinalizer(draft, CASCADING),
          signal,
        )
      } else if (!leaving.has(template.metadata.uid ?? '')) {
        await settleWorkspace(kit, template, signal)
        policies.delete(name)
      }
    },
  }
}

/** Brings everything that a template leads to in place. Returns the template as stored. */
export async function settleWorkspace(
  kit: Kit,
  template: WorkspaceTemplate,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const stored = isInitialized(template) ? template : await initialize(kit, template, signal)
  await placeWorkspace(kit, stored, signal)
  return stored
}

function isInitialized({ metadata }: KubeObject): boolean {
  return (
    metadata.annotations?.[INITIALIZED] !== undefined ||
    (metadata.finalizers ?? []).includes(CASCADING)
  )
}

/** Once in the life of a workspace: whoever takes a role or binding away later means it. */
async function initialize(
  kit: Kit,
  template: WorkspaceTemplate,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const name = template.metadata.name ?? ''
  const owned = {
    labels: { [WORKSPACE_LABEL]: name },
    ownerReferences: [controllerReference(template)],
  }
  const manager = template.spec?.template?.spec?.manager
  await Promise.all([
    ...builtinRolesFor(kit, 'workspace', template.metadata.labels).map((role) =>
      putRole(kit, name, role, owned, signal),
    ),
    ...(manager
      ? [kit.create(WORKSPACE_ROLE_BINDINGS, binding(name, manager, owned), signal)]
      : []),
  ])
  const stored = await kit.edit(
    WORKSPACE_TEMPLATES,
    template,
    (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [INITIALIZED]: kit.time() }
    },
    signal,
  )
  return stored ?? template
}

type Owned = Required<Pick<KubeObject['metadata'], 'labels' | 'ownerReferences'>>

async function putRole(
  kit: Kit,
  workspace: string,
  builtin: KubeObject,
  owned: Owned,
  signal?: AbortSignal,
): Promise<void> {
  const { labels, annotations } = builtin.metadata
  const role = aggregated(kit, {
    ...builtin,
    metadata: {
      name: scopedRoleName(workspace, builtin.metadata.name ?? ''),
      labels: { ...labels, ...owned.labels },
      ...(annotations && { annotations }),
      ownerReferences: owned.ownerReferences,
    },
  })
  if (await kit.create(WORKSPACE_ROLES, role, signal)) return
  const present = await kit.live(WORKSPACE_ROLES, role.metadata.name ?? '', undefined, signal)
  if (!present) return
  await kit.edit(
    WORKSPACE_ROLES,
    present,
    (draft) => {
      const { metadata, ...rest } = structuredClone(role)
      Object.assign(draft, rest)
      draft.metadata.labels = { ...draft.metadata.labels, ...metadata.labels }
      draft.metadata.annotations = { ...draft.metadata.annotations, ...metadata.annotations }
      draft.metadata.ownerReferences ??= owned.ownerReferences
    },
    signal,
  )
}

function binding(workspace: string, manager: string, owned: Owned): KubeObject {
  const role = scopedRoleName(workspace, 'admin')
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'WorkspaceRoleBinding',
    metadata: {
      name: role,
      labels: { ...owned.labels, [USER_REF]: manager, [ROLE_REF]: role },
      ownerReferences: owned.ownerReferences,
    },
    roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'WorkspaceRole', name: role },
    subjects: [{ apiGroup: 'iam.kubesphere.io', kind: 'User', name: manager }],
  }
}

/** The Workspace object stands where the host cluster is Ready and the template selects it. */
async function placeWorkspace(
  kit: Kit,
  template: WorkspaceTemplate,
  signal?: AbortSignal,
): Promise<void> {
  const name = template.metadata.name ?? ''
  const cluster = kit.get(CLUSTERS, kit.settings.hostName)
  if (!cluster || !isReady(cluster)) return
  const present = kit.get(WORKSPACES, name)
  if (!placed(template, cluster)) {
    if (present) await removeWorkspaceObject(kit, name, signal)
    return
  }
  const { metadata = {}, spec = {} } = template.spec?.template ?? {}
  if (!present) {
    const workspace: KubeObject = {
      apiVersion: 'tenant.kubesphere.io/v1beta1',
      kind: 'Workspace',
      metadata: { name, ...structuredClone(metadata) },
      spec,
      status: {},
    }
    if (await kit.create(WORKSPACES, workspace, signal)) return
  }
  const stored = present ?? (await kit.live(WORKSPACES, name, undefined, signal))
  if (!stored || isDeleting(stored)) return
  await kit.edit(
    WORKSPACES,
    stored,
    (draft) => {
      const { labels, annotations } = metadata
      if (labels) draft.metadata.labels = { ...draft.metadata.labels, ...labels }
      if (annotations)
        draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations }
      draft['spec'] = { ...spec }
      draft['status'] ??= {}
    },
    signal,
  )
}

/** Whether the placement of a workspace names or selects a cluster. */
export function placed({ spec }: WorkspaceTemplate, cluster: KubeObject): boolean {
  const { clusters, clusterSelector } = spec?.placement ?? {}
  if (clusters && clusters.length > 0) {
    return clusters.some(({ name }) => name === cluster.metadata.name)
  }
  return clusterSelector !== undefined && matches(clusterSelector, cluster.metadata.labels)
}

/**
 * Takes a workspace away: its namespaces go with `Foreground` and `Background`, otherwise they only lose the label.
 * Protected namespaces are never deleted. The Workspace object goes last; without one there is nothing to do.
 */
export async function removeWorkspace(
  kit: Kit,
  name: string,
  policy: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!kit.get(WORKSPACES, name)) return
  const deletes = policy === 'Foreground' || policy === 'Background'
  const namespaces = [...kit.store(NAMESPACES).withLabel(WORKSPACE_LABEL, name)]
  await Promise.all(
    namespaces.map(async (entry) => {
      if (deletes && entry.labels[PROTECTED] !== 'true') {
        if (!isDeleting(entry.object)) await kit.remove(NAMESPACES, entry, signal)
        return
      }
      await kit.edit(
        NAMESPACES,
        entry.object,
        (draft) => {
          const labels = { ...draft.metadata.labels }
          delete labels[WORKSPACE_LABEL]
          draft.metadata.labels = labels
        },
        signal,
      )
    }),
  )
  await removeWorkspaceObject(kit, name, signal)
}

async function removeWorkspaceObject(kit: Kit, name: string, signal?: AbortSignal): Promise<void> {
  const entry = kit.store(WORKSPACES).get('', name)
  if (!entry) return
  if (!isDeleting(entry.object)) await kit.remove(WORKSPACES, entry, signal)
  await release(kit, name, signal)
}

/** Lets a Workspace go that waits for a controller of the original. */
async function release(kit: Kit, name: string, signal?: AbortSignal): Promise<void> {
  const known = kit.get(WORKSPACES, name)
  if (!known?.metadata.finalizers?.includes(CASCADING)) return
  const live = await kit.live(WORKSPACES, name, undefined, signal)
  if (!live || !isDeleting(live)) return
  await kit.edit(WORKSPACES, live, (draft) => dropFinalizer(draft, CASCADING), signal)
}
