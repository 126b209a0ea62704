import type { Draft, JsonPatchOperation } from '../../../gateway/domain/tenant/index.ts'
import { ApiError, badRequest } from '../../../gateway/lib/errors.ts'
import { json, listOf } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import { asObject, asStruct, text, typedAs, untyped } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { mapped } from './errors.ts'

const GO_TYPE = 'v1beta1.WorkspaceTemplate'

export async function listTemplates({ app, ctx, query }: RouteRequest): Promise<Reply> {
  const page = await app.tenant.templates.list.run(ctx, { query: listQuery(query) })
  return listOf(page.items, page.totalItems)
}

export async function getTemplate({ app, ctx, params }: RouteRequest): Promise<Reply> {
  const workspace = params['workspace'] ?? ''
  return json(await app.tenant.templates.get.run(ctx, { workspace }))
}

export function createTemplate(rq: RouteRequest): Promise<Reply> {
  return mapped([403, 404], 400, async () => {
    const template = asObject(await rq.entity(), GO_TYPE) as Draft
    return json(untyped(await rq.app.tenant.templates.create.run(rq.ctx, { template })))
  })
}

export async function updateTemplate(rq: RouteRequest): Promise<Reply> {
  const template = asObject(await rq.entity(), GO_TYPE) as Draft
  const workspace = rq.params['workspace'] ?? ''
  return mapped([400, 403, 404], 500, async () => {
    const updated = await rq.app.tenant.templates.update.run(rq.ctx, { workspace, template })
    return json(typedAs(updated, template))
  })
}

/** @NOTE a JSON Patch whatever the Content-Type says; an object is a 500 (resources-tenant.md §10.8). */
export async function patchTemplate(rq: RouteRequest): Promise<Reply> {
  const body = await rq.entity<unknown>()
  const workspace = rq.params['workspace'] ?? ''
  return mapped([400, 403, 404], 500, async () => {
    const patch = asPatch(body)
    return json(await rq.app.tenant.templates.patch.run(rq.ctx, { workspace, patch }))
  })
}

function asPatch(body: unknown): JsonPatchOperation[] {
  if (body === null) return []
  if (Array.isArray(body)) return body as JsonPatchOperation[]
  const kind = typeof body === 'boolean' ? 'bool' : typeof body
  throw new ApiError(
    500,
    'InternalError',
    `json: cannot unmarshal ${kind} into Go value of type jsonpatch.Patch`,
  )
}

/** @NOTE a body is required, and a missing template is a 400 (resources-tenant.md §10.7). */
export function deleteTemplate(rq: RouteRequest): Promise<Reply> {
  return mapped([403], 400, async () => {
    const options = asStruct(await rq.entity(), 'v1.DeleteOptions')
    const propagationPolicy = text(options['propagationPolicy']) || undefined
    const workspace = rq.params['workspace'] ?? ''
    try {
      await rq.app.tenant.templates.delete.run(rq.ctx, { workspace, propagationPolicy })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404) throw error
      throw badRequest(`failed to get workspace template: ${error.message}`)
    }
    return json({ message: 'success' })
  })
}
