import type { Connection, ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { everything, objectConnection } from './lists.ts'
import { nameOf } from './metadata.ts'
import type { Workspace } from './models.ts'

/** Workspaces by name, those left out that are gone or not for the caller to see. */
export async function workspacesNamed(
  context: GraphqlContext,
  of: string,
  names: Iterable<string>,
  args: ListArgs,
): Promise<Connection<Workspace>> {
  const { items } = await context.ctx.call(context.app.tenant.templates.list, {
    query: everything,
  })
  const wanted = new Set(names)
  const found = items.filter((workspace) => wanted.has(nameOf(workspace)))
  return objectConnection(context, ['workspaces of', of], found, args)
}

/** Workspaces whose placement has a cluster, by its name or its labels. */
export async function workspacesOn(
  context: GraphqlContext,
  cluster: string,
  args: ListArgs,
): Promise<Connection<Workspace>> {
  const { ctx, app } = context
  const { items } = await ctx.call(app.tenant.templates.list, { query: everything })
  const placed = await Promise.all(
    items.map(async (workspace) => {
      const { clusters, clusterSelector } = workspace.spec.placement
      if (clusters?.some(({ name }) => name === cluster)) return true
      if (!clusterSelector) return false
      const at = { workspace: nameOf(workspace) }
      const chosen = await ctx.call(app.tenant.clusters.ofWorkspace, at)
      return chosen.items.some((one) => nameOf(one) === cluster)
    }),
  )
  const found = items.filter((_workspace, index) => placed[index])
  return objectConnection(context, ['workspaces on', cluster], found, args)
}
