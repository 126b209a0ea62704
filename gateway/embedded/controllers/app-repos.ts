import { createHash } from 'node:crypto'
import { syncRepository, type RepoDeps } from '../../domain/application/index.ts'
import { WORKSPACE_LABEL, WORKSPACE_TEMPLATES } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { ApiError, isNotFound } from '../../lib/errors.ts'
import { isDeleting, type Kit } from './kit.ts'
import { APPLICATION_REPOS, APPLICATION_VERSIONS, APPLICATIONS, EVENTS } from './names.ts'
import { own, splitKey, type Reconciler } from './reconciler.ts'

type Repo = KubeObject & {
  spec: { syncPeriod?: number | null }
  status?: { state?: string; lastUpdateTime?: string | null }
}

/** States in which a repository is read whatever its period says. */
const ASKED = ['manualTrigger', 'syncing']
/** Where events of objects without a namespace are. */
const NAMESPACE = 'default'
const LONGEST_MESSAGE = 1000

/**
 * Repositories are read when their period is over or somebody asks (platform-apis.md §10.3, "Sync controller"); one that
 * cannot be read stays `syncing` and is tried again.
 */
export function appRepos(kit: Kit, deps: RepoDeps): Reconciler {
  return {
    name: 'app-repo',
    sources: [own(APPLICATION_REPOS)],
    reads: [APPLICATIONS, APPLICATION_VERSIONS],
    async reconcile(key, signal): Promise<number | undefined> {
      const [, name] = splitKey(key)
      const repo = kit.get(APPLICATION_REPOS, name) as Repo | undefined
      if (!repo || isDeleting(repo)) return undefined
      const { state = '', lastUpdateTime } = repo.status ?? {}
      if (state === '') {
        await kit.setStatus(APPLICATION_REPOS, name, { state: 'created' }, signal)
        return undefined
      }
      const period = (repo.spec.syncPeriod ?? 0) * 1000
      if (!ASKED.includes(state)) {
        if (period <= 0) return undefined
        const due = Date.parse(lastUpdateTime ?? '') + period - kit.now()
        if (state === 'successful' && due > 0) return due
      }
      await read(kit, deps, repo, signal)
      return period > 0 ? period : undefined
    },
  }
}

async function read(kit: Kit, deps: RepoDeps, repo: Repo, signal: AbortSignal): Promise<void> {
  const { name = '' } = repo.metadata
  await kit.setStatus(APPLICATION_REPOS, name, { state: 'syncing' }, signal)
  try {
    const report = await syncRepository(deps, { signal, now: kit.now }, repo)
    kit.log.debug({ repo: name, ...report }, 'repository of charts read')
  } catch (error) {
    if (error instanceof ApiError) {
      await note(
        kit,
        repo,
        { type: 'Warning', reason: 'SyncFailed', message: error.message },
        signal,
      )
    }
    throw error
  }
  const status = { state: 'successful', lastUpdateTime: kit.time() }
  await kit.setStatus(APPLICATION_REPOS, name, status, signal)
  const message = `HelmRepo ${name} synced successfully`
  await note(kit, repo, { type: 'Normal', reason: 'Synced', message }, signal)
}

/** Writes an event, or that it happened once more (Kubernetes API reference, core/v1 Event). */
async function note(
  kit: Kit,
  repo: Repo,
  what: { readonly type: string; readonly reason: string; readonly message: string },
  signal: AbortSignal,
): Promise<void> {
  const { name: repoName = '', uid = '' } = repo.metadata
  const message = what.message.slice(0, LONGEST_MESSAGE)
  const digest = createHash('sha256').update(`${uid} ${what.reason} ${message}`).digest('hex')
  const name = `${repoName.slice(0, 200)}.${digest.slice(0, 16)}`
  const at = { namespace: NAMESPACE, signal }
  const time = kit.time()
  try {
    const { count = 1 } = await kit.client.get<KubeObject & { count?: number }>(EVENTS, name, at)
    const again = { count: count + 1, lastTimestamp: time }
    await kit.client.patch(EVENTS, name, again, { type: 'merge', ...at })
  } catch (error) {
    if (!isNotFound(error)) throw error
    await kit.client.create(
      EVENTS,
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace: NAMESPACE },
        involvedObject: {
          apiVersion: repo.apiVersion,
          kind: 'Repo',
          name: repoName,
          uid,
          resourceVersion: repo.metadata.resourceVersion,
        },
        ...what,
        message,
        count: 1,
        firstTimestamp: time,
        lastTimestamp: time,
        source: { component: 'helmrepo-controller' },
      },
      at,
    )
  }
}

/** The repositories of a workspace go with it. */
export function workspaceRepos(kit: Kit): Reconciler {
  return {
    name: 'app-repo-workspace',
    sources: [
      {
        gvr: WORKSPACE_TEMPLATES,
        keys: ({ type, entry }) => (type === 'DELETED' ? [`/${entry.name}`] : []),
      },
    ],
    reads: [APPLICATION_REPOS],
    async reconcile(key, signal) {
      const [, workspace] = splitKey(key)
      if (kit.get(WORKSPACE_TEMPLATES, workspace)) return
      const repos = Array.from(kit.store(APPLICATION_REPOS).withLabel(WORKSPACE_LABEL, workspace))
      for (const repo of repos) {
        await kit.remove(APPLICATION_REPOS, repo, signal)
      }
    },
  }
}
