import type { LoginRecord, User } from '../../../gateway/domain/iam/index.ts'
import { json, listOf } from '../../wire/index.ts'
import { listQuery } from '../../wire/query.ts'
import { asObject, asStruct, text, typedAs, untyped } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'

const SUCCESS = { message: 'success' }

export async function listUsers({ app, ctx, query }: RouteRequest): Promise<Reply> {
  const args = { query: listQuery(query), globalRole: query.get('globalrole') ?? undefined }
  const page = await app.iam.users.list.run(ctx, args)
  return listOf(page.items, page.totalItems)
}

export async function getUser({ app, ctx, params }: RouteRequest): Promise<Reply> {
  return json(await app.iam.users.get.run(ctx, { name: params['user'] ?? '' }))
}

/** @NOTE the answer lacks kind and apiVersion (iam-oauth.md §24.5). */
export async function createUser(rq: RouteRequest): Promise<Reply> {
  const user = asUser(await rq.entity())
  return json(untyped(await rq.app.iam.users.create.run(rq.ctx, { user })))
}

/** @NOTE kind and apiVersion of the answer are those of the body (iam-oauth.md §24.5). */
export async function updateUser(rq: RouteRequest): Promise<Reply> {
  const user = asUser(await rq.entity())
  const args = { name: rq.params['user'] ?? '', user }
  return json(typedAs(await rq.app.iam.users.update.run(rq.ctx, args), user))
}

export async function deleteUser({ app, ctx, params }: RouteRequest): Promise<Reply> {
  await app.iam.users.delete.run(ctx, { name: params['user'] ?? '' })
  return json(SUCCESS)
}

export async function setPassword(rq: RouteRequest): Promise<Reply> {
  const body = asStruct(await rq.entity(), 'v1beta1.PasswordReset')
  await rq.app.iam.users.setPassword.run(rq.ctx, {
    name: rq.params['user'] ?? '',
    currentPassword: text(body['currentPassword']),
    password: text(body['password']),
  })
  return json(SUCCESS)
}

export async function listLoginRecords({ app, ctx, params, query }: RouteRequest): Promise<Reply> {
  const args = { name: params['user'] ?? '', query: listQuery(query) }
  const page = await app.iam.users.loginRecords.run(ctx, args)
  return listOf(page.items satisfies readonly LoginRecord[], page.totalItems)
}

export async function listRoleTemplates({ app, ctx, params, query }: RouteRequest): Promise<Reply> {
  const items = await app.iam.users.roleTemplates.run(ctx, {
    name: params['username'] ?? '',
    scope: query.get('scope') ?? '',
    workspace: query.get('workspace') ?? undefined,
    namespace: query.get('namespace') ?? undefined,
  })
  return listOf(items, items.length)
}

function asUser(body: unknown): Partial<User> {
  const user = asObject(body, 'v1beta1.User') as Partial<User>
  const { spec } = user
  if (!spec) return user
  const checked = { ...spec }
  for (const field of ['email', 'lang', 'description', 'displayName', 'password'] as const) {
    if (field in spec) checked[field] = text(spec[field])
  }
  const groups: unknown = spec.groups
  if (groups === null || groups === undefined) delete checked.groups
  else checked.groups = (Array.isArray(groups) ? groups : [groups]).map((group) => text(group))
  return { ...user, spec: checked }
}
