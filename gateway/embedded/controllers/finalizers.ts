import {
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
} from '../../domain/names.ts'
import type { GVR } from '../../kube/types.ts'
import { dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { own, splitKey, type Reconciler } from './reconciler.ts'

interface Rule {
  readonly gvr: GVR
  readonly finalizer: string
}

/** Finalizers that the original's server or controllers have written, and that nobody else takes off. */
const rules: readonly Rule[] = [
  { gvr: GLOBAL_ROLES, finalizer: 'finalizers.kubesphere.io/globalroles' },
  { gvr: GLOBAL_ROLE_BINDINGS, finalizer: 'finalizers.kubesphere.io/globalrolebindings' },
  { gvr: WORKSPACE_ROLES, finalizer: 'finalizers.kubesphere.io/workspaceroles' },
  { gvr: WORKSPACE_ROLE_BINDINGS, finalizer: 'finalizers.kubesphere.io/workspacerolebindings' },
]

/** Lets objects go that wait for a controller of the original (objects-and-controllers.md §0, fact 8). */
export function finalizers(kit: Kit): Reconciler[] {
  return rules.map(({ gvr, finalizer }) => ({
    name: `finalizer-${gvr.resource}`,
    sources: [own(gvr)],
    async reconcile(key, signal) {
      const [namespace, name] = splitKey(key)
      const object = kit.get(gvr, name, namespace)
      if (!object || !isDeleting(object) || !object.metadata.finalizers?.includes(finalizer)) return
      await kit.edit(gvr, object, (draft) => dropFinalizer(draft, finalizer), signal)
    },
  }))
}
