import type { RevisedResource } from '../../../gateway/domain/resources/index.ts'
import { goQuote, json, jsonMessage, textError } from '../../wire/index.ts'
import { ApiError } from '../../../gateway/lib/errors.ts'
import type { Reply, RouteHandler, RouteRequest } from '../registry.ts'

/** @NOTE the namespace of the cluster's quotas is two quote characters (resources-tenant.md §9.2). */
export async function quotas({ app, ctx, params }: RouteRequest): Promise<Reply> {
  const namespace = params['namespace']
  const { hard, used, left } = await app.resources.quotas.run(ctx, { namespace })
  const some = (name: string, of: Readonly<Record<string, string>>): object =>
    Object.keys(of).length > 0 ? { [name]: of } : {}
  return json({
    namespace: namespace ?? '""',
    data: { ...some('hard', hard), ...some('used', used), ...some('left', left) },
  })
}

export async function abnormalWorkloads({ app, ctx, params }: RouteRequest): Promise<Reply> {
  const { namespace } = params
  const data = await app.resources.abnormalWorkloads.run(ctx, { namespace })
  return json({ namespace: namespace ?? '', data })
}

/** @NOTE whatever is missing is a 500, as text for StatefulSets (resources-tenant.md §9). */
export function revisionOf(resource: RevisedResource, param: string): RouteHandler {
  return async ({ app, ctx, params }) => {
    const revision = params['revision'] ?? ''
    if (resource !== 'deployments' && !/^[+-]?\d+$/.test(revision)) {
      return jsonMessage(400, `strconv.Atoi: parsing ${goQuote(revision)}: invalid syntax`)
    }
    try {
      const args = {
        resource,
        namespace: params['namespace'] ?? '',
        name: params[param] ?? '',
        revision,
      }
      return json(await app.resources.revision.run(ctx, args))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return resource === 'statefulsets' ? textError(error, 500) : jsonMessage(500, error.message)
    }
  }
}

export async function userKubeconfig({ app, ctx, params }: RouteRequest): Promise<Reply> {
  try {
    const body = await app.resources.userKubeconfig.run(ctx, { user: params['user'] ?? '' })
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return jsonMessage(error.code, error.message)
  }
}
