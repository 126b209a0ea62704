import {
  NAMESPACES,
  ROLES,
  ROLE_BINDINGS,
  ROLE_REF,
  USER_REF,
  WORKSPACE_LABEL,
} from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { isNotFound } from '../../lib/errors.ts'
import { builtinRolesFor } from './builtin-roles.ts'
import { dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { CASCADING, CREATOR, INITIALIZED } from './names.ts'
import { splitKey, type Reconciler } from './reconciler.ts'
import { aggregated } from './roles.ts'

/** Projects: built-in roles and the creator's binding, once (objects-and-controllers.md §3.4). */
export function namespaces(kit: Kit): Reconciler {
  return {
    name: 'namespace',
    sources: [{ gvr: NAMESPACES, keys: ({ entry }) => [`/${entry.name}`] }],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const namespace = kit.get(NAMESPACES, name)
      if (namespace) await settleNamespace(kit, namespace, signal)
    },
  }
}

/** Brings a namespace to what its workspace label asks for. Returns the namespace as stored. */
export async function settleNamespace(
  kit: Kit,
  namespace: KubeObject,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const { labels, annotations, finalizers } = namespace.metadata
  if (isDeleting(namespace)) {
    if (!finalizers?.includes(CASCADING)) return namespace
    return change(kit, namespace, (draft) => dropFinalizer(draft, CASCADING), signal)
  }
  const workspace = labels?.[WORKSPACE_LABEL]
  const marker = annotations?.[INITIALIZED]
  if (!workspace) {
    if (marker === undefined && !finalizers?.includes(CASCADING)) return namespace
    return leave(kit, namespace, signal)
  }
  if (marker === workspace || (marker === undefined && finalizers?.includes(CASCADING))) {
    return namespace
  }
  return enter(kit, namespace, workspace, signal)
}

/** Once for each workspace that a namespace comes into: whoever takes a role or binding away later means it. */
async function enter(
  kit: Kit,
  namespace: KubeObject,
  workspace: string,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const name = namespace.metadata.name ?? ''
  const creator = namespace.metadata.annotations?.[CREATOR]
  const roles = builtinRolesFor(kit, 'namespace', namespace.metadata.labels).map((role) => {
    role.metadata.namespace = name
    return aggregated(kit, role)
  })
  try {
    await Promise.all([
      ...roles.map((role) => kit.create(ROLES, role, signal)),
      ...(creator ? [kit.create(ROLE_BINDINGS, creatorBinding(name, creator), signal)] : []),
    ])
  } catch (error) {
    // The namespace went away meanwhile.
    if (isNotFound(error)) return namespace
    throw error
  }
  return change(
    kit,
    namespace,
    (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [INITIALIZED]: workspace }
      delete draft.metadata.ownerReferences
    },
    signal,
  )
}

function creatorBinding(namespace: string, creator: string): KubeObject {
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'RoleBinding',
    metadata: {
      name: `${creator}-admin`,
      namespace,
      labels: { [USER_REF]: creator, [ROLE_REF]: 'admin' },
    },
    roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'Role', name: 'admin' },
    subjects: [{ apiGroup: 'iam.kubesphere.io', kind: 'User', name: creator }],
  }
}

/** Out of its workspace: nobody keeps a role of the platform in it. */
async function leave(kit: Kit, namespace: KubeObject, signal?: AbortSignal): Promise<KubeObject> {
  const name = namespace.metadata.name ?? ''
  for (const gvr of [ROLE_BINDINGS, ROLES]) {
    const entries = [...kit.store(gvr).entries(name)]
    await Promise.all(entries.map((entry) => kit.remove(gvr, entry, signal)))
  }
  return change(
    kit,
    namespace,
    (draft) => {
      const annotations = { ...draft.metadata.annotations }
      delete annotations[INITIALIZED]
      if (Object.keys(annotations).length > 0) draft.metadata.annotations = annotations
      else delete draft.metadata.annotations
      dropFinalizer(draft, CASCADING)
      const owners = (draft.metadata.ownerReferences ?? []).filter(
        ({ kind }) => kind !== 'Workspace',
      )
      if (owners.length > 0) draft.metadata.ownerReferences = owners
      else delete draft.metadata.ownerReferences
    },
    signal,
  )
}

async function change(
  kit: Kit,
  namespace: KubeObject,
  edit: (draft: KubeObject) => void,
  signal?: AbortSignal,
): Promise<KubeObject> {
  return (await kit.edit(NAMESPACES, namespace, edit, signal)) ?? namespace
}
