import { WORKSPACE_LABEL, USER_REF, isLabelValue } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { roleRefOf } from './bindings.ts'
import type { IamDeps } from './index.ts'
import { bindingStore, levels, siteOf } from './levels.ts'
import type { Membership, RoleBinding, RoleLevel } from './types.ts'

const ORDER = Object.keys(levels) as RoleLevel[]

/** Every binding that names the user, at all levels, out of the user-ref index: global, workspace, cluster, namespace. */
export async function membershipsOf(
  deps: IamDeps,
  scope: OperationScope,
  name: string,
): Promise<Membership[]> {
  if (!name || !isLabelValue(name)) return []
  const perLevel = await Promise.all(ORDER.map((level) => atLevel(deps, scope, level, name)))
  return perLevel.flat()
}

async function atLevel(
  deps: IamDeps,
  scope: OperationScope,
  level: RoleLevel,
  name: string,
): Promise<Membership[]> {
  const store = await bindingStore(siteOf(deps.host, scope, level, {}))
  const found: Membership[] = []
  for (const entry of store.withLabel(USER_REF, name)) {
    const { subjects } = entry.object as RoleBinding
    if (!subjects?.some((s) => s.kind === 'User' && s.name === name)) continue
    found.push({
      level,
      roleRef: roleRefOf(entry),
      binding: entry.name,
      ...(level === 'workspace' ? { workspace: entry.labels[WORKSPACE_LABEL] ?? '' } : {}),
      ...(level === 'namespace' ? { namespace: entry.namespace } : {}),
    })
  }
  return found
}
