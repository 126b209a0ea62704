import type { AnyAddress } from '../../gateway/domain/resources/index.ts'
import { ApiError, notFound } from '../../gateway/lib/errors.ts'
import { groupVersion, type KindInfo, type KubeObject } from '../../gateway/kube/types.ts'
import { parseEntity } from '../wire/entity.ts'
import { missingByResource } from '../wire/errors.ts'
import { empty, routerError, textError } from '../wire/index.ts'
import { asStruct } from '../wire/typed.ts'
import { listQuery } from '../wire/query.ts'
import type { Reply, RouteRequest } from '../routes/registry.ts'
import { kubePageReply, objectReply } from '../routes/resources/render.ts'
import { isRegistered, servedKind } from './dynamic-served.ts'

/** Objects of kinds without routes of their own (pipeline.md §17): what the address names and nothing else. */
export async function dynamicResource(rq: RouteRequest): Promise<Reply> {
  const { info } = rq.ctx
  const { apiGroup: group, apiVersion: version, resource, name, workspace } = info
  if (version === '' || resource === '') return routerError(404)
  // A collection or one object of it; anything further in, or a name to create at, is no address.
  if (info.parts.length > (info.verb === 'create' ? 1 : 2)) return routerError(404)
  const kind = await servedKind(rq.ctx.cluster, { group, version, resource }, rq.ctx.signal)
  if (!kind) return routerError(404)
  // A namespace is not inside itself.
  const namespace = kind.namespaced || resource !== 'namespaces' ? info.namespace : ''
  const verb = Object.hasOwn(verbs, info.verb) ? verbs[info.verb] : undefined
  if (!verb) throw new ApiError(400, 'BadRequest', 'not supported verb')
  try {
    return await verb(rq, { info: kind, namespace, workspace, name })
  } catch (error) {
    if (error instanceof ApiError && error.code === 405) return routerError(404)
    if (!isRegistered(kind) && isCacheMiss(error, kind)) {
      return textError(notFound(group, resource, name))
    }
    throw error
  }
}

function isCacheMiss(error: unknown, { kind }: KindInfo): boolean {
  return error instanceof ApiError && error.code === 404 && error.details?.kind === kind
}

type Verb = (rq: RouteRequest, address: AnyAddress) => Promise<Reply>

const verbs: Readonly<Record<string, Verb>> = {
  async list({ app, ctx, query }, place) {
    const { texts, any } = app.resources
    const page = await any.list.run(ctx, { ...place, query: listQuery(query) })
    if (isRegistered(place.info)) return kubePageReply(texts, page)
    const apiVersion = groupVersion(place.info)
    return kubePageReply(texts, page, { apiVersion, kind: `${place.info.kind}List` })
  },
  async get({ app, ctx }, address) {
    return objectReply(await app.resources.any.get.run(ctx, address))
  },
  async create(rq, place) {
    await rq.app.resources.any.create.run(rq.ctx, { ...place, object: await objectOf(rq, place) })
    return empty()
  },
  async update(rq, address) {
    const object = await objectOf(rq, address)
    try {
      await rq.app.resources.any.update.run(rq.ctx, { ...address, object })
    } catch (error) {
      throw missingByResource(error, address.info.resource)
    }
    return empty()
  },
  // @NOTE the body is the whole object and replaces what is stored, whatever its Content-Type.
  async patch(rq, address) {
    const object = await objectOf(rq, address)
    await rq.app.resources.any.update.run(rq.ctx, { ...address, object, overwrite: true })
    return empty()
  },
  async delete({ app, ctx }, address) {
    await app.resources.any.delete.run(ctx, address)
    return empty()
  },
}

/** The body; it must be of the kind that the address names. */
async function objectOf(rq: RouteRequest, { info }: AnyAddress): Promise<KubeObject> {
  const text = Buffer.from(await rq.bytes()).toString('utf8')
  const body = parsed(text, `${info.version}.${info.kind}`)
  if (body.apiVersion !== groupVersion(info) || body.kind !== info.kind) {
    throw new ApiError(400, 'BadRequest', 'wrong resource GroupVersionKind')
  }
  const metadata: unknown = body.metadata ?? {}
  if (typeof metadata !== 'object') throw new ApiError(400, 'BadRequest', 'metadata is no object')
  return { ...body, metadata: metadata as KubeObject['metadata'] }
}

/** @NOTE what is no JSON object is a 500 (pipeline.md §17). */
function parsed(text: string, goType: string): Partial<KubeObject> {
  try {
    return asStruct(parseEntity(text), goType)
  } catch (error) {
    throw new ApiError(500, 'InternalError', (error as Error).message, { cause: error })
  }
}
