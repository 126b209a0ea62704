import {
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLE_ANNOTATION,
  GLOBAL_ROLE_BINDINGS,
  GRANTED_CLUSTERS,
  USERS,
  USER_REF,
} from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { isDeleting, type Kit } from './kit.ts'
import { byLabel, own, splitKey, type Reconciler } from './reconciler.ts'

/** A role change deletes one binding and makes another: what lies between is not looked at. */
const restMs = 250

/** Keeps the annotations of an account that repeat its bindings: global role and granted clusters. */
export function accountAnnotations(kit: Kit): Reconciler {
  return {
    name: 'user-annotations',
    sources: [
      { ...own(USERS), delayMs: restMs },
      byLabel(GLOBAL_ROLE_BINDINGS, USER_REF, restMs),
      byLabel(CLUSTER_ROLE_BINDINGS, USER_REF, restMs),
    ],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const user = kit.get(USERS, name)
      if (!user || isDeleting(user)) return
      await kit.edit(
        USERS,
        user,
        (draft) => {
          const annotations = { ...draft.metadata.annotations }
          setGlobalRole(kit, name, annotations)
          setGrantedClusters(kit, name, annotations)
          if (Object.keys(annotations).length > 0) draft.metadata.annotations = annotations
          else delete draft.metadata.annotations
        },
        signal,
      )
    },
  }
}

/** One binding: its role. None: empty, unless nobody ever set it. More than one: as it is. */
function setGlobalRole(kit: Kit, name: string, annotations: Record<string, string>): void {
  const roles = [...kit.store(GLOBAL_ROLE_BINDINGS).withLabel(USER_REF, name)].flatMap(
    ({ object }) => roleOf(object) ?? [],
  )
  if (roles.length === 1 && roles[0]) annotations[GLOBAL_ROLE_ANNOTATION] = roles[0]
  else if (roles.length === 0 && annotations[GLOBAL_ROLE_ANNOTATION]) {
    annotations[GLOBAL_ROLE_ANNOTATION] = ''
  }
}

/** This cluster is granted to whoever has a cluster role in it; other clusters in the list stay. */
function setGrantedClusters(kit: Kit, name: string, annotations: Record<string, string>): void {
  const { hostName } = kit.settings
  const granted = [...kit.store(CLUSTER_ROLE_BINDINGS).withLabel(USER_REF, name)].length > 0
  const listed = (annotations[GRANTED_CLUSTERS] ?? '').split(',').filter(Boolean)
  if (granted === listed.includes(hostName)) return
  const next = granted ? [...listed, hostName] : listed.filter((one) => one !== hostName)
  if (next.length > 0) annotations[GRANTED_CLUSTERS] = next.join(',')
  else delete annotations[GRANTED_CLUSTERS]
}

function roleOf(binding: KubeObject): string | undefined {
  return (binding['roleRef'] as { name?: string } | undefined)?.name
}
