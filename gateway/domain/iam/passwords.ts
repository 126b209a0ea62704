import { despiteConflicts } from '../../lib/conflicts.ts'
import { badRequest } from '../../lib/errors.ts'
import type { KubeObject } from '../../kube/types.ts'
import { USERS } from '../names.ts'
import { attributes, type OperationScope } from '../operation.ts'
import { written } from '../settle.ts'
import { storedUser } from './accounts.ts'
import type { IamDeps } from './index.ts'
import type { User } from './types.ts'

export interface PasswordChange {
  name: string
  currentPassword?: string | undefined
  password: string
}

/**
 * Sets a password. Whoever may not update everybody's has to know the current one, and a current one that is given
 * must be right whoever gives it (iam-oauth.md §16). An empty new password leaves the account without one.
 * Every session of the account ends, the caller's own too.
 * Throws ApiError 400 `incorrect old password`, 404, 409 when others keep changing the account, and 422 for a password
 * that the schema refuses.
 */
export async function setPassword(
  deps: IamDeps,
  scope: OperationScope,
  change: PasswordChange,
): Promise<void> {
  const { client } = deps.host
  const { name } = change
  await despiteConflicts(
    await storedUser(deps, scope, name),
    async (stored) => {
      const ready = await changed(deps, scope, change, stored)
      const updated = await client.update<User>(USERS, ready, { signal: scope.signal })
      await written(deps.host, USERS, updated)
    },
    () => client.get<User>(USERS, name, { signal: scope.signal }),
  )
  await deps.identity.revokeUser(name)
}

/** The account with its new password, once the caller has shown that it may be changed. */
async function changed(
  deps: IamDeps,
  scope: OperationScope,
  { currentPassword, password }: PasswordChange,
  stored: User,
): Promise<User | KubeObject> {
  const manager = await scope.may(
    attributes({ verb: 'update', resource: 'users', subresource: 'password', scope: 'Global' }),
  )
  if (!manager || currentPassword) {
    const right = await deps.identity.comparePassword(stored.spec.password, currentPassword ?? '')
    if (!right) throw badRequest('incorrect old password')
  }
  const { password: _old, ...spec } = stored.spec
  const next: User = {
    ...stored,
    spec: { ...spec, ...(password === '' ? {} : { password }) },
  }
  return password === '' ? next : deps.effects.userToWrite(next, stored)
}
