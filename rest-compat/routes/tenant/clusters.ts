import { ApiError } from '../../../gateway/lib/errors.ts'
import { listOf } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import { goBool } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'

export async function listClusters({ app, ctx, query }: RouteRequest): Promise<Reply> {
  const asked = query.get('roleBindingExists')
  const roleBindingExists = asked ? goBool(asked) : false
  if (roleBindingExists === undefined) {
    const text = `strconv.ParseBool: parsing ${JSON.stringify(asked)}: invalid syntax`
    throw new ApiError(500, 'InternalError', text)
  }
  const args = { query: listQuery(query), roleBindingExists }
  const page = await app.tenant.clusters.list.run(ctx, args)
  return listOf(page.items, page.totalItems)
}

export async function listWorkspaceClusters({ app, ctx, params }: RouteRequest): Promise<Reply> {
  const workspace = params['workspace'] ?? ''
  const page = await app.tenant.clusters.ofWorkspace.run(ctx, { workspace })
  return listOf(page.items, page.totalItems)
}
