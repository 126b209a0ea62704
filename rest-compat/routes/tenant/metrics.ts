import type { Count } from '../../../gateway/domain/tenant/index.ts'
import { json } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import type { Reply, RouteRequest } from '../registry.ts'

export async function platformMetrics({ app, ctx, query }: RouteRequest): Promise<Reply> {
  const counts = await app.tenant.metrics.platform.run(ctx, { query: listQuery(query) })
  return json(vectors(counts, app.now()))
}

export async function workspaceMetrics(rq: RouteRequest): Promise<Reply> {
  const args = { workspace: rq.params['workspace'] ?? '', query: listQuery(rq.query) }
  return json(vectors(await rq.app.tenant.metrics.workspace.run(rq.ctx, args), rq.app.now()))
}

/** @NOTE a Prometheus vector with numbers for values (resources-tenant.md §6). `now` is in epoch milliseconds. */
function vectors(counts: readonly Count[], now: number): unknown {
  const seconds = Math.floor(now / 1000)
  return {
    results: counts.map(({ name, value }) => ({
      metric_name: name,
      data: { resultType: 'vector', result: [{ value: [seconds, value] }] },
    })),
  }
}
