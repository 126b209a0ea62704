import type { ClusterAccess } from '../../kube/api.ts'
import { resourcePath, type KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import { NAMESPACES } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { manifestObjects } from './charts.ts'
import { askAsCaller, shownAs, type ObjectDeps } from './cluster-objects.ts'
import { helmManifest } from './helm-release.ts'
import { objectsOf, targetOf, type Target } from './manifest.ts'
import { workspaceOf } from './stored.ts'
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
        ? await ofChart(deps, { client }, release, namespace, scope.signal)
        : await objectsOf(deps, release)
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

/**
 * Helm puts objects that name no namespace into that of the release. What Helm keeps is read with this process's rights,
 * so that a release only shows what was installed in its own workspace.
 */
async function ofChart(
  { yaml }: Pick<ObjectDeps, 'yaml'>,
  access: Pick<ClusterAccess, 'client'>,
  { metadata }: ApplicationRelease,
  namespace: string,
  signal: AbortSignal,
): Promise<KubeObject[] | undefined> {
  const { labels } = (await access.client.get(NAMESPACES, namespace, { signal })).metadata
  if (workspaceOf(labels) !== workspaceOf(metadata.labels)) return undefined
  const manifest = await helmManifest(access, { name: metadata.name ?? '', namespace }, signal)
  if (!manifest) return undefined
  const objects = await manifestObjects(yaml, manifest)
  return objects.map((object) => ({ metadata: {}, ...object }))
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
    const found = await askAsCaller<KubeObject>(deps, scope, target.cluster, () => ({
      path: resourcePath(info, at),
    }))
    return shownAs(info, found)
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
