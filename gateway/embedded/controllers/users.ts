import { hash } from '@node-rs/bcrypt'
import { USERS } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import { passwordSchema } from '../seeds/crds/iam.ts'
import { dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { LAST_APPLIED, PASSWORD_CHANGED } from './names.ts'
import { keyOf, splitKey, type Reconciler } from './reconciler.ts'
import { cleanUpAfterUser } from './user-cleanup.ts'

export interface User extends KubeObject {
  spec: { email: string; password?: string; [field: string]: unknown }
  status?: {
    state?: string
    reason?: string
    lastTransitionTime?: string
    lastLoginTime?: string
  }
}

const USER_FINALIZER = 'finalizers.kubesphere.io/users'
const bcryptCost = 10
/** What bcrypt looks at; more would be as good as any other password with the same beginning. */
const hashedBytes = 72
const hashed = /^\$2[ayb]\$\d\d\$[./A-Za-z0-9]{53}$/

/** Accounts: passwords become hashes, new ones Active; what belonged to a deleted one goes too. */
export function users(kit: Kit): Reconciler {
  const deleted = new Set<string>()
  return {
    name: 'user',
    sources: [
      {
        gvr: USERS,
        keys({ type, entry }) {
          if (type === 'DELETED') deleted.add(entry.name)
          return [keyOf(entry)]
        },
      },
    ],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const user = kit.get(USERS, name)
      if (!user || deleted.has(name)) {
        // A new account of the name may be there already.
        await cleanUpAfterUser(kit, name, signal, createdAt(user))
        deleted.delete(name)
      }
      if (!user) return
      if (!isDeleting(user)) {
        await kit.edit(USERS, user, (draft) => settleUser(kit, draft as User), signal)
      } else if (user.metadata.finalizers?.includes(USER_FINALIZER)) {
        await cleanUpAfterUser(kit, name, signal)
        await kit.edit(USERS, user, (draft) => dropFinalizer(draft, USER_FINALIZER), signal)
      }
    },
  }
}

function createdAt(user: KubeObject | undefined): number {
  return user ? Date.parse(user.metadata.creationTimestamp ?? '') : Infinity
}

/** Hashes a plain password and makes a new account Active, in place. */
async function settleUser(kit: Kit, draft: User): Promise<void> {
  const password = draft.spec?.password
  if (password && !hashed.test(password)) {
    draft.spec.password = await hash(password, bcryptCost)
    const annotations: Record<string, string> = {
      ...draft.metadata.annotations,
      [PASSWORD_CHANGED]: kit.time(),
    }
    // kubectl apply keeps a copy of the object, with the plain password in it.
    delete annotations[LAST_APPLIED]
    draft.metadata.annotations = annotations
  }
  if (!draft.status?.state) {
    draft.status = { ...draft.status, state: 'Active', lastTransitionTime: kit.time() }
  }
}

/**
 * An account as it is to be written. A password that the schema refuses is sent as a dry run first, for a hash would
 * pass the schema whatever it was made from. Throws ApiError 422 as kube-apiserver words it.
 */
export async function userToWrite(
  kit: Kit,
  user: KubeObject,
  previous: KubeObject | undefined,
): Promise<KubeObject> {
  const draft = structuredClone(user) as User
  const password = draft.spec?.password
  if (password && !hashed.test(password) && !acceptable(password)) {
    await refuse(kit, draft, previous)
  }
  await settleUser(kit, draft)
  return draft
}

function acceptable(password: string): boolean {
  const { minLength, maxLength, pattern } = passwordSchema
  // The schema counts code points, and its `.` does not match a line break.
  const length = Array.from(password).length
  return (
    length >= minLength &&
    length <= maxLength &&
    Buffer.byteLength(password) <= hashedBytes &&
    new RegExp(pattern, 'u').test(password)
  )
}

async function refuse(kit: Kit, draft: User, previous: KubeObject | undefined): Promise<never> {
  const options = { dryRun: true } as const
  if (previous) await kit.client.update(USERS, draft, options)
  else await kit.client.create(USERS, draft, options)
  const name = draft.metadata.name ?? ''
  throw new ApiError(
    422,
    'Invalid',
    `User.iam.kubesphere.io "${name}" is invalid: spec.password: Invalid value: it is longer than ${hashedBytes} bytes`,
    { details: { name, group: 'iam.kubesphere.io', kind: 'User' } },
  )
}
