import type { KubeObject } from '../kube/types.ts'
import { CLUSTERS, USERS } from './names.ts'

/** What `kubectl apply` leaves behind: a copy of everything, secrets too. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

type Fields = Record<string, unknown>

export type Redactor = (object: KubeObject) => KubeObject

function withoutCopy({ metadata }: KubeObject): KubeObject['metadata'] {
  const annotations = metadata?.annotations
  if (!annotations || !Object.hasOwn(annotations, LAST_APPLIED)) return metadata
  const { [LAST_APPLIED]: _copy, ...kept } = annotations
  return { ...metadata, annotations: kept }
}

/** A User without its password hash. */
function withoutHash(object: KubeObject): KubeObject {
  if (typeof object['spec'] !== 'object' || object['spec'] === null) {
    return { ...object, metadata: withoutCopy(object) }
  }
  const { password: _hash, ...spec } = object['spec'] as Fields
  return { ...object, metadata: withoutCopy(object), spec }
}

/** A Cluster without kubeconfig and token. */
function withoutCredentials(object: KubeObject): KubeObject {
  const spec = object['spec'] as { connection?: Fields } | null | undefined
  if (!spec?.connection || typeof spec.connection !== 'object') {
    return { ...object, metadata: withoutCopy(object) }
  }
  const { kubeconfig: _kubeconfig, token: _token, ...connection } = spec.connection
  return { ...object, metadata: withoutCopy(object), spec: { ...spec, connection } }
}

/** A URL without user name and password; text that is no URL stays. */
export function withoutUser(text: string): string {
  const url = URL.parse(text)
  if (!url || (url.username === '' && url.password === '')) return text
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1')
}

/** A Repo of charts without password and private key, in its URL neither. */
function withoutRepoSecrets(object: KubeObject): KubeObject {
  const stored = object['spec'] as { credential?: Fields; url?: unknown } | null | undefined
  if (!stored || typeof stored !== 'object') return { ...object, metadata: withoutCopy(object) }
  const { url, credential } = stored
  const { password: _password, keyFile: _key, ...shown } = credential ?? {}
  const spec = {
    ...stored,
    ...(typeof url === 'string' ? { url: withoutUser(url) } : {}),
    ...(credential ? { credential: shown } : {}),
  }
  return { ...object, metadata: withoutCopy(object), spec }
}

/** What an answer leaves out of objects of a resource; undefined where all of it may be shown. */
export function redactorOf({
  group,
  resource,
}: {
  readonly group: string
  readonly resource: string
}): Redactor | undefined {
  if (group === USERS.group && resource === USERS.resource) return withoutHash
  if (group === CLUSTERS.group && resource === CLUSTERS.resource) return withoutCredentials
  if (group === 'application.kubesphere.io' && resource === 'repos') return withoutRepoSecrets
  return undefined
}
