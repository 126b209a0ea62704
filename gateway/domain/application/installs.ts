import { notFound } from '../../lib/errors.ts'
import type { KubeObject } from '../../kube/types.ts'
import { NAMESPACES, WORKSPACE_LABEL } from '../names.ts'
import type { Operation, OperationScope } from '../operation.ts'
import {
  ALIAS,
  APP_ID,
  CLUSTER_LABEL,
  DESCRIPTION,
  GROUP,
  NAMESPACE_LABEL,
  RELEASES,
  storeAttributes,
  VERSIONS,
  type Place,
} from './names.ts'
import type { ReleaseOperations } from './releases.ts'
import { showRelease } from './shapes.ts'
import { isOwned, storedEntry, type StoreDeps } from './stored.ts'
import type { ApplicationRelease, ApplicationVersion } from './types.ts'

interface Words {
  /** YAML. */
  readonly values?: string | undefined
  readonly alias?: string | undefined
  readonly description?: string | undefined
}

export interface InstallDraft extends Words {
  readonly name: string
  readonly workspace: string
  readonly cluster: string
  readonly namespace: string
  readonly app: string
  /** Object name of the version. */
  readonly version: string
}

export interface ReleaseChange extends Place, Words {
  readonly name: string
  readonly version?: string | undefined
}

/** Releases by what is to be installed, instead of whole objects. */
export interface InstallOperations {
  /** Without its live objects. Throws ApiError 404. */
  readonly get: Operation<Place & { readonly name: string }, ApplicationRelease>
  /** Throws ApiError 400 for a namespace of another workspace, 404, 409, 422. */
  readonly create: Operation<InstallDraft, ApplicationRelease>
  /** Another version or other values; what is absent stays. Throws ApiError 404, 422. */
  readonly change: Operation<ReleaseChange, ApplicationRelease>
}

export function installOperations(
  deps: StoreDeps,
  releases: Pick<ReleaseOperations, 'create' | 'update'>,
): InstallOperations {
  const stored = async (scope: OperationScope, { name, ...place }: Place & { name: string }) => {
    const of = { gvr: RELEASES, kind: 'ApplicationRelease', name }
    const fits = place.workspace || place.namespace ? place : {}
    return showRelease((await storedEntry(deps, scope, of, (entry) => isOwned(entry, fits))).object)
  }
  return {
    get: {
      name: 'application.installs.get',
      needs: (args) => storeAttributes('get', 'applications', args, args.name),
      run: stored,
    },
    create: {
      name: 'application.installs.create',
      needs: (draft) => storeAttributes('create', 'applications', placeOf(deps, draft)),
      async run(scope, draft) {
        await demandNamespace(deps, scope, draft)
        const version = await versionOf(deps, scope, draft.app, draft.version)
        await releases.create.run(scope, { release: releaseOf(draft, version) })
        return stored(scope, { name: draft.name })
      },
    },
    change: {
      name: 'application.installs.change',
      needs: (change) => storeAttributes('create', 'applications', change, change.name),
      async run(scope, { version, values, alias, description, ...at }) {
        const { metadata, spec } = await stored(scope, at)
        const next = await versionOf(deps, scope, spec.appID, version ?? spec.appVersionID)
        const annotations = { ...metadata.annotations, ...words({ alias, description }) }
        const release = {
          metadata: { ...metadata, annotations },
          spec: {
            ...spec,
            appVersionID: next.metadata.name ?? '',
            ...(values === undefined ? {} : { values: base64(values) }),
          },
        }
        await releases.update.run(scope, { ...at, release })
        return stored(scope, at)
      },
    },
  }
}

/** A project's members may install in it; in other clusters namespaces are not known, and the workspace counts. */
function placeOf({ host }: StoreDeps, { cluster, namespace, workspace }: InstallDraft): Place {
  return cluster === host.name ? { namespace } : { workspace }
}

/** Throws ApiError 404 for a namespace that the host does not have; those of other clusters are not known. */
async function demandNamespace(
  { host }: StoreDeps,
  { signal }: OperationScope,
  { cluster, namespace }: InstallDraft,
): Promise<void> {
  if (cluster !== host.name) return
  const namespaces = await host.caches.store(NAMESPACES, signal)
  if (!namespaces.get('', namespace)) throw notFound('', 'Namespace', namespace)
}

async function versionOf(
  { host }: StoreDeps,
  { signal }: OperationScope,
  app: string,
  name: string,
): Promise<ApplicationVersion> {
  const versions = await host.caches.store(VERSIONS, signal)
  const found = versions.get('', name)
  if (!found || found.labels[APP_ID] !== app) throw notFound(GROUP, 'ApplicationVersion', name)
  return found.object as ApplicationVersion
}

function releaseOf(draft: InstallDraft, version: ApplicationVersion): KubeObject {
  const { name, app, cluster, namespace, workspace, values } = draft
  const { appType = '', icon = '' } = version.spec
  return {
    metadata: {
      name,
      labels: {
        [APP_ID]: app,
        [CLUSTER_LABEL]: cluster,
        [WORKSPACE_LABEL]: workspace,
        [NAMESPACE_LABEL]: namespace,
      },
      annotations: words(draft),
    },
    spec: {
      appID: app,
      appVersionID: version.metadata.name ?? '',
      ...(appType ? { appType } : {}),
      ...(icon ? { icon } : {}),
      ...(values ? { values: base64(values) } : {}),
    },
  }
}

function words({ alias, description }: Words): Record<string, string> {
  return {
    ...(alias === undefined ? {} : { [ALIAS]: alias }),
    ...(description === undefined ? {} : { [DESCRIPTION]: description }),
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
