import type { KubeObject } from '../../kube/types.ts'
import { SCOPE_LABEL, BUILTIN_ROLES } from './names.ts'
import type { Kit } from './kit.ts'
import { matches, type LabelSelector } from './selector.ts'

interface BuiltinRole extends KubeObject {
  targetSelector?: LabelSelector
  role: KubeObject
}

/** The roles that a workspace or namespace with these labels gets (objects-and-controllers.md §2.2). */
export function builtinRolesFor(
  kit: Kit,
  scope: 'workspace' | 'namespace',
  labels: Readonly<Record<string, string>> | undefined,
): KubeObject[] {
  const roles: KubeObject[] = []
  for (const { object } of kit.store(BUILTIN_ROLES).byName()) {
    const { metadata, targetSelector = {}, role } = object as BuiltinRole
    if (metadata.labels?.[SCOPE_LABEL] !== scope || !role?.metadata?.name) continue
    if (matches(targetSelector, labels)) roles.push(structuredClone(role))
  }
  return roles
}
