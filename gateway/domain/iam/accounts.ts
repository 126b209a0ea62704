import { badRequest, notFound } from '../../lib/errors.ts'
import { USERS } from '../names.ts'
import { attributes, type Attributes, type OperationScope } from '../operation.ts'
import type { IamDeps } from './index.ts'
import type { User } from './types.ts'

/** What a call on users needs (iam-oauth.md §14). */
export function userAttributes(verb: string, name = '', subresource = ''): Attributes {
  return attributes({
    verb,
    apiGroup: 'iam.kubesphere.io',
    apiVersion: 'v1beta1',
    resource: 'users',
    subresource,
    name,
    scope: 'Global',
  })
}

/** The account as cached, password included. Throws ApiError 404 in the cache's words. */
export async function storedUser(
  deps: IamDeps,
  scope: OperationScope,
  name: string,
): Promise<User> {
  const store = await deps.host.caches.store(USERS, scope.signal)
  const entry = store.get('', name)
  if (!entry) throw notFound('iam.kubesphere.io', 'User', name)
  return entry.object as User
}

/** Throws ApiError 400 when the object of a body is not the one of the URL. */
export function demandSameName(body: string, url: string): void {
  if (body === url) return
  throw badRequest(`the name of the object (${body}) does not match the name on the URL (${url})`)
}
