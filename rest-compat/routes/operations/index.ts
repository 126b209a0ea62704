import { ApiError } from '../../../gateway/lib/errors.ts'
import { json, jsonMessage } from '../../wire/index.ts'
import { defineRoutes, type Reply, type RouteRequest, type RouteRow } from '../registry.ts'

const BASE = '/kapis/operations.kubesphere.io/v1alpha2'

/** @NOTE all but a conflict and an unknown action is a 500 (resources-tenant.md §12). */
async function operateJob({ app, ctx, params, query }: RouteRequest): Promise<Reply> {
  const action = query.get('action') ?? ''
  if (action !== 'rerun') return jsonMessage(400, `invalid operation ${action}`)
  try {
    await app.resources.rerunJob.run(ctx, {
      namespace: params['namespace'] ?? '',
      name: params['job'] ?? '',
      resourceVersion: query.get('resourceVersion') ?? '',
    })
    return json({ message: 'success' })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return jsonMessage(error.code === 409 ? 409 : 500, error.message)
  }
}

/** operations.kubesphere.io/v1alpha2: resources-tenant.md §12. */
export const operationRoutes: readonly RouteRow[] = defineRoutes([
  {
    method: 'POST',
    path: `${BASE}/namespaces/{namespace}/jobs/{job}`,
    operation: 'JobReRun',
    summary: 'Run a Job again',
    tags: ['Operations'],
    sample: `${BASE}/namespaces/default/jobs/migrate?action=rerun`,
    query: [
      { name: 'action', description: 'rerun' },
      { name: 'resourceVersion', description: 'version of the Job that the caller has seen' },
    ],
    handler: operateJob,
  },
])
