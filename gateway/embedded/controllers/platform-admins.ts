import { GLOBAL_ROLE_BINDINGS, ROLE_REF, USER_REF } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { systemNamespace } from '../seeds/platform.ts'
import { controllerReference, isDeleting, type Kit } from './kit.ts'
import { RBAC_CLUSTER_ROLE_BINDINGS } from './names.ts'
import { own, splitKey, type Reconciler } from './reconciler.ts'

interface Binding extends KubeObject {
  roleRef?: { name?: string }
  subjects?: { kind: string; name: string }[]
}

/** A platform admin is cluster-admin for kube-apiserver too; the binding goes with the one it follows from. */
export function platformAdmins(kit: Kit): Reconciler {
  return {
    name: 'platform-admin',
    sources: [own(GLOBAL_ROLE_BINDINGS)],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const binding: Binding | undefined = kit.get(GLOBAL_ROLE_BINDINGS, name)
      if (!binding || isDeleting(binding) || binding.roleRef?.name !== 'platform-admin') return
      for (const { kind, name: user } of binding.subjects ?? []) {
        if (kind !== 'User') continue
        // An account with a second binding has its own already; it is left to the first one.
        await kit.create(RBAC_CLUSTER_ROLE_BINDINGS, clusterAdmin(binding, user), signal)
      }
    },
  }
}

function clusterAdmin(owner: KubeObject, user: string): KubeObject {
  const apiGroup = 'rbac.authorization.k8s.io'
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: {
      name: `${user}-cluster-admin`,
      labels: { [USER_REF]: user, [ROLE_REF]: 'cluster-admin' },
      ownerReferences: [controllerReference(owner)],
    },
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [
      { kind: 'User', apiGroup, name: user },
      { kind: 'ServiceAccount', name: `kubesphere.users.${user}`, namespace: systemNamespace },
    ],
  }
}
