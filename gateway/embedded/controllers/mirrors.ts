import { CLUSTER_ROLES, CLUSTER_ROLE_BINDINGS, ROLES, ROLE_BINDINGS } from '../../domain/names.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { isNotFound } from '../../lib/errors.ts'
import type { PolicyRule } from '../seeds/rules.ts'
import { isDeleting, type Kit } from './kit.ts'
import {
  RBAC_CLUSTER_ROLES,
  RBAC_CLUSTER_ROLE_BINDINGS,
  RBAC_ROLES,
  RBAC_ROLE_BINDINGS,
} from './names.ts'
import { keyOf, own, splitKey, type Reconciler } from './reconciler.ts'

interface Mirror {
  readonly from: GVR
  readonly to: GVR
  readonly kind: string
  /** Label that names the object it follows. */
  readonly label: string
  readonly namespaced: boolean
  body(object: KubeObject): Record<string, unknown>
}

const apiGroup = 'rbac.authorization.k8s.io'
const prefix = 'kubesphere:iam:'

const mirrored: readonly Mirror[] = [
  {
    from: ROLES,
    to: RBAC_ROLES,
    kind: 'Role',
    label: 'role-ref',
    namespaced: true,
    body: (role) => ({ rules: rulesOf(role, false) }),
  },
  {
    from: CLUSTER_ROLES,
    to: RBAC_CLUSTER_ROLES,
    kind: 'ClusterRole',
    label: 'clusterrole-ref',
    namespaced: false,
    body: (role) => ({ rules: rulesOf(role, true) }),
  },
  {
    from: ROLE_BINDINGS,
    to: RBAC_ROLE_BINDINGS,
    kind: 'RoleBinding',
    label: 'rolebinding-ref',
    namespaced: true,
    body: (binding) => bindingBody(binding, 'Role'),
  },
  {
    from: CLUSTER_ROLE_BINDINGS,
    to: RBAC_CLUSTER_ROLE_BINDINGS,
    kind: 'ClusterRoleBinding',
    label: 'clusterrolebinding-ref',
    namespaced: false,
    body: (binding) => bindingBody(binding, 'ClusterRole'),
  },
]

/**
 * Roles and bindings of namespaces and of the cluster as kube-apiserver understands them, for whoever asks it directly:
 * kubeconfigs, and installs that act as the user. They go with their owner (objects-and-controllers.md §3.2).
 */
export function mirrors(kit: Kit): Reconciler[] {
  return mirrored.map((mirror) => ({
    name: `mirror-${mirror.from.resource}`,
    sources: [own(mirror.from), mirrorSource(mirror)],
    async reconcile(key, signal) {
      const [namespace, name] = splitKey(key)
      const object = kit.get(mirror.from, name, namespace)
      if (object && !isDeleting(object)) await copy(kit, mirror, object, signal)
    },
  }))
}

/** A copy that is changed or deleted by somebody else is put right. */
function mirrorSource({ to }: Mirror): Reconciler['sources'][number] {
  return {
    gvr: to,
    keys: ({ entry: { namespace, name } }) =>
      name.startsWith(prefix) ? [keyOf({ namespace, name: name.slice(prefix.length) })] : [],
  }
}

async function copy(
  kit: Kit,
  mirror: Mirror,
  object: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  const { apiVersion = '', kind = '', metadata } = object
  const wanted: KubeObject = {
    apiVersion: `${apiGroup}/v1`,
    kind: mirror.kind,
    metadata: {
      name: prefix + metadata.name,
      ...(mirror.namespaced && metadata.namespace && { namespace: metadata.namespace }),
      labels: { [`iam.kubesphere.io/${mirror.label}`]: metadata.name ?? '' },
      ownerReferences: [{ apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' }],
    },
    ...mirror.body(object),
  }
  const { name = '', namespace = '' } = wanted.metadata
  const entry = kit.store(mirror.to).get(namespace, name)
  const present = entry?.object
  // A binding cannot be turned to another role.
  if (entry && JSON.stringify(present?.['roleRef']) !== JSON.stringify(wanted['roleRef'])) {
    await kit.remove(mirror.to, entry, signal)
  } else if (present) {
    await kit.edit(mirror.to, present, (draft) => overwrite(draft, wanted), signal)
    return
  }
  try {
    await kit.create(mirror.to, wanted, signal)
  } catch (error) {
    // The namespace is on its way out.
    if (!isNotFound(error)) throw error
  }
}

function overwrite(draft: KubeObject, wanted: KubeObject): void {
  const { metadata, ...rest } = structuredClone(wanted)
  if (metadata.labels) draft.metadata.labels = { ...draft.metadata.labels, ...metadata.labels }
  if (metadata.ownerReferences) draft.metadata.ownerReferences = metadata.ownerReferences
  Object.assign(draft, rest)
}

/** Rules that kube-apiserver takes: a namespace has no URLs, and a rule names groups and resources, or URLs. */
function rulesOf(role: KubeObject, urls: boolean): PolicyRule[] {
  const rules = (role['rules'] ?? []) as PolicyRule[]
  return rules.flatMap(
    ({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }): PolicyRule[] => {
      if (!verbs?.length) return []
      if (nonResourceURLs?.length) return urls ? [{ verbs, nonResourceURLs }] : []
      if (!apiGroups?.length || !resources?.length) return []
      return [{ verbs, apiGroups, resources, ...(resourceNames?.length && { resourceNames }) }]
    },
  )
}

function bindingBody(binding: KubeObject, kind: string): Record<string, unknown> {
  const { name = '' } = (binding['roleRef'] ?? {}) as { name?: string }
  const subjects = (binding['subjects'] ?? []) as {
    apiGroup?: string
    kind: string
    name: string
    namespace?: string
  }[]
  return {
    roleRef: { apiGroup, kind, name: prefix + name },
    subjects: subjects.flatMap((subject): object[] => {
      if (subject.kind === 'User' || subject.kind === 'Group') {
        return [{ kind: subject.kind, apiGroup, name: subject.name }]
      }
      // Accounts of group kubesphere.io are unknown to kube-apiserver.
      const core = subject.kind === 'ServiceAccount' && !subject.apiGroup && subject.namespace
      return core
        ? [{ kind: 'ServiceAccount', name: subject.name, namespace: subject.namespace }]
        : []
    }),
  }
}
