import type { TemplateBody } from '../../../gateway/domain/resources/index.ts'
import { ApiError, badRequest } from '../../../gateway/lib/errors.ts'
import { base64Fault } from '../../../gateway/lib/go-base64.ts'
import { asObject, asStruct, text, untyped } from '../../wire/typed.ts'
import { missingByResource } from '../../wire/errors.ts'
import { json } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import { LIST } from '../query-parameters.ts'
import { defineRoutes, type Reply, type RouteRequest, type RouteRow } from '../registry.ts'
import { objectReply, pageReply } from '../resources/render.ts'

const BASE = '/kapis/workloadtemplate.kubesphere.io/v1alpha1'
const tags = ['Workload templates']

/** @NOTE no items under a filter, or of a workspace, print as null (resources-tenant.md §17-8). */
async function listTemplates({ app, ctx, params, query }: RouteRequest): Promise<Reply> {
  const { namespace, workspace } = params
  const wanted = listQuery(query)
  const args = { namespace, workspace, query: wanted }
  const page = await app.resources.workloadTemplates.list.run(ctx, args)
  const filtered = workspace !== undefined || Object.keys(wanted.filters ?? {}).length > 0
  return pageReply(app.resources.texts, page, filtered && page.totalItems === 0 ? 'null' : '[]')
}

function address({ params }: RouteRequest): { namespace: string; name: string } {
  return { namespace: params['namespace'] ?? '', name: params['workloadtemplate'] ?? '' }
}

async function getTemplate(rq: RouteRequest): Promise<Reply> {
  return objectReply(await rq.app.resources.workloadTemplates.get.run(rq.ctx, address(rq)))
}

/** @NOTE a body that cannot be read is a 500, of an unknown type a 400 (resources-tenant.md §13). */
async function bodyOf(rq: RouteRequest): Promise<TemplateBody> {
  try {
    const secret = asObject(await rq.entity<unknown>(), 'v1.Secret')
    for (const value of Object.values(asStruct(secret['data'], 'v1.Secret'))) {
      const fault = base64Fault(text(value, '[]uint8'))
      if (fault !== undefined) throw badRequest(`illegal base64 data at input byte ${fault}`)
    }
    return secret
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 400) throw error
    if (error.message.startsWith('[ServiceError:400]')) throw error
    throw new ApiError(500, 'InternalError', error.message, { cause: error })
  }
}

async function createTemplate(rq: RouteRequest): Promise<Reply> {
  const { namespace } = address(rq)
  const args = { namespace, template: await bodyOf(rq) }
  const { object } = await rq.app.resources.workloadTemplates.create.run(rq.ctx, args)
  return json(untyped(object))
}

async function updateTemplate(rq: RouteRequest): Promise<Reply> {
  const args = { ...address(rq), template: await bodyOf(rq) }
  const { object, created } = await rq.app.resources.workloadTemplates.update.run(rq.ctx, args)
  return json(created ? untyped(object) : object)
}

async function deleteTemplate(rq: RouteRequest): Promise<Reply> {
  try {
    await rq.app.resources.workloadTemplates.delete.run(rq.ctx, address(rq))
  } catch (error) {
    throw missingByResource(error, 'secrets')
  }
  return json({ message: 'success' })
}

const IN_NAMESPACE = `${BASE}/namespaces/{namespace}/workloadtemplates`
const SAMPLE = `${BASE}/namespaces/default/workloadtemplates`

/** workloadtemplate.kubesphere.io/v1alpha1: resources-tenant.md §13. */
export const workloadTemplateRoutes: readonly RouteRow[] = defineRoutes([
  {
    method: 'GET',
    path: `${BASE}/workloadtemplates`,
    operation: 'list-workload-templates',
    summary: 'Workload templates of all namespaces',
    tags,
    sample: `${BASE}/workloadtemplates`,
    query: LIST,
    handler: listTemplates,
  },
  {
    method: 'GET',
    path: `${BASE}/workspaces/{workspace}/workloadtemplates`,
    operation: 'list-workspace-workload-templates',
    summary: 'Workload templates of the projects of a workspace that the caller may see',
    tags,
    sample: `${BASE}/workspaces/demo/workloadtemplates`,
    query: LIST,
    handler: listTemplates,
  },
  {
    method: 'GET',
    path: IN_NAMESPACE,
    operation: 'list-namespace-workload-templates',
    summary: 'Workload templates of a namespace',
    tags,
    sample: SAMPLE,
    query: LIST,
    handler: listTemplates,
  },
  {
    method: 'POST',
    path: IN_NAMESPACE,
    operation: 'create-workload-template',
    summary: 'Create a workload template',
    tags,
    sample: SAMPLE,
    handler: createTemplate,
  },
  {
    method: 'PUT',
    path: `${IN_NAMESPACE}/{workloadtemplate}`,
    operation: 'update-workload-template',
    summary: 'Replace a workload template',
    tags,
    sample: `${SAMPLE}/web`,
    handler: updateTemplate,
  },
  {
    method: 'DELETE',
    path: `${IN_NAMESPACE}/{workloadtemplate}`,
    operation: 'delete-workload-template',
    summary: 'Delete a workload template',
    tags,
    sample: `${SAMPLE}/web`,
    handler: deleteTemplate,
  },
  {
    method: 'GET',
    path: `${IN_NAMESPACE}/{workloadtemplate}`,
    operation: 'get-workload-template',
    summary: 'One workload template',
    tags,
    sample: `${SAMPLE}/web`,
    handler: getTemplate,
  },
])
