import { ApiError, badRequest } from '../../../gateway/lib/errors.ts'
import { base64Fault } from '../../../gateway/lib/go-base64.ts'
import type {
  AppRequest,
  AppResource,
  Contact,
  RepoDraft,
} from '../../../gateway/domain/application/index.ts'
import { parseEntity, readEntity } from '../../wire/index.ts'
import { asStrings, asStruct, asStructs, text } from '../../wire/typed.ts'
import type { RouteRequest } from '../registry.ts'
import { storeEntity, unreadable } from './errors.ts'

type Fields = Record<string, unknown>

/** What a request says beside its file. */
const OVERHEAD = 3 * 1024 * 1024

/** What people read about an application, as JSON. Throws ApiError 413, 422. */
export async function appChange(rq: RouteRequest): Promise<AppRequest> {
  return request(asStruct(await storeEntity(rq), 'application.AppRequest'), new Uint8Array())
}

/** An AppRequest: JSON, or a form with the package as `file` and the rest as `jsonData`. Throws ApiError 413, 422. */
export async function appRequest(rq: RouteRequest): Promise<AppRequest> {
  const type = rq.req.headers['content-type'] ?? ''
  try {
    if (type === '') throw badRequest('mime: no media type')
    if (type.includes('application/json')) {
      const body = asStruct(await uploaded(rq), 'application.AppRequest')
      return request(body, base64(text(body['package'])))
    }
    if (!type.includes('multipart/form-data')) throw badRequest('unsupported media type')
    const form = await formData(rq)
    const data = form.get('jsonData')
    const body = asStruct(parseEntity(typeof data === 'string' ? data : ''), 'v2.AppRequest')
    if (body['package']) {
      throw badRequest(
        'When using multipart/form-data to upload files, the package field does not need to be included in the json data.',
      )
    }
    const file = form.get('file')
    return request(
      body,
      file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array(),
    )
  } catch (error) {
    throw unreadable(error)
  }
}

/** A body with a package in base64. Throws ApiError 400, 413. */
async function uploaded(rq: RouteRequest): Promise<unknown> {
  const limit = Math.ceil((rq.app.application.largestPackage * 4) / 3) + OVERHEAD
  return readEntity(rq.req.headers, await rq.bytes(limit), limit)
}

/** A form, in whole. Throws ApiError 400, 413. */
export async function formData(rq: RouteRequest): Promise<FormData> {
  const body = await rq.bytes(rq.app.application.largestPackage + OVERHEAD)
  const headers = { 'content-type': rq.req.headers['content-type'] ?? '' }
  try {
    return await new Response(new Uint8Array(body), { headers }).formData()
  } catch (error) {
    throw badRequest('multipart: NextPart: EOF', error)
  }
}

function base64(value: string): Uint8Array {
  const fault = base64Fault(value)
  if (fault !== undefined) {
    throw new ApiError(422, 'Invalid', `illegal base64 data at input byte ${fault}`)
  }
  return Buffer.from(value, 'base64')
}

function request(body: Fields, bytes: Uint8Array): AppRequest {
  const of = (field: string): string => text(body[field])
  return {
    repoName: of('repoName'),
    appName: of('appName'),
    originalName: of('originalName'),
    aliasName: of('aliasName'),
    versionName: of('versionName'),
    appHome: of('appHome') || of('url'),
    icon: of('icon'),
    digest: of('digest'),
    workspace: of('workspace'),
    description: of('description'),
    categoryName: of('categoryName'),
    appType: of('appType'),
    package: bytes,
    pullUrl: of('pullUrl'),
    maintainers: (asStructs(body['maintainers'], 'v2.Maintainer') ?? []).map(contact),
    abstraction: of('abstraction'),
    attachments: asStrings(body['attachments']),
    hasCrd: body['hasCrd'] === true,
    resources: asStructs(body['resources'], 'v2.GroupVersionResource')?.map(resource) ?? null,
  }
}

function contact(of: Fields): Contact {
  return { name: text(of['name']), email: text(of['email']), url: text(of['url']) }
}

function resource(of: Fields): AppResource {
  return {
    Group: text(of['Group']),
    Version: text(of['Version']),
    Resource: text(of['Resource']),
    Name: text(of['Name']),
    Desc: text(of['Desc']),
    ParentNode: text(of['ParentNode']),
  }
}

/** A Repo as a draft; `name` wins over the body's. Throws ApiError 422. */
export async function repoDraft(rq: RouteRequest, name?: string): Promise<RepoDraft> {
  try {
    const body = asStruct(await storeEntity(rq), 'v2.Repo')
    const metadata = asStruct(body['metadata'], 'v1.ObjectMeta')
    const labels = asStruct(metadata['labels'], 'map[string]string')
    const annotations = asStruct(metadata['annotations'], 'map[string]string')
    const spec = asStruct(body['spec'], 'v2.RepoSpec')
    const credential = asStruct(spec['credential'], 'v2.RepoCredential')
    const texts = ['username', 'password', 'certFile', 'keyFile', 'caFile'].flatMap((key) => {
      const value = text(credential[key])
      return value === '' ? [] : [[key, value] as const]
    })
    const insecure = credential['insecureSkipTLSVerify']
    const period = spec['syncPeriod']
    return {
      name: name ?? text(metadata['name']),
      alias: text(annotations['kubesphere.io/alias-name']),
      workspace: text(labels['kubesphere.io/workspace']),
      url: text(spec['url']),
      description: text(spec['description']),
      credential: {
        ...Object.fromEntries(texts),
        ...(typeof insecure === 'boolean' ? { insecureSkipTLSVerify: insecure } : {}),
      },
      syncPeriod: typeof period === 'number' && Number.isSafeInteger(period) ? period : null,
    }
  } catch (error) {
    throw unreadable(error)
  }
}
