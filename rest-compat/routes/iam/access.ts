import type { AccessReviewSpec } from '../../../gateway/domain/iam/index.ts'
import { json } from '../../wire/index.ts'
import { asStruct, text } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'

type Fields = Record<string, unknown>

const GO_TYPE = 'v1beta1.SubjectAccessReview'
const RESOURCE_FIELDS = [
  'resourceScope',
  'workspace',
  'namespace',
  'verb',
  'group',
  'version',
  'resource',
  'subresource',
  'name',
]

/** One review, or a list of them where the top level has an array `items` (iam-oauth.md §19.1). */
export async function reviewAccess(rq: RouteRequest): Promise<Reply> {
  const body = asStruct(await rq.entity(), GO_TYPE)
  if (!Array.isArray(body['items'])) return json(await reviewed(rq, body))
  const items: Fields[] = []
  for (const item of body['items'] as unknown[]) {
    items.push(await reviewed(rq, asStruct(item, GO_TYPE)))
  }
  const { kind, apiVersion, metadata } = body
  // @NOTE an empty list comes back as null.
  return json({ kind, apiVersion, metadata: metadata ?? {}, items: items.length ? items : null })
}

async function reviewed(rq: RouteRequest, body: Fields): Promise<Fields> {
  const spec = specOf(asStruct(body['spec'], GO_TYPE))
  const status = await rq.app.iam.access.review.run(rq.ctx, { spec })
  return { kind: body['kind'], apiVersion: body['apiVersion'], spec, status }
}

/** Known fields only, empty ones left out. */
function specOf(body: Fields): AccessReviewSpec & { extra?: unknown } {
  const spec: Fields = {}
  for (const [field, known] of [
    ['resourceAttributes', RESOURCE_FIELDS],
    ['nonResourceAttributes', ['path', 'verb']],
  ] as const) {
    const value = body[field]
    if (value !== null && value !== undefined)
      spec[field] = strings(asStruct(value, GO_TYPE), known)
  }
  Object.assign(spec, strings(body, ['user']))
  if (Array.isArray(body['groups']) && body['groups'].length > 0) {
    spec['groups'] = body['groups'].map((group: unknown) => text(group))
  }
  if (body['extra']) spec['extra'] = body['extra']
  return Object.assign(spec, strings(body, ['uid']))
}

function strings(from: Fields, names: readonly string[]): Fields {
  const out: Fields = {}
  for (const name of names) {
    const value = text(from[name])
    if (value) out[name] = value
  }
  return out
}
