import type { Draft } from '../../../gateway/domain/tenant/index.ts'
import { badRequest } from '../../../gateway/lib/errors.ts'
import { parseQuantity } from '../../../gateway/lib/quantity.ts'
import { json } from '../../wire/index.ts'
import { asObject, asStruct, text, typedAs, untyped } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { mapped } from './errors.ts'

const GO_TYPE = 'v1alpha2.ResourceQuota'

const at = ({ params }: RouteRequest): { workspace: string; name: string } => ({
  workspace: params['workspace'] ?? '',
  name: params['resourcequota'] ?? '',
})

/** Throws ApiError 400 for a body that Go's decoder does not take, quantities included. */
async function quotaOf(rq: RouteRequest): Promise<Draft> {
  const quota = asObject(await rq.entity(), GO_TYPE)
  const spec = asStruct(quota['spec'], GO_TYPE)
  const { hard } = asStruct(spec['quota'], 'v1.ResourceQuotaSpec')
  for (const amount of Object.values(asStruct(hard, 'v1.ResourceList'))) {
    if (typeof amount === 'number' || parseQuantity(text(amount)) !== undefined) continue
    throw badRequest(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )
  }
  return quota
}

export async function getQuota(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.tenant.quotas.get.run(rq.ctx, at(rq)))
}

export async function createQuota(rq: RouteRequest): Promise<Reply> {
  const quota = await quotaOf(rq)
  const { workspace } = at(rq)
  return mapped([], 500, async () =>
    json(untyped(await rq.app.tenant.quotas.create.run(rq.ctx, { workspace, quota }))),
  )
}

export async function updateQuota(rq: RouteRequest): Promise<Reply> {
  const quota = await quotaOf(rq)
  return mapped([400], 500, async () => {
    const updated = await rq.app.tenant.quotas.update.run(rq.ctx, { ...at(rq), quota })
    return json(typedAs(updated, quota))
  })
}

export function deleteQuota(rq: RouteRequest): Promise<Reply> {
  return mapped([404], 500, async () => {
    await rq.app.tenant.quotas.delete.run(rq.ctx, at(rq))
    return json({ message: 'success' })
  })
}
