import { json } from '../../wire/index.ts'
import { asStruct, text } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { validateOf } from './apps.ts'
import { appRequest } from './bodies.ts'
import { storeEntity, unreadable } from './errors.ts'
import { listArgs, param, placeOf, storeList, success } from './replies.ts'

const ofApp = (rq: RouteRequest) => ({ ...placeOf(rq), app: param(rq, 'app') })
const one = (rq: RouteRequest) => ({ ...ofApp(rq), name: param(rq, 'version') })
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

export async function listVersions(rq: RouteRequest): Promise<Reply> {
  const args = { ...ofApp(rq), ...listArgs(rq) }
  return storeList(rq, await rq.app.application.versions.list.run(rq.ctx, args), true)
}

export async function listReviews(rq: RouteRequest): Promise<Reply> {
  return storeList(rq, await rq.app.application.versions.reviews.run(rq.ctx, listArgs(rq)))
}

export async function getVersion(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.application.versions.get.run(rq.ctx, one(rq)))
}

export async function createVersion(rq: RouteRequest): Promise<Reply> {
  const validate = validateOf(rq)
  const args = { ...ofApp(rq), request: await appRequest(rq), validate }
  return json(shortened(await rq.app.application.versions.create.run(rq.ctx, args)))
}

/** @NOTE the name of the version comes out of the body; the path only says that it must be there. */
export async function replaceVersion(rq: RouteRequest): Promise<Reply> {
  const validate = validateOf(rq)
  const args = { ...one(rq), request: await appRequest(rq), validate }
  return json(shortened(await rq.app.application.versions.replace.run(rq.ctx, args)))
}

function shortened({ resources: _resources, ...rest }: { resources: unknown }): object {
  return rest
}

export async function deleteVersion(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.versions.delete.run(rq.ctx, one(rq))
  return success()
}

export async function versionPackage(rq: RouteRequest): Promise<Reply> {
  const args = one(rq)
  const bytes = await rq.app.application.versions.package.run(rq.ctx, args)
  return json({ appID: args.app, package: base64(bytes), versionID: args.name })
}

export async function versionFiles(rq: RouteRequest): Promise<Reply> {
  const files = await rq.app.application.versions.files.run(rq.ctx, one(rq))
  const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return json(Object.fromEntries(sorted.map(([name, data]) => [name, base64(data)])))
}

export async function actOnVersion(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.versions.act.run(rq.ctx, { ...one(rq), action: await action(rq) })
  return success()
}

async function action(rq: RouteRequest) {
  try {
    const body = asStruct(await storeEntity(rq), 'v2.ApplicationVersionStatus')
    return {
      state: text(body['state']),
      message: text(body['message']),
      userName: text(body['userName']),
    }
  } catch (error) {
    throw unreadable(error)
  }
}
