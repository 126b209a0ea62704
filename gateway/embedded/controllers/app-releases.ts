import { createHash } from 'node:crypto'
import {
  applyRelease,
  removeRelease,
  targetOf,
  type ObjectDeps,
} from '../../domain/application/index.ts'
import { CLUSTERS } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError } from '../../lib/errors.ts'
import { addFinalizer, dropFinalizer, isDeleting, type Kit } from './kit.ts'
import { APPLICATION_RELEASES, CREATOR } from './names.ts'
import { own, splitKey, type Reconciler } from './reconciler.ts'

type Release = KubeObject & {
  spec: { appType?: string }
  status?: { state?: string; specHash?: string; message?: string }
}

/** Written by the original, too; it stands for objects in the cluster that go with the release. */
const FINALIZER = 'helmrelease.application.kubesphere.io'
const ENDED = new Set(['active', 'failed'])
/** A release that fails for what others may change is tried again after this time, in milliseconds. */
const AGAIN_MS = 60_000
const NO_HELM =
  'charts are not installed in embedded mode: its control plane has no node that Helm could run on'

/**
 * Releases of YAML are applied with the rights of their creator, upgraded when their spec changes, and removed with
 * their objects (platform-apis.md §10.6). Releases of charts say that nothing installs them here.
 */
export function appReleases(kit: Kit, deps: ObjectDeps): Reconciler {
  return {
    name: 'app-release',
    sources: [own(APPLICATION_RELEASES)],
    reads: [CLUSTERS],
    async reconcile(key, signal): Promise<number | undefined> {
      const [, name] = splitKey(key)
      const release = kit.get(APPLICATION_RELEASES, name) as Release | undefined
      if (!release) return undefined
      if (isDeleting(release)) return remove(kit, deps, release, signal)
      const { state = '', specHash = '' } = release.status ?? {}
      const hash = createHash('md5').update(JSON.stringify(release.spec)).digest('hex')
      if (specHash === hash && ENDED.has(state)) return undefined
      return install(kit, deps, { release, hash, upgrade: specHash !== '' }, signal)
    },
  }
}

async function install(
  kit: Kit,
  deps: ObjectDeps,
  of: { readonly release: Release; readonly hash: string; readonly upgrade: boolean },
  signal: AbortSignal,
): Promise<number | undefined> {
  const { release, hash, upgrade } = of
  const { name = '', annotations } = release.metadata
  const state = async (now: string, message = ''): Promise<undefined> => {
    const status = { state: now, message, specHash: hash, lastUpdate: kit.time() }
    await kit.setStatus(APPLICATION_RELEASES, name, status, signal)
  }
  const { cluster } = targetOf(release)
  if (!kit.get(CLUSTERS, cluster)) {
    if (release.status?.state !== 'clusterDeleted') {
      await state('clusterDeleted', `cluster ${cluster} is not there`)
    }
    return AGAIN_MS
  }
  if (release.spec.appType === 'helm') return state('failed', NO_HELM)
  await kit.edit(APPLICATION_RELEASES, release, (draft) => addFinalizer(draft, FINALIZER), signal)
  const begun = { state: upgrade ? 'upgrading' : 'creating' }
  await kit.setStatus(APPLICATION_RELEASES, name, begun, signal)
  try {
    const creator = annotations?.[CREATOR] ?? ''
    if (creator === '') throw new ApiError(403, 'Forbidden', 'nobody is named as its creator')
    const user = { name: creator, uid: '', groups: [], extra: {} }
    await applyRelease(deps, { user, signal }, release)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // What the API server refuses it refuses again; a cluster that does not answer may come back.
    if (error.code < 500) return state('failed', error.message)
    const { message } = error
    await kit.setStatus(APPLICATION_RELEASES, name, { ...begun, message }, signal)
    throw error
  }
  await state('created')
  return state('active')
}

async function remove(
  kit: Kit,
  deps: ObjectDeps,
  release: Release,
  signal: AbortSignal,
): Promise<undefined> {
  const { name = '', finalizers } = release.metadata
  if (!finalizers?.includes(FINALIZER)) return
  await kit.setStatus(APPLICATION_RELEASES, name, { state: 'deleting' }, signal)
  const here = kit.get(CLUSTERS, targetOf(release).cluster)
  if (here && release.spec.appType !== 'helm') {
    try {
      await removeRelease(deps, signal, release)
    } catch (error) {
      // Values that cannot be read stand for no objects.
      if (!(error instanceof ApiError) || ![400, 422].includes(error.code)) throw error
    }
  }
  const current = kit.get(APPLICATION_RELEASES, name)
  if (!current) return
  await kit.edit(APPLICATION_RELEASES, current, (draft) => dropFinalizer(draft, FINALIZER), signal)
}
