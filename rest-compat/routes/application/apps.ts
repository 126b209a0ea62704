import { badRequest } from '../../../gateway/lib/errors.ts'
import { json } from '../../wire/index.ts'
import { asStruct, goBool, text } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { appChange, appRequest } from './bodies.ts'
import { listArgs, param, placeOf, storeList, success } from './replies.ts'

const one = (rq: RouteRequest) => ({ ...placeOf(rq), name: param(rq, 'app') })

/** Throws ApiError 400 for text that is no Go bool. */
export function validateOf({ query }: RouteRequest): boolean {
  const value = query.get('validate') ?? ''
  if (value === '') return false
  const parsed = goBool(value)
  if (parsed === undefined)
    throw badRequest(`strconv.ParseBool: parsing "${value}": invalid syntax`)
  return parsed
}

export async function listApps(rq: RouteRequest): Promise<Reply> {
  return storeList(rq, await rq.app.application.apps.list.run(rq.ctx, listArgs(rq)), true)
}

export async function getApp(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.application.apps.get.run(rq.ctx, one(rq)))
}

export async function createApp(rq: RouteRequest): Promise<Reply> {
  const validate = validateOf(rq)
  const args = { ...placeOf(rq), request: await appRequest(rq), validate }
  return json(await rq.app.application.apps.create.run(rq.ctx, args))
}

/** @NOTE the body's `appName` says which application; the one of the path only that it must be there. */
export async function replaceApp(rq: RouteRequest): Promise<Reply> {
  const validate = validateOf(rq)
  const request = await appRequest(rq)
  if (request.appName !== '' && request.appName !== param(rq, 'app')) {
    throw badRequest('the appName of the body is not the one of the path')
  }
  const args = { ...placeOf(rq), request, validate }
  return json(await rq.app.application.apps.replace.run(rq.ctx, args))
}

/** @NOTE what the body leaves out becomes empty. */
export async function updateApp(rq: RouteRequest): Promise<Reply> {
  const change = await appChange(rq)
  return json(await rq.app.application.apps.update.run(rq.ctx, { ...one(rq), change }))
}

export async function deleteApp(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.apps.delete.run(rq.ctx, one(rq))
  return success()
}

export async function actOnApp(rq: RouteRequest): Promise<Reply> {
  const body = asStruct(await rq.entity(), 'v2.ApplicationStatus')
  const args = { name: param(rq, 'app'), state: text(body['state']) }
  await rq.app.application.apps.act.run(rq.ctx, args)
  return success()
}

export async function exampleCr(rq: RouteRequest): Promise<Reply> {
  const args = { ...placeOf(rq), app: param(rq, 'app'), name: param(rq, 'name') }
  return json({ Object: await rq.app.application.example.run(rq.ctx, args) })
}
