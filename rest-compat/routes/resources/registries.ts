import { slicePositions } from '../../../gateway/domain/resources/index.ts'
import { RegistryError } from '../../../gateway/domain/registry/index.ts'
import { ApiError } from '../../../gateway/lib/errors.ts'
import { empty, json, textError } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import { asObject, asStruct, text } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { imageConfigBody } from './image-config.ts'

const WANTED_TYPE = 'expected secret type: kubernetes.io/dockerconfigjson, got: '
const VERIFY_FAILED = 'registry auth failed with err: '

/** What is wrong with an image or its registry. @NOTE the text decides the code (resources-tenant.md §8.3). */
function imageError(error: unknown): Reply {
  if (!(error instanceof ApiError)) throw error
  if (error.code === 404 && error.reason === 'NotFound') {
    // @NOTE a missing Secret is answered in two lines.
    const reply = textError(error)
    return { ...reply, body: `${reply.body as string}${WANTED_TYPE}\n` }
  }
  if (!(error instanceof RegistryError) && error.code !== 400) return textError(error)
  const { message } = error
  if (message.includes('Unauthorized')) return textError(error, 401)
  return textError(error, message.includes('MANIFEST_UNKNOWN') ? 404 : 400)
}

function place({ params, query }: RouteRequest): { namespace: string; secret: string } {
  return { namespace: params['namespace'] ?? '', secret: query.get('secret') ?? '' }
}

export async function searchImages(rq: RouteRequest): Promise<Reply> {
  const search = { ...place(rq), text: rq.query.get('q') ?? '' }
  try {
    const entries = await rq.app.registry.search.run(rq.ctx, search)
    return json({ total: entries.length, entries })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return textError(error, error instanceof RegistryError ? 500 : error.code)
  }
}

export async function imageConfig(rq: RouteRequest): Promise<Reply> {
  const args = { ...place(rq), image: rq.query.get('image') ?? '' }
  try {
    const { config } = await rq.app.registry.image.run(rq.ctx, args)
    return json(imageConfigBody(config))
  } catch (error) {
    return imageError(error)
  }
}

/** @NOTE the order is the greatest first, or, with `ascending`, the registry's own backwards (resources-tenant.md §8.4). */
export async function repositoryTags(rq: RouteRequest): Promise<Reply> {
  const repository = rq.query.get('repository') ?? ''
  if (repository === '') {
    return textError(new ApiError(400, 'BadRequest', 'empty repository name'))
  }
  try {
    const found = await rq.app.registry.tags.run(rq.ctx, { ...place(rq), repository })
    const query = listQuery(rq.query)
    const tags = query.ascending ? found.tags.toReversed() : found.tags.toSorted(greatestFirst)
    const { start, end } = slicePositions(tags.length, query)
    return json({
      registry: found.registry,
      repository: found.repository,
      tags: tags.slice(start, end),
      total: tags.length,
    })
  } catch (error) {
    return imageError(error)
  }
}

function greatestFirst(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0
}

/** @NOTE every failure is a 400; a body that cannot be read is answered in two lines (resources-tenant.md §8.1). */
export async function verifyRegistrySecret(rq: RouteRequest): Promise<Reply> {
  let secret: Record<string, unknown>
  try {
    secret = asObject(await rq.entity(), 'v1.Secret')
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 400) throw error
    const reply = textError(error)
    return { ...reply, body: `${reply.body as string}${VERIFY_FAILED}${WANTED_TYPE}\n` }
  }
  try {
    const namespace = rq.params['namespace'] ?? ''
    await rq.app.registry.verifySecret.run(rq.ctx, { namespace, secret })
    return json(secretBody(secret))
  } catch (error) {
    return refusedLogin(error, VERIFY_FAILED)
  }
}

function secretBody(secret: Record<string, unknown>): object {
  const { kind, apiVersion, metadata, immutable, data, stringData, type } = secret
  return {
    ...(kind ? { kind } : {}),
    ...(apiVersion ? { apiVersion } : {}),
    metadata: { creationTimestamp: null, ...asStruct(metadata, 'v1.ObjectMeta') },
    ...(typeof immutable === 'boolean' ? { immutable } : {}),
    ...(data ? { data } : {}),
    ...(stringData ? { stringData } : {}),
    ...(type ? { type } : {}),
  }
}

/** @NOTE success has no body, and every failure is a 400 (resources-tenant.md §9.3). */
export async function verifyRegistry(rq: RouteRequest): Promise<Reply> {
  try {
    const fields = asStruct(await rq.entity(), 'registries.AuthConfig')
    await rq.app.registry.verifyCredential.run(rq.ctx, {
      username: text(fields['username']),
      password: text(fields['password']),
      server: text(fields['serverhost']),
    })
    return empty()
  } catch (error) {
    return refusedLogin(error, '')
  }
}

function refusedLogin(error: unknown, prefix: string): Reply {
  if (error instanceof RegistryError || (error instanceof ApiError && error.code === 400)) {
    return textError(new ApiError(400, 'BadRequest', prefix + error.message))
  }
  throw error
}
