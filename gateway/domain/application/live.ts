import { resourcePath, type KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import type { OperationScope } from '../operation.ts'
import { manifestObjects } from './charts.ts'
import { askAsCaller, type ObjectDeps } from './cluster-objects.ts'
import { CLUSTER_LABEL } from './names.ts'
import type { ApplicationRelease } from './types.ts'

/** Most objects of one release that are looked at. */
const MOST = 200

/**
 * The objects of a release of YAML as they are in its cluster, read with the rights of the caller; one that cannot be
 * read tells why in `status.state` (platform-apis.md §10.6). Undefined for charts, and where nothing can be read at all.
 */
export async function liveObjects(
  deps: ObjectDeps,
  scope: OperationScope,
  { metadata, spec }: ApplicationRelease,
): Promise<KubeObject[] | undefined> {
  if (spec.appType === 'helm') return undefined
  const cluster = metadata.labels?.[CLUSTER_LABEL] ?? ''
  try {
    const wanted = manifestObjects(Buffer.from(spec.values ?? '', 'base64')).slice(0, MOST)
    const { discovery } = await deps.access(cluster)
    const live: KubeObject[] = []
    for (const object of wanted) {
      const known = { metadata: {}, ...object } as KubeObject
      live.push(await liveObject(deps, scope, cluster, discovery, known))
    }
    return live
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

async function liveObject(
  deps: ObjectDeps,
  scope: OperationScope,
  cluster: string,
  discovery: Awaited<ReturnType<ObjectDeps['access']>>['discovery'],
  { apiVersion = '', kind = '', metadata }: KubeObject,
): Promise<KubeObject> {
  const { name = '', namespace, labels, annotations } = metadata
  const [version = '', group = ''] = apiVersion.split('/').toReversed()
  try {
    const info = await discovery.findKind({ group, version, kind })
    if (!info) throw new ApiError(404, 'NotFound', `no matches for kind "${kind}"`)
    const at = { name, namespace: info.namespaced ? namespace : undefined }
    const found = await askAsCaller<KubeObject>(deps, scope, cluster, {
      path: resourcePath(info, at),
    })
    const { managedFields: _managed, ...kept } = found.metadata
    return { ...found, metadata: kept }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const known = {
      name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    }
    return { apiVersion, kind, metadata: known, status: { state: error.message } }
  }
}
