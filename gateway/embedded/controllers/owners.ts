import {
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
  WORKSPACE_TEMPLATES,
} from '../../domain/names.ts'
import type { GVR } from '../../kube/types.ts'
import { controllerReference, isDeleting, type Kit } from './kit.ts'
import { own, splitKey, type Reconciler } from './reconciler.ts'

/** Roles and bindings of a workspace belong to its template, so that the garbage collector takes them with it. */
export function workspaceOwners(kit: Kit): Reconciler[] {
  return [WORKSPACE_ROLES, WORKSPACE_ROLE_BINDINGS].map((gvr) => owner(kit, gvr))
}

function owner(kit: Kit, gvr: GVR): Reconciler {
  return {
    name: `owner-${gvr.resource}`,
    sources: [
      own(gvr),
      {
        gvr: WORKSPACE_TEMPLATES,
        *keys({ entry }) {
          for (const one of kit.store(gvr).withLabel(WORKSPACE_LABEL, entry.name)) {
            yield `/${one.name}`
          }
        },
      },
    ],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const object = kit.get(gvr, name)
      const workspace = object?.metadata.labels?.[WORKSPACE_LABEL]
      const template = workspace ? kit.get(WORKSPACE_TEMPLATES, workspace) : undefined
      if (!object || isDeleting(object) || !template || isDeleting(template)) return
      await kit.edit(
        gvr,
        object,
        (draft) => {
          const owners = draft.metadata.ownerReferences ?? []
          if (owners.some(({ controller }) => controller)) return
          draft.metadata.ownerReferences = [...owners, controllerReference(template)]
        },
        signal,
      )
    },
  }
}
