import type { Entry } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, alreadyExists, badRequest, notFound } from '../../lib/errors.ts'
import { CLUSTERS, NAMESPACES, WORKSPACE_LABEL } from '../names.ts'
import type { Operation, OperationScope } from '../operation.ts'
import type { Paged } from '../resources/index.ts'
import { manifestObjects } from './charts.ts'
import type { ObjectDeps } from './cluster-objects.ts'
import { liveObjects } from './live.ts'
import {
  APP_ID,
  APP_VERSION_ID,
  CLUSTER_LABEL,
  CREATOR,
  GROUP,
  NAMESPACE_LABEL,
  RELEASES,
  storeAttributes,
  VERSIONS,
  type Place,
} from './names.ts'
import { showRelease } from './shapes.ts'
import {
  createStored,
  deleteStored,
  demandSamePlace,
  isOwned,
  isVisible,
  listStored,
  stateOf,
  storedEntry,
  replaceStored,
  workspaceOf,
  type StoreDeps,
  type StoreListArgs,
} from './stored.ts'
import type { ApplicationRelease } from './types.ts'

type OneRelease = Place & { readonly name: string }
type Saving = Place & { readonly release: KubeObject }

export interface ReleaseOperations {
  readonly list: Operation<
    StoreListArgs & { readonly appId?: string | undefined },
    Paged<ApplicationRelease>
  >
  readonly get: Operation<OneRelease, ApplicationRelease>
  readonly create: Operation<Saving, void>
  /** Replaces a release; the stored resourceVersion counts. */
  readonly update: Operation<Saving, void>
  readonly delete: Operation<OneRelease, void>
}

const REQUIRED = [APP_ID, CLUSTER_LABEL, WORKSPACE_LABEL, NAMESPACE_LABEL]

const needs = (verb: string, place: Place, name = '') =>
  storeAttributes(verb, 'applications', place, name)

/** Applications that are installed, as objects: platform-apis.md §10.6. A controller does the installing. */
export function releaseOperations(deps: ObjectDeps): ReleaseOperations {
  const at = (scope: OperationScope, { name, ...place }: OneRelease) => {
    const of = { gvr: RELEASES, kind: 'ApplicationRelease', name }
    return storedEntry(deps, scope, of, (entry) => isOwned(entry, place))
  }
  return {
    list: {
      name: 'application.releases.list',
      needs: (args) => needs('list', args),
      run: (scope, args) =>
        listStored(deps, scope, RELEASES, args, showRelease, (entry) => {
          if (args.appId && entry.labels[APP_ID] !== args.appId) return false
          return isOwned(entry, args)
        }),
    },
    get: {
      name: 'application.releases.get',
      needs: (args) => needs('get', args, args.name),
      async run(scope, args) {
        const release = showRelease((await at(scope, args)).object)
        const live = await liveObjects(deps, scope, release)
        if (!live?.length) return release
        return { ...release, status: { ...release.status, realTimeResources: live } }
      },
    },
    create: {
      name: 'application.releases.create',
      needs: (args) => needs('create', args),
      async run(scope, args) {
        const release = await checked(deps, scope, args)
        const name = release.metadata.name ?? ''
        const store = await deps.host.caches.store(RELEASES, scope.signal)
        if (store.get('', name)) throw alreadyExists(GROUP, 'applicationreleases', name)
        await createStored(deps, scope, RELEASES, release)
      },
    },
    update: {
      name: 'application.releases.update',
      needs: (args) => needs('create', args, args.release.metadata.name),
      async run(scope, args) {
        const release = await checked(deps, scope, args)
        const name = release.metadata.name ?? ''
        const entry = await at(scope, { ...args, name })
        await replaceStored(deps, scope, RELEASES, entry.object, ({ metadata }) => {
          const { finalizers } = metadata
          const kept = finalizers ? { finalizers } : {}
          return { ...release, metadata: { ...kept, ...release.metadata } }
        })
      },
    },
    delete: {
      name: 'application.releases.delete',
      needs: (args) => needs('delete', args, args.name),
      async run(scope, args) {
        await deleteStored(deps, scope, RELEASES, await at(scope, args))
      },
    },
  }
}

/**
 * The release as it is to be written. Throws ApiError 400 for missing labels, another place than the caller's and a
 * namespace of another workspace, 404 for a missing cluster, 422 for a version that cannot be installed and for objects
 * that do not fit the version's.
 */
async function checked(
  deps: StoreDeps,
  scope: OperationScope,
  { release, ...place }: Saving,
): Promise<KubeObject> {
  const labels = release.metadata.labels ?? {}
  for (const label of REQUIRED) if (!labels[label]) throw badRequest(`must set ${label}`)
  demandSamePlace('workspace', place.workspace, labels[WORKSPACE_LABEL] ?? '')
  demandSamePlace('namespace', place.namespace, labels[NAMESPACE_LABEL] ?? '')
  await demandOwnNamespace(deps, scope, place, labels)
  const spec = (release['spec'] ?? {}) as Partial<ApplicationRelease['spec']>
  const { appVersionID = '', values, ...others } = spec
  const versions = await deps.host.caches.store(VERSIONS, scope.signal)
  const version = versions.get('', appVersionID)
  const seen = version && (await isForWorkspace(scope, version, labels[WORKSPACE_LABEL] ?? ''))
  if (spec.appType !== 'helm' && (seen || !version)) {
    await demandFitting(deps, scope, release, spec)
  }
  const state = seen ? stateOf(version.object) : ''
  if (state !== 'active') {
    const name = release.metadata.name ?? ''
    throw invalid(
      `invalid application version: ${appVersionID}, state: ${state}, for release: ${name}`,
    )
  }
  const { resourceVersion: _version, uid: _uid, ...metadata } = release.metadata
  return {
    ...release,
    apiVersion: `${GROUP}/v2`,
    kind: 'ApplicationRelease',
    metadata: {
      ...metadata,
      labels: { ...labels, [APP_VERSION_ID]: appVersionID },
      annotations: { ...metadata.annotations, [CREATOR]: scope.user.name },
    },
    // The schema takes bytes, and no bytes are not the empty text.
    spec: { appID: '', ...others, appVersionID, ...(values ? { values } : {}) },
  }
}

/** Whether a version may be installed in a workspace: who may see all applications brings one from anywhere. */
async function isForWorkspace(
  scope: OperationScope,
  version: Entry,
  workspace: string,
): Promise<boolean> {
  if (isVisible(version, { workspace })) return true
  const app = version.labels[APP_ID] ?? ''
  return scope.may(storeAttributes('get', 'apps', {}, app, 'versions'))
}

/**
 * Namespaces of the host, and those that a caller was let in by, are known; in other clusters the rights of the release's
 * creator decide.
 */
async function demandOwnNamespace(
  { host }: StoreDeps,
  { signal }: OperationScope,
  place: Place,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  if (labels[CLUSTER_LABEL] !== host.name && !place.namespace) return
  const name = labels[NAMESPACE_LABEL] ?? ''
  const workspace = labels[WORKSPACE_LABEL] ?? ''
  const found = (await host.caches.store(NAMESPACES, signal)).get('', name)
  if (!found || workspaceOf(found.labels) === workspace) return
  throw badRequest(`namespace ${name} is not one of workspace ${workspace}`)
}

/** Objects of a release of YAML are those of its version with other values, in the namespace of the release. */
async function demandFitting(
  deps: StoreDeps,
  scope: OperationScope,
  release: KubeObject,
  spec: Partial<ApplicationRelease['spec']>,
): Promise<void> {
  const labels = release.metadata.labels ?? {}
  const cluster = labels[CLUSTER_LABEL] ?? ''
  const clusters = await deps.host.caches.store(CLUSTERS, scope.signal)
  if (!clusters.get('', cluster)) throw notFound(CLUSTERS.group, 'Cluster', cluster)
  const bytes = await templateOf(deps, scope, spec.appVersionID ?? '')
  const template = await manifestObjects(deps.yaml, bytes)
  const objects = await manifestObjects(deps.yaml, Buffer.from(spec.values ?? '', 'base64'))
  if (objects.length !== template.length)
    throw invalid('yamlList and yamlTempList length not equal')
  for (const [index, object] of objects.entries()) {
    const wanted = template[index] ?? {}
    if (object['kind'] !== wanted['kind'] || object['apiVersion'] !== wanted['apiVersion']) {
      throw invalid('yamlList and yamlTempList not equal')
    }
    const { namespace = '' } = (object['metadata'] ?? {}) as { namespace?: string }
    if (namespace !== labels[NAMESPACE_LABEL]) {
      throw invalid('subresource must have same namespace with app release')
    }
  }
}

async function templateOf(
  deps: StoreDeps,
  scope: OperationScope,
  version: string,
): Promise<Uint8Array> {
  try {
    return await deps.packages.get(version, scope.signal)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'the package cannot be read'
    throw new ApiError(422, 'Invalid', why, { cause: error })
  }
}

function invalid(message: string): ApiError {
  return new ApiError(422, 'Invalid', message)
}
