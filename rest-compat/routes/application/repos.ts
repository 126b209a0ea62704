import { json } from '../../wire/index.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { repoDraft } from './bodies.ts'
import { listArgs, param, placeOf, storeList, success } from './replies.ts'

const one = (rq: RouteRequest) => ({ ...placeOf(rq), name: param(rq, 'repo') })

export async function listRepos(rq: RouteRequest): Promise<Reply> {
  return storeList(rq, await rq.app.application.repos.list.run(rq.ctx, listArgs(rq)), true)
}

export async function getRepo(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.application.repos.get.run(rq.ctx, one(rq)))
}

/** @NOTE `validate` with any value, `false` too, means "only try". */
const validate = ({ query }: RouteRequest): boolean => (query.get('validate') ?? '') !== ''

function saved(rq: RouteRequest, name: string): Reply {
  return json(validate(rq) ? { ok: true } : { repo_id: name })
}

export async function createRepo(rq: RouteRequest): Promise<Reply> {
  const repo = await repoDraft(rq)
  const args = { ...placeOf(rq), repo, validate: validate(rq) }
  await rq.app.application.repos.create.run(rq.ctx, args)
  return saved(rq, repo.name)
}

export async function updateRepo(rq: RouteRequest): Promise<Reply> {
  const repo = await repoDraft(rq, param(rq, 'repo'))
  const args = { ...placeOf(rq), repo, validate: validate(rq) }
  await rq.app.application.repos.update.run(rq.ctx, args)
  return saved(rq, repo.name)
}

export async function deleteRepo(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.repos.delete.run(rq.ctx, one(rq))
  return success()
}

export async function syncRepo(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.repos.sync.run(rq.ctx, one(rq))
  return success()
}

export async function repoEvents(rq: RouteRequest): Promise<Reply> {
  const args = { ...one(rq), query: listArgs(rq).query }
  return storeList(rq, await rq.app.application.repos.events.run(rq.ctx, args))
}
