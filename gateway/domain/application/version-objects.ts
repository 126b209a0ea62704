import type { KubeObject } from '../../kube/types.ts'
import { alreadyExists } from '../../lib/errors.ts'
import type { OperationScope } from '../operation.ts'
import { APP_ID, APPS, GROUP, LATEST_VERSION, versionId, VERSIONS } from './names.ts'
import { compareVersions, isVersion } from './semver.ts'
import { createStored, patchStored, storedEntry, replaceStored, type StoreDeps } from './stored.ts'
import { firstState, timestamp, versionObject } from './store-objects.ts'
import type { Application, AppRequest, ApplicationVersion } from './types.ts'

/**
 * Writes a version of an application and its package (platform-apis.md §10.5): the state starts anew with every write.
 * `how` says whether the version must be new or must be there; ApiError 409 or 404 where it is not so. Names run together
 * (version `b-1` of `a`, version `1` of `a-b`): a version of another application is not there.
 */
export async function writeVersion(
  deps: StoreDeps,
  scope: OperationScope,
  app: KubeObject,
  request: AppRequest,
  how: { readonly mustExist: boolean; readonly workspace: string },
): Promise<void> {
  const appName = app.metadata.name ?? ''
  const name = versionId(appName, request.versionName)
  const store = await deps.host.caches.store(VERSIONS, scope.signal)
  const current = store.get('', name)
  if (current && !how.mustExist) throw alreadyExists(GROUP, 'applicationversions', name)
  if (how.mustExist) {
    const of = { gvr: VERSIONS, kind: 'ApplicationVersion', name }
    await storedEntry(deps, scope, of, ({ labels }) => labels[APP_ID] === appName)
  }
  const object = versionObject(scope.now(), app, { ...request, appName }, how.workspace)
  if (current) await replaceStored(deps, scope, VERSIONS, current.object, () => object)
  else await createStored(deps, scope, VERSIONS, object)
  if (request.package.length > 0) await deps.packages.put(name, request.package, scope.signal)
  const status = {
    state: firstState(request.repoName),
    userName: scope.user.name,
    updated: timestamp(scope.now()),
  }
  await patchStored(deps, scope, VERSIONS, name, { status })
  await noteLatest(deps, scope, appName)
}

/** Writes the name of the newest version of an application on it. */
export async function noteLatest(
  deps: StoreDeps,
  scope: Pick<OperationScope, 'signal'>,
  app: string,
): Promise<void> {
  const store = await deps.host.caches.store(VERSIONS, scope.signal)
  const names = Array.from(
    store.withLabel(APP_ID, app),
    ({ object }) => (object as ApplicationVersion).spec.versionName,
  )
  const latest = names.filter(isVersion).toSorted(compareVersions).at(-1)
  if (latest === undefined) return
  const apps = await deps.host.caches.store(APPS, scope.signal)
  if (apps.get('', app)?.annotations[LATEST_VERSION] === latest) return
  const annotations = { [LATEST_VERSION]: latest }
  await patchStored<Application>(deps, scope, APPS, app, { metadata: { annotations } })
}
