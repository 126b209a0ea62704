import type { OwnerReference } from '../../kube/types.ts'
import { badRequest } from '../../lib/errors.ts'
import type { NamedText } from './texts.ts'
import type { OwnerSelection } from './types.ts'

/** How far up owners are followed at most. */
export const mostLevels = 5

/** An owner that is looked for. */
export interface OwnerTest {
  readonly depth: number
  readonly is: (owner: Pick<OwnerReference, 'uid' | 'kind' | 'name'>) => boolean
}

/** What a filter by owner looks for. Throws ApiError 400 where it names none, or one in two ways. */
export function ownerTest({ uid, kind, name, depth }: OwnerSelection): OwnerTest {
  if (Boolean(uid) === Boolean(kind)) throw badRequest('"owner": one of "uid" and "kind" is needed')
  if (uid && name) throw badRequest('"owner": "name" goes with "kind"')
  const levels = depth ?? 1
  if (!Number.isInteger(levels) || levels < 1 || levels > mostLevels) {
    throw badRequest(`"owner": "depth" must be 1 to ${mostLevels}`)
  }
  return {
    depth: levels,
    is: (owner) =>
      uid ? owner.uid === uid : owner.kind === kind && (!name || owner.name === name),
  }
}

/** Uids of the owners that an object names, one a line. */
export const OWNER_UIDS: NamedText = {
  name: 'owner-uids',
  compute: ({ metadata }) => (metadata.ownerReferences ?? []).map(({ uid }) => uid).join('\n'),
}

/** The owners that an object names, as `ownersIn` reads them. */
export const OWNERS: NamedText = {
  name: 'owners',
  compute({ metadata }) {
    const named = (metadata.ownerReferences ?? []).map(({ apiVersion, kind, name, uid }) => [
      apiVersion,
      kind,
      name,
      uid,
    ])
    return named.length > 0 ? JSON.stringify(named) : ''
  },
}

/** The owners in a text of `OWNERS`. */
export function ownersIn(
  text: string,
): Pick<OwnerReference, 'apiVersion' | 'kind' | 'name' | 'uid'>[] {
  if (!text) return []
  const named = JSON.parse(text) as [string, string, string, string][]
  return named.map(([apiVersion, kind, name, uid]) => ({ apiVersion, kind, name, uid }))
}
