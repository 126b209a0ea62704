import { resourcePath, type KubeObject } from '../../kube/types.ts'
import { ApiError, isNotFound } from '../../lib/errors.ts'
import type { OperationScope } from '../operation.ts'
import { manifestObjects } from './charts.ts'
import { askAsCaller, type ObjectDeps } from './cluster-objects.ts'
import { CLUSTER_LABEL, NAMESPACE_LABEL, RELEASE_NAME } from './names.ts'

/** As the original's, so that either can take over what the other has written. */
const FIELD_MANAGER = 'v1.FieldManager'
/** Most objects of one release. */
const MOST = 200

/** Where a release is installed. */
export interface Target {
  readonly cluster: string
  readonly namespace: string
}

/** The target of a release; defaults as of platform-apis.md §10.6. */
export function targetOf({ metadata }: KubeObject): Target {
  const labels = metadata.labels ?? {}
  return {
    cluster: labels[CLUSTER_LABEL] || 'host',
    namespace: labels[NAMESPACE_LABEL] || 'default',
  }
}

/** The objects that a release of YAML consists of. Throws ApiError 400, 422 for values that are none. */
export async function objectsOf(
  { yaml }: Pick<ObjectDeps, 'yaml'>,
  release: KubeObject,
): Promise<KubeObject[]> {
  const { values = '' } = (release['spec'] ?? {}) as { values?: string }
  const objects = await manifestObjects(yaml, Buffer.from(values, 'base64'))
  if (objects.length > MOST) throw invalid(`a release cannot have more than ${MOST} objects`)
  return objects.map((object) => ({ metadata: {}, ...object }))
}

/**
 * Applies the objects of a release of YAML in its namespace (Kubernetes documentation, "Server-Side Apply") with the
 * rights of `user`; an annotation names the release. Throws ApiError of the first that cannot be applied.
 */
export async function applyRelease(
  deps: ObjectDeps,
  scope: Pick<OperationScope, 'user' | 'signal'>,
  release: KubeObject,
): Promise<void> {
  const target = targetOf(release)
  for (const object of await objectsOf(deps, release)) {
    const { path } = await addressOf(deps, target, object)
    await askAsCaller<KubeObject>(deps, scope, target.cluster, () => ({
      method: 'PATCH',
      path,
      query: { fieldManager: FIELD_MANAGER },
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify(signed(object, release)),
    }))
  }
}

function signed(object: KubeObject, release: KubeObject): KubeObject {
  const { metadata } = object
  const annotations = { ...metadata.annotations, [RELEASE_NAME]: release.metadata.name ?? '' }
  return { ...object, metadata: { ...metadata, annotations } }
}

/**
 * Deletes the objects of a release of YAML, last first. Those that were applied for it go whoever its creator is by now,
 * and no others: a release may name any object.
 */
export async function removeRelease(
  deps: ObjectDeps,
  signal: AbortSignal,
  release: KubeObject,
): Promise<void> {
  const target = targetOf(release)
  const { client } = await deps.access(target.cluster)
  for (const object of (await objectsOf(deps, release)).toReversed()) {
    try {
      const { path } = await addressOf(deps, target, object)
      const { metadata } = await client.json<KubeObject>({ path, signal })
      if (!isOf(release, metadata)) continue
      const { uid, resourceVersion } = metadata
      const body = { propagationPolicy: 'Background', preconditions: { uid, resourceVersion } }
      await client.json<KubeObject>({ method: 'DELETE', path, body, signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

/** Whether an object is there because of a release. */
function isOf({ metadata: { name } }: KubeObject, object: KubeObject['metadata']): boolean {
  const fields = (object.managedFields ?? []) as { manager?: string; operation?: string }[]
  const applied = fields.some(({ manager, operation }) => {
    return manager === FIELD_MANAGER && operation === 'Apply'
  })
  return applied && object.annotations?.[RELEASE_NAME] === name
}

async function addressOf(
  deps: ObjectDeps,
  { cluster, namespace }: Target,
  { apiVersion = '', kind = '', metadata }: KubeObject,
): Promise<{ path: string }> {
  const [version = '', group = ''] = apiVersion.split('/').toReversed()
  const { discovery } = await deps.access(cluster)
  const info = await discovery.findKind({ group, version, kind })
  if (!info) throw new ApiError(404, 'NotFound', `no matches for kind "${kind}"`)
  const { name = '' } = metadata
  if (name === '') throw invalid(`${kind} has no name`)
  if (info.namespaced && metadata.namespace !== namespace) {
    throw invalid('subresource must have same namespace with app release')
  }
  return { path: resourcePath(info, { name, namespace: info.namespaced ? namespace : undefined }) }
}

function invalid(message: string): ApiError {
  return new ApiError(422, 'Invalid', message)
}
