import type { KubeObject } from '../../kube/types.ts'
import { alreadyExists } from '../../lib/errors.ts'
import { WORKSPACE_LABEL } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import {
  ALIAS,
  APP_ID,
  APP_TYPE,
  APPS,
  DESCRIPTION,
  GROUP,
  LATEST_VERSION,
  MAINTAINERS,
  REPO_NAME,
  SYSTEM_WORKSPACE,
  UPLOAD,
  versionId,
  VERSIONS,
} from './names.ts'
import { compareVersions, isVersion } from './semver.ts'
import { createStored, patchStored, storedEntry, updateStored, type StoreDeps } from './stored.ts'
import type { Application, AppRequest, ApplicationVersion } from './types.ts'

const FINALIZER = 'application.kubesphere.io/cleanup'

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** State of what was just uploaded, or came out of a repository. */
export function firstState(repoName: string): string {
  return repoName === UPLOAD ? 'draft' : 'active'
}

/**
 * Writes a version of an application and its package (platform-apis.md §10.5): the state starts anew with every write.
 * `how` says whether the version must be new or must be there; ApiError 409 or 404 where it is not so.
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
    await storedEntry(deps, scope, { gvr: VERSIONS, kind: 'ApplicationVersion', name })
  }
  const object = versionObject(scope, app, { ...request, appName }, name, how.workspace)
  if (current) {
    const { resourceVersion } = current
    object.metadata = { ...object.metadata, resourceVersion }
    await updateStored(deps, scope, VERSIONS, object)
  } else await createStored(deps, scope, VERSIONS, object)
  if (request.package.length > 0) await deps.packages.put(name, request.package, scope.signal)
  const status = {
    state: firstState(request.repoName),
    userName: scope.user.name,
    updated: timestamp(scope.now()),
  }
  await patchStored(deps, scope, VERSIONS, name, { status })
  await noteLatest(deps, scope, appName)
}

function versionObject(
  scope: OperationScope,
  app: KubeObject,
  request: AppRequest,
  name: string,
  workspace: string,
): KubeObject {
  return {
    apiVersion: `${GROUP}/v2`,
    kind: 'ApplicationVersion',
    metadata: {
      name,
      finalizers: [FINALIZER],
      ownerReferences: [
        {
          apiVersion: `${GROUP}/v2`,
          kind: 'Application',
          name: request.appName,
          uid: app.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      labels: {
        [REPO_NAME]: request.repoName,
        [APP_ID]: request.appName,
        [APP_TYPE]: request.appType,
        [WORKSPACE_LABEL]: workspace || SYSTEM_WORKSPACE,
      },
      annotations: {
        [ALIAS]: request.aliasName,
        [DESCRIPTION]: request.description,
        [MAINTAINERS]: request.maintainers[0]?.name ?? '',
      },
    },
    spec: {
      versionName: request.versionName,
      appHome: request.appHome,
      icon: request.icon,
      created: timestamp(scope.now()),
      digest: request.digest,
      appType: request.appType,
      maintainer: request.maintainers,
      pullUrl: request.pullUrl,
    },
  }
}

/** Writes the name of the newest version of an application on it. */
async function noteLatest(deps: StoreDeps, scope: OperationScope, app: string): Promise<void> {
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
