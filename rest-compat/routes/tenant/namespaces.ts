import type { Draft } from '../../../gateway/domain/tenant/index.ts'
import { json, listOf } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import { asObject, typedAs, untyped } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { mapped } from './errors.ts'

const GO_TYPE = 'v1.Namespace'

const at = ({ params }: RouteRequest): { workspace: string; namespace: string } => ({
  workspace: params['workspace'] ?? '',
  namespace: params['namespace'] ?? '',
})

export async function listNamespaces({ app, ctx, params, query }: RouteRequest): Promise<Reply> {
  const args = { workspace: params['workspace'], query: listQuery(query) }
  const page = await app.tenant.namespaces.list.run(ctx, args)
  return listOf(page.items, page.totalItems)
}

export async function listMemberNamespaces(rq: RouteRequest): Promise<Reply> {
  const page = await rq.app.tenant.namespaces.ofMember.run(rq.ctx, {
    workspace: rq.params['workspace'] ?? '',
    member: rq.params['workspacemember'] ?? '',
    query: listQuery(rq.query),
  })
  return listOf(page.items, page.totalItems)
}

export async function getNamespace(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.tenant.namespaces.get.run(rq.ctx, at(rq)))
}

export function createNamespace(rq: RouteRequest): Promise<Reply> {
  return mapped([404], 400, async () => {
    const namespace = asObject(await rq.entity(), GO_TYPE) as Draft
    const { workspace } = at(rq)
    const args = { workspace, namespace }
    return json(untyped(await rq.app.tenant.namespaces.create.run(rq.ctx, args)))
  })
}

export async function updateNamespace(rq: RouteRequest): Promise<Reply> {
  const namespace = asObject(await rq.entity(), GO_TYPE) as Draft
  const { workspace, namespace: name } = at(rq)
  return mapped([400, 404], 500, async () => {
    const args = { workspace, name, namespace }
    return json(typedAs(await rq.app.tenant.namespaces.update.run(rq.ctx, args), namespace))
  })
}

/**
 * @NOTE the body is decoded as a whole Namespace before it becomes a merge patch: null for a label or annotation is an
 * empty string, so keys cannot be removed here (resources-tenant.md §10.10).
 */
export async function patchNamespace(rq: RouteRequest): Promise<Reply> {
  const patch = asObject(await rq.entity(), GO_TYPE) as Draft
  const { workspace, namespace: name } = at(rq)
  return mapped([400, 404], 500, async () => {
    const args = { workspace, name, patch: known(patch) }
    return json(typedAs(await rq.app.tenant.namespaces.patch.run(rq.ctx, args), patch))
  })
}

/** Fields that a Namespace has. */
function known({ metadata, spec, status }: Draft): Draft {
  return {
    ...(metadata ? { metadata } : {}),
    ...(spec ? { spec } : {}),
    ...(status ? { status } : {}),
  }
}

export function deleteNamespace(rq: RouteRequest): Promise<Reply> {
  return mapped([404], 500, async () => {
    await rq.app.tenant.namespaces.delete.run(rq.ctx, at(rq))
    return json({ message: 'success' })
  })
}
