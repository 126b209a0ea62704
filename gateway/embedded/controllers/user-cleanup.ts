import {
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLE_BINDINGS,
  LOGIN_RECORDS,
  ROLE_BINDINGS,
  USERS,
  USER_REF,
  WORKSPACE_ROLE_BINDINGS,
  isLabelValue,
} from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import type { Kit } from './kit.ts'
import { SECRETS } from './names.ts'
import { byLabel, splitKey, type Reconciler } from './reconciler.ts'
import { systemNamespace } from '../seeds/platform.ts'

/** What refers to an account by label `iam.kubesphere.io/user-ref`. */
const userOwned = [
  LOGIN_RECORDS,
  GLOBAL_ROLE_BINDINGS,
  WORKSPACE_ROLE_BINDINGS,
  CLUSTER_ROLE_BINDINGS,
  ROLE_BINDINGS,
] as const

/**
 * Removes login records, bindings and kubeconfig of an account, so that a later one of that name starts afresh. Asks the
 * API server itself, since what was written a moment ago counts too. With `until`, epoch milliseconds, what is as young
 * as that or younger stays: it belongs to the later account.
 */
export async function cleanUpAfterUser(
  kit: Kit,
  name: string,
  signal?: AbortSignal,
  until = Infinity,
): Promise<void> {
  const isOld = ({ metadata }: KubeObject): boolean =>
    Date.parse(metadata.creationTimestamp ?? '') < until
  // A name that cannot stand in a label is in none.
  const labelled = isLabelValue(name) ? userOwned : []
  await Promise.all(
    labelled.map(async (gvr) => {
      const { items } = await kit.client.list(gvr, { labelSelector: `${USER_REF}=${name}`, signal })
      await Promise.all(
        items.filter(isOld).map(({ metadata }) =>
          kit.remove(
            gvr,
            {
              name: metadata.name ?? '',
              namespace: metadata.namespace ?? '',
              uid: metadata.uid ?? '',
            },
            signal,
          ),
        ),
      )
    }),
  )
  const secret = await kit.live(SECRETS, `kubeconfig-${name}`, systemNamespace, signal)
  if (secret?.metadata.labels?.['kubesphere.io/username'] !== name || !isOld(secret)) return
  await kit.remove(
    SECRETS,
    {
      namespace: systemNamespace,
      name: `kubeconfig-${name}`,
      uid: secret.metadata.uid ?? '',
    },
    signal,
  )
}

/** What belongs to accounts that were deleted while nobody watched: a new account of the name must not inherit it. */
export function orphans(kit: Kit): Reconciler {
  return {
    name: 'user-orphan',
    sources: userOwned.map((gvr) => ({ ...byLabel(gvr, USER_REF), onlyAtStart: true })),
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      if (kit.get(USERS, name) || (await kit.live(USERS, name, undefined, signal))) return
      kit.log.warn({ user: name }, 'removing what a deleted account left behind')
      await cleanUpAfterUser(kit, name, signal)
    },
  }
}
