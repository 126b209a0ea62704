import { WORKSPACE_LABEL } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { roleRefOf } from './bindings.ts'
import type { BindingIndex } from './binding-index.ts'
import type { IamDeps } from './index.ts'
import { bindingStore, levels, siteOf } from './levels.ts'
import type { Membership, RoleLevel } from './types.ts'

const ORDER = Object.keys(levels) as RoleLevel[]

/** Every binding that names the user, at all levels: global, workspace, cluster, namespace. */
export async function membershipsOf(
  deps: IamDeps,
  index: BindingIndex,
  scope: OperationScope,
  name: string,
): Promise<Membership[]> {
  const perLevel = await Promise.all(ORDER.map((level) => atLevel(deps, index, scope, level, name)))
  return perLevel.flat()
}

async function atLevel(
  deps: IamDeps,
  index: BindingIndex,
  scope: OperationScope,
  level: RoleLevel,
  name: string,
): Promise<Membership[]> {
  const store = await bindingStore(siteOf(deps.host, scope, level, {}))
  const found: Membership[] = []
  for (const entry of index.ofSubject(store, { name, groups: [] })) {
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
