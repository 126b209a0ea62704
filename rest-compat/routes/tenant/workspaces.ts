import { json, listOf } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import type { Reply, RouteRequest } from '../registry.ts'

export async function listWorkspaces({ app, ctx, query }: RouteRequest): Promise<Reply> {
  const page = await app.tenant.workspaces.list.run(ctx, { query: listQuery(query) })
  return listOf(page.items, page.totalItems)
}

export async function getWorkspace({ app, ctx, params }: RouteRequest): Promise<Reply> {
  const workspace = params['workspace'] ?? ''
  return json(await app.tenant.workspaces.get.run(ctx, { workspace }))
}
