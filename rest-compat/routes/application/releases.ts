import type { KubeObject } from '../../../gateway/kube/types.ts'
import { json } from '../../wire/index.ts'
import { asObject } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { storeEntity, unreadable } from './errors.ts'
import { listArgs, param, placeOf, storeList, success } from './replies.ts'

const one = (rq: RouteRequest) => ({ ...placeOf(rq), name: param(rq, 'application') })

export async function listReleases(rq: RouteRequest): Promise<Reply> {
  const { states: _states, ...args } = listArgs(rq)
  const appId = rq.query.get('appID') ?? ''
  const page = await rq.app.application.releases.list.run(rq.ctx, { ...args, appId })
  return storeList(rq, page)
}

export async function getRelease(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.application.releases.get.run(rq.ctx, one(rq)))
}

export async function createRelease(rq: RouteRequest): Promise<Reply> {
  const args = { ...placeOf(rq), release: await release(rq) }
  await rq.app.application.releases.create.run(rq.ctx, args)
  return success()
}

/** @NOTE the name comes out of the body; the path only says that the release must be there. */
export async function updateRelease(rq: RouteRequest): Promise<Reply> {
  const args = { ...placeOf(rq), release: await release(rq) }
  await rq.app.application.releases.update.run(rq.ctx, args)
  return success()
}

export async function deleteRelease(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.releases.delete.run(rq.ctx, one(rq))
  return success()
}

async function release(rq: RouteRequest): Promise<KubeObject> {
  try {
    return { metadata: {}, ...asObject(await storeEntity(rq), 'v2.ApplicationRelease') }
  } catch (error) {
    throw unreadable(error)
  }
}
