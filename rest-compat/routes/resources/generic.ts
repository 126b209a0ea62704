import { listQuery } from '../../wire/query.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { objectReply, pageReply } from './render.ts'

export async function listResources({ app, ctx, params, query }: RouteRequest): Promise<Reply> {
  const page = await app.resources.list.run(ctx, {
    resource: params['resources'] ?? '',
    namespace: params['namespace'],
    query: listQuery(query),
  })
  return pageReply(app.resources.texts, page)
}

export async function getResource({ app, ctx, params }: RouteRequest): Promise<Reply> {
  const shown = await app.resources.get.run(ctx, {
    resource: params['resources'] ?? '',
    namespace: params['namespace'],
    name: params['name'] ?? '',
  })
  return objectReply(shown)
}
