import type { Count, WorkspaceQuota } from '../gateway/domain/tenant/index.ts'
import type { GraphqlContext } from './context.ts'
import { everything } from './lists.ts'
import { foundOrNull } from './loaders.ts'
import { nameOf } from './metadata.ts'
import type {
  PlatformMetrics,
  WorkspaceMetrics,
  WorkspaceQuota as QuotaShown,
} from './types.generated.ts'

function counted(counts: readonly Count[]): (name: string) => number | null {
  const values = new Map(counts.map(({ name, value }) => [name, value]))
  return (name) => values.get(name) ?? null
}

export async function platformMetrics({ ctx, app }: GraphqlContext): Promise<PlatformMetrics> {
  const of = counted(await ctx.call(app.tenant.metrics.platform, { query: everything }))
  return {
    users: of('platform_user_count'),
    workspaces: of('platform_workspace_count'),
    clusters: of('platform_cluster_count'),
    installPlans: of('platform_installplan_count'),
  }
}

export async function workspaceMetrics(
  { ctx, app }: GraphqlContext,
  workspace: string,
): Promise<WorkspaceMetrics> {
  const of = counted(await ctx.call(app.tenant.metrics.workspace, { workspace, query: everything }))
  return {
    projects: of('workspace_namespace_count') ?? 0,
    roles: of('workspace_workspacerole_count') ?? 0,
    roleBindings: of('workspace_workspacerolebinding_count') ?? 0,
  }
}

/** A quota of a workspace; null where there is none of that name. */
export async function workspaceQuota(
  { ctx, app }: GraphqlContext,
  workspace: string,
  name: string,
): Promise<QuotaShown | null> {
  const found: WorkspaceQuota | null = await foundOrNull(
    ctx.call(app.tenant.quotas.get, { workspace, name }),
  )
  if (!found) return null
  const { spec, status } = found
  return { name: nameOf(found), hard: spec.quota.hard ?? {}, used: status?.total?.used ?? {} }
}
