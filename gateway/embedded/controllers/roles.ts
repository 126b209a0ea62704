import type { GVR, KubeObject } from '../../kube/types.ts'
import {
  CLUSTER_ROLES,
  GLOBAL_ROLES,
  ROLES,
  ROLE_TEMPLATES,
  WORKSPACE_ROLES,
} from '../../domain/names.ts'
import { aggregate, takesIn, type AggregatedRole } from './aggregate.ts'
import { isDeleting, type Kit } from './kit.ts'
import { keyOf, splitKey, type Reconciler, type Source } from './reconciler.ts'

const roleResources: readonly GVR[] = [GLOBAL_ROLES, CLUSTER_ROLES, WORKSPACE_ROLES, ROLES]

/** The resource of a role, by its kind. */
export function roleResource(role: KubeObject): GVR | undefined {
  return roleResources.find(({ resource }) => resource === `${role.kind?.toLowerCase()}s`)
}

export function roleKey(gvr: GVR, of: { namespace: string; name: string }): string {
  return `${gvr.resource}:${keyOf(of)}`
}

/** The role with what its templates allow, as it is to be stored. The argument is left as it is. */
export function aggregated(kit: Kit, role: KubeObject): KubeObject {
  const draft = structuredClone(role) as AggregatedRole
  aggregate(draft, templates(kit))
  return draft
}

/** Roles of all four kinds get the rules of their templates (objects-and-controllers.md §3.2). */
export function roles(kit: Kit): Reconciler {
  return {
    name: 'role',
    sources: [...roleResources.map(roleSource), templateSource(kit)],
    async reconcile(key, signal) {
      const [resource = '', rest = ''] = key.split(/:(.*)/s)
      const gvr = roleResources.find((one) => one.resource === resource)
      const [namespace, name] = splitKey(rest)
      const role = gvr && kit.get(gvr, name, namespace)
      if (!gvr || !role || isDeleting(role)) return
      await settleRole(kit, gvr, role, signal)
    },
  }
}

/** Aggregates one stored role. Returns what is stored then. */
export async function settleRole(
  kit: Kit,
  gvr: GVR,
  role: KubeObject,
  signal?: AbortSignal,
): Promise<KubeObject> {
  const stored = await kit.edit(gvr, role, (draft) => aggregate(draft, templates(kit)), signal)
  return stored ?? role
}

function* templates(kit: Kit): Iterable<KubeObject> {
  for (const entry of kit.store(ROLE_TEMPLATES).byName()) yield entry.object
}

function roleSource(gvr: GVR): Source {
  return { gvr, keys: ({ entry }) => [roleKey(gvr, entry)] }
}

/** A template that appears goes into the roles that wait for it; later edits of it stay where they are. */
function templateSource(kit: Kit): Source {
  return {
    gvr: ROLE_TEMPLATES,
    *keys({ type, entry }) {
      if (type === 'DELETED') return
      for (const gvr of roleResources) {
        for (const role of kit.store(gvr).entries()) {
          if (takesIn(role.object, entry.object)) yield roleKey(gvr, role)
        }
      }
    },
  }
}
