import type { KubeObject } from '../../../gateway/kube/types.ts'
import { empty, json } from '../../wire/index.ts'
import { asObject } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { storeEntity, unreadable } from './errors.ts'
import { listArgs, param, placeOf, storeList } from './replies.ts'

function ofRelease(rq: RouteRequest) {
  const of = (name: string): string => rq.query.get(name) ?? ''
  return {
    ...placeOf(rq),
    application: param(rq, 'application'),
    cluster: of('cluster'),
    gvr: { group: of('group'), version: of('version'), resource: of('resource') },
  }
}

const one = (rq: RouteRequest) => ({
  ...ofRelease(rq),
  name: param(rq, 'crname'),
  objectNamespace: rq.query.get('namespace') ?? '',
})

export async function listObjects(rq: RouteRequest): Promise<Reply> {
  const args = { ...ofRelease(rq), query: listArgs(rq).query }
  return storeList(rq, await rq.app.application.objects.list.run(rq.ctx, args), true)
}

export async function getObject(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.application.objects.get.run(rq.ctx, one(rq)))
}

export async function applyObject(rq: RouteRequest): Promise<Reply> {
  const args = { ...ofRelease(rq), object: await object(rq) }
  await rq.app.application.objects.apply.run(rq.ctx, args)
  return empty()
}

export async function deleteObject(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.objects.delete.run(rq.ctx, one(rq))
  return empty()
}

async function object(rq: RouteRequest): Promise<KubeObject> {
  try {
    return { metadata: {}, ...asObject(await storeEntity(rq), 'unstructured.Unstructured') }
  } catch (error) {
    throw unreadable(error)
  }
}
