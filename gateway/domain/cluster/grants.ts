import type { KubeObject } from '../../kube/types.ts'
import { badRequest, notFound } from '../../lib/errors.ts'
import { WORKSPACE_TEMPLATES } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { written } from '../settle.ts'
import type { ClusterDeps } from './index.ts'
import type { GrantRequest } from './types.ts'

type Placed = KubeObject & { spec?: { placement?: { clusters?: { name: string }[] } } }

/**
 * Puts a cluster into workspaces' placements or takes it out (platform-apis.md §6.4). All requests are checked before
 * the first write; several for one workspace add up. Throws ApiError 400 for an unknown op, 404 for a workspace.
 */
export async function grantCluster(
  deps: ClusterDeps,
  scope: OperationScope,
  cluster: string,
  requests: readonly GrantRequest[],
): Promise<void> {
  const store = await deps.host.caches.store(WORKSPACE_TEMPLATES, scope.signal)
  const placements = new Map<string, string[]>()
  for (const { op, workspace } of requests) {
    const entry = store.get('', workspace)
    if (!entry) throw notFound('tenant.kubesphere.io', 'WorkspaceTemplate', workspace)
    if (op !== 'add' && op !== 'remove') throw badRequest('not support operation type')
    const stored = (entry.object as Placed).spec?.placement?.clusters ?? []
    const names = placements.get(workspace) ?? stored.map(({ name }) => name).filter(Boolean)
    const others = [...new Set(names)].filter((name) => name !== cluster)
    placements.set(workspace, op === 'add' ? [...others, cluster] : others)
  }
  for (const [workspace, names] of placements) {
    const placement = { clusters: names.map((name) => ({ name })) }
    const patched = await deps.host.client.patch<KubeObject>(
      WORKSPACE_TEMPLATES,
      workspace,
      { spec: { placement } },
      { type: 'merge', signal: scope.signal },
    )
    await written(
      deps.host,
      WORKSPACE_TEMPLATES,
      await deps.effects.workspaceTemplateWritten(patched),
    )
  }
}
