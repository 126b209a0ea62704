import type { Entry } from '../../kube/api.ts'
import type { KubeObject } from '../../kube/types.ts'
import { alreadyExists, badRequest } from '../../lib/errors.ts'
import { WORKSPACE_LABEL } from '../names.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { withoutUser } from '../redact.ts'
import { pageB, type ListQuery, type Paged } from '../resources/index.ts'
import { demandRepository, downloadChart } from './chart-repo.ts'
import { decoded, sameServer, type RepoDeps } from './chart-source.ts'
import {
  ALIAS,
  GROUP,
  REPO_NAME,
  REPOS,
  storeAttributes,
  SYSTEM_WORKSPACE,
  UPLOAD,
  type Place,
} from './names.ts'
import { showEvent, showRepo } from './shapes.ts'
import {
  createStored,
  deleteStored,
  demandSamePlace,
  isOwned,
  isVisible,
  listStored,
  patchStored,
  storedEntry,
  replaceStored,
  workspaceOf,
  type StoreListArgs,
} from './stored.ts'
import type { Repo, RepoCredential } from './types.ts'

type OneRepo = Place & { readonly name: string }
export interface RepoDraft {
  readonly name: string
  readonly alias: string
  readonly workspace: string
  readonly url: string
  readonly description: string
  readonly credential: RepoCredential
  /** Seconds; null = only when asked. */
  readonly syncPeriod: number | null
}
type Saving = Place & {
  readonly repo: RepoDraft
  /** Only try it. */
  readonly validate: boolean
}

export interface RepoOperations {
  readonly list: Operation<Place & { readonly query: ListQuery }, Paged<Repo>>
  readonly get: Operation<OneRepo, Repo>
  /** Returns nothing where it only tried. Throws ApiError 502 for a repository that cannot be read. */
  readonly create: Operation<Saving, Repo | undefined>
  /** Replaces; a password or key that is left out stays as long as URL and user do. */
  readonly update: Operation<Saving, Repo | undefined>
  readonly delete: Operation<OneRepo, void>
  readonly sync: Operation<OneRepo, void>
  readonly events: Operation<OneRepo & { readonly query: ListQuery }, Paged<KubeObject>>
}

const EVENTS = { group: '', version: 'v1', resource: 'events' }
const DESCRIPTION_BYTES = 512

const needs = (verb: string, args: Place, name = '', subresource = '') =>
  storeAttributes(verb, 'repos', args, name, subresource)

/** Chart repositories: platform-apis.md §10.3. Passwords and keys are saved and never shown. */
export function repoOperations(deps: RepoDeps): RepoOperations {
  const at = (scope: OperationScope, { name, ...place }: OneRepo, fits = isVisible) =>
    storedEntry(deps, scope, { gvr: REPOS, kind: 'Repo', name }, (entry) => fits(entry, place))
  return {
    list: {
      name: 'application.repos.list',
      needs: (args) => needs('list', args),
      run(scope, { query, workspace }) {
        const args: StoreListArgs = { query: { ...query, labelSelector: '' } }
        return listStored(deps, scope, REPOS, args, showRepo, ({ labels }) => {
          const owner = labels[WORKSPACE_LABEL] ?? ''
          return owner === SYSTEM_WORKSPACE || owner === (workspace ?? '')
        })
      },
    },
    get: {
      name: 'application.repos.get',
      needs: (args) => needs('get', args, args.name),
      run: async (scope, args) => showRepo((await at(scope, args)).object),
    },
    create: {
      name: 'application.repos.create',
      needs: (args) => needs('create', args),
      async run(scope, args) {
        const repo = await checked(deps, scope, args)
        if (args.validate) return undefined
        const store = await deps.host.caches.store(REPOS, scope.signal)
        if (store.get('', repo.name)) throw alreadyExists(GROUP, 'repos', repo.name)
        return showRepo(await createStored(deps, scope, REPOS, repoObject(repo, args.workspace)))
      },
    },
    update: {
      name: 'application.repos.update',
      needs: (args) => needs('patch', args, args.repo.name),
      async run(scope, args) {
        const name = args.repo.name
        const stored = (await at(scope, { ...args, name }, isOwned)).object
        const repo = await checked(deps, scope, { ...args, repo: keepSecrets(args.repo, stored) })
        if (args.validate) return undefined
        const next = repoObject(repo, args.workspace)
        const saved = await replaceStored(deps, scope, REPOS, stored, (current) => {
          const { metadata } = current
          const labels = { ...metadata.labels, ...next.metadata.labels }
          const annotations = { ...metadata.annotations, ...next.metadata.annotations }
          const spec = next['spec']
          return { ...current, metadata: { ...metadata, labels, annotations }, spec }
        })
        return showRepo(saved)
      },
    },
    delete: {
      name: 'application.repos.delete',
      needs: (args) => needs('delete', args, args.name),
      async run(scope, args) {
        await deleteStored(deps, scope, REPOS, await at(scope, args, isOwned))
      },
    },
    sync: {
      name: 'application.repos.sync',
      needs: (args) => needs('create', args, args.name, 'action'),
      async run(scope, args) {
        await at(scope, args, isOwned)
        const status = { state: 'manualTrigger' }
        await patchStored(deps, scope, REPOS, args.name, { status })
      },
    },
    events: {
      name: 'application.repos.events',
      needs: (args) => needs('get', args, args.name, 'events'),
      async run(scope, { name, query, ...place }) {
        const repos = await deps.host.caches.store(REPOS, scope.signal)
        const repo = repos.get('', name)
        const store = await deps.host.caches.store(EVENTS, scope.signal)
        // Events outlive their repository; whose they were is not known any more, so that only the platform sees them.
        const shown = repo ? isVisible(repo, place) : !place.workspace
        const among = [...(shown ? store.entries() : [])].filter(({ object }) => {
          const involved = object['involvedObject'] as { name?: string; kind?: string } | undefined
          return involved?.name === name && involved.kind === 'Repo'
        })
        return pageB(among, { ...query, labelSelector: '' }, showEvent, scope)
      },
    },
  }
}

/** The draft with user information moved out of its URL, once its repository could be read. */
async function checked(
  deps: RepoDeps,
  { signal }: OperationScope,
  { repo, workspace }: Saving,
): Promise<RepoDraft> {
  if (repo.name === UPLOAD) throw badRequest(`repo name ${UPLOAD} is not allowed`)
  demandSamePlace('workspace', workspace, repo.workspace)
  const url = URL.parse(repo.url)
  if (!url) throw badRequest(`parse "${withoutUser(repo.url)}": invalid URI for request`)
  const credential = { ...repo.credential }
  if (url.username) credential.username = decoded(url.username)
  if (url.password) credential.password = decoded(url.password)
  const clean = { ...repo, url: withoutUser(repo.url), credential }
  await demandRepository(deps, clean, signal)
  return clean
}

function keepSecrets(repo: RepoDraft, stored: KubeObject): RepoDraft {
  const { url, credential: old } = storedSpec(stored)
  const same = withoutUser(url) === withoutUser(repo.url)
  if (!same || (repo.credential.username ?? '') !== (old.username ?? '')) return repo
  const { password = old.password, keyFile = old.keyFile } = repo.credential
  const kept = { ...(password ? { password } : {}), ...(keyFile ? { keyFile } : {}) }
  return { ...repo, credential: { ...repo.credential, ...kept } }
}

/** Where a stored repository is and what it wants to see; what is stored may lack the latter. */
export function storedSpec(object: KubeObject): { url: string; credential: RepoCredential } {
  const { url, credential } = object['spec'] as { url: string; credential?: RepoCredential }
  return { url, credential: credential ?? {} }
}

function repoObject(repo: RepoDraft, workspace = ''): KubeObject {
  const cut = Buffer.from(repo.description).subarray(0, DESCRIPTION_BYTES).toString('utf8')
  return {
    apiVersion: `${GROUP}/v2`,
    kind: 'Repo',
    metadata: {
      name: repo.name,
      labels: { [WORKSPACE_LABEL]: repo.workspace || workspace },
      annotations: { [ALIAS]: repo.alias },
    },
    spec: {
      url: repo.url,
      credential: repo.credential,
      description: cut.replace(/\ufffd+$/, ''),
      syncPeriod: repo.syncPeriod ?? 0,
    },
  }
}

/**
 * The chart of a version that came out of a repository, with the repository's credential where it lies on its host. An
 * upload may name any repository: only one of its own workspace is asked. Throws ApiError 404 for another one.
 */
export async function pullChart(
  deps: RepoDeps,
  scope: OperationScope,
  version: Pick<Entry, 'labels'>,
  pullUrl: string,
): Promise<Uint8Array> {
  const of = { gvr: REPOS, kind: 'Repo', name: version.labels[REPO_NAME] ?? '' }
  const own = (repo: Entry) => workspaceOf(repo.labels) === workspaceOf(version.labels)
  const { object } = await storedEntry(deps, scope, of, own)
  const spec = storedSpec(object)
  const from = URL.parse(pullUrl, `${withoutUser(spec.url).replace(/\/$/, '')}/`)
  if (!from) throw badRequest('the version has no URL to pull its chart from')
  const server = URL.parse(spec.url)
  const credential = server && sameServer(server, from) ? spec.credential : {}
  return downloadChart(deps, { url: from.href, credential }, scope.signal)
}
