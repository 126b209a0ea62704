import type { Entry } from '../../kube/api.ts'
import type { KindInfo, KubeObject } from '../../kube/types.ts'
import type { Row } from '../selection/index.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** An account without its password hash, nor the copy of it that `kubectl apply` leaves behind. */
function withoutHash(object: KubeObject): KubeObject {
  const { password: _hash, ...spec } = (object['spec'] ?? {}) as Record<string, unknown>
  const { [LAST_APPLIED]: _applied, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations }, spec }
}

/** A cluster without the credentials of its connection. */
function withoutCredentials(object: KubeObject): KubeObject {
  const spec = (object['spec'] ?? {}) as { connection?: Record<string, unknown> }
  const { kubeconfig: _kubeconfig, token: _token, ...connection } = spec.connection ?? {}
  return { ...object, spec: { ...spec, connection } }
}

/** What an answer may show of an object; undefined where all of it may be shown. */
function censorOf({ group, resource }: KindInfo): ((object: KubeObject) => KubeObject) | undefined {
  if (group === 'iam.kubesphere.io' && resource === 'users') {
    return withoutHash
  }
  return group === 'cluster.kubesphere.io' && resource === 'clusters'
    ? withoutCredentials
    : undefined
}

/** The object without password hashes and credentials of clusters. The argument is left as it is. */
export function visible(info: KindInfo, object: KubeObject): KubeObject {
  return censorOf(info)?.(object) ?? object
}

/** Rows that show what may be shown, to filters and sort keys too: nobody finds out a hash by asking for it. */
export function visibleRows(info: KindInfo, entries: Iterable<Entry>): Row[] {
  const censor = censorOf(info)
  if (!censor) return [...entries]
  return Array.from(entries, (entry) => ({
    namespace: entry.namespace,
    name: entry.name,
    uid: entry.uid,
    created: entry.created,
    labels: entry.labels,
    get annotations() {
      return censor(entry.object).metadata.annotations ?? {}
    },
    get object() {
      return censor(entry.object)
    },
  }))
}
