import type { ClusterAccess } from '../../kube/api.ts'
import { resourcePath, type KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import type { OperationScope } from '../operation.ts'
import { manifestObjects } from './charts.ts'
import { askAsCaller, type ObjectDeps } from './cluster-objects.ts'
import { helmManifest } from './helm-release.ts'
import { objectsOf, targetOf, type Target } from './manifest.ts'
import type { ApplicationRelease } from './types.ts'

/** Most objects of one release that are looked at. */
const MOST = 200

/**
 * The objects of a release as they are in its cluster, read with the rights of the caller; one that cannot be read tells
 * why in `status.state` (platform-apis.md §10.6). Undefined where nothing can be read at all, as of a chart that is not
 * installed.
 */
export async function liveObjects(
  deps: ObjectDeps,
  scope: OperationScope,
  release: ApplicationRelease,
): Promise<KubeObject[] | undefined> {
  const { cluster, namespace } = targetOf(release)
  try {
    const { discovery, client } = await deps.access(cluster)
    const objects =
      release.spec.appType === 'helm'
        ? await ofChart({ client }, { name: release.metadata.name ?? '', namespace }, scope.signal)
        : objectsOf(release)
    const live: KubeObject[] = []
    for (const object of objects?.slice(0, MOST) ?? []) {
      live.push(await liveObject(deps, scope, { cluster, namespace, discovery }, object))
    }
    return live
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

/** Helm puts objects that name no namespace into that of the release. */
async function ofChart(
  access: Pick<ClusterAccess, 'client'>,
  at: { readonly name: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<KubeObject[] | undefined> {
  const manifest = await helmManifest(access, at, signal)
  return manifest && manifestObjects(manifest).map((object) => ({ metadata: {}, ...object }))
}

async function liveObject(
  deps: ObjectDeps,
  scope: OperationScope,
  target: Target & { readonly discovery: ClusterAccess['discovery'] },
  { apiVersion = '', kind = '', metadata }: KubeObject,
): Promise<KubeObject> {
  const { name = '', namespace = target.namespace, labels, annotations } = metadata
  const [version = '', group = ''] = apiVersion.split('/').toReversed()
  try {
    const info = await target.discovery.findKind({ group, version, kind })
    if (!info) throw new ApiError(404, 'NotFound', `no matches for kind "${kind}"`)
    const at = { name, namespace: info.namespaced ? namespace : undefined }
    const found = await askAsCaller<KubeObject>(deps, scope, target.cluster, {
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
