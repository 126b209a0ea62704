import type { Entry } from '../../kube/api.ts'
import { notFound } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import type { Paged } from '../resources/index.ts'
import { storedApp, type UploadArgs } from './apps.ts'
import { archiveFiles, isArchive } from './charts.ts'
import {
  APP_ID,
  APPS,
  GROUP,
  REPO_NAME,
  storeAttributes,
  UPLOAD,
  VERSIONS,
  type Place,
} from './names.ts'
import { pullChart } from './repos.ts'
import { completed, summary } from './requests.ts'
import { showVersion } from './shapes.ts'
import {
  deleteStored,
  isOwned,
  isVisible,
  listStored,
  patchStored,
  stateOf,
  storedEntry,
  type StoreListArgs,
} from './stored.ts'
import type { RepoDeps } from './chart-source.ts'
import type { ApplicationVersion, AppSummary } from './types.ts'
import { timestamp } from './store-objects.ts'
import { writeVersion } from './version-objects.ts'

type OfApp = Place & { readonly app: string }
type OneVersion = OfApp & { readonly name: string }
export interface VersionAction {
  readonly state: string
  /** Empty keeps the message that is there; likewise the user. */
  readonly message: string
  readonly userName: string
}

export interface VersionOperations {
  readonly list: Operation<OfApp & StoreListArgs, Paged<ApplicationVersion>>
  /** Uploaded versions of all applications. */
  readonly reviews: Operation<StoreListArgs, Paged<ApplicationVersion>>
  readonly get: Operation<OneVersion, ApplicationVersion>
  readonly create: Operation<OfApp & UploadArgs, AppSummary>
  /** Writes a version that is there; app and the request's versionName say which. */
  readonly replace: Operation<OfApp & UploadArgs & { readonly name: string }, AppSummary>
  readonly package: Operation<OneVersion, Uint8Array>
  /** Files by path. */
  readonly files: Operation<OneVersion, Readonly<Record<string, Uint8Array>>>
  readonly act: Operation<OneVersion & { readonly action: VersionAction }, void>
  readonly delete: Operation<OneVersion, void>
}

/** Bytes of files in one answer. */
const SHOWN_LIMIT = 20 * 1024 * 1024

const needs = (verb: string, args: OfApp) =>
  storeAttributes(verb, 'apps', args, args.app, 'versions')

/** Versions of applications: platform-apis.md §10.5. */
export function versionOperations(deps: RepoDeps): VersionOperations {
  const at = (scope: OperationScope, args: OneVersion, fits = isVisible): Promise<Entry> => {
    const of = { gvr: VERSIONS, kind: 'ApplicationVersion', name: args.name }
    return storedEntry(deps, scope, of, (entry) => {
      return entry.labels[APP_ID] === args.app && fits(entry, args)
    })
  }
  return {
    list: {
      name: 'application.versions.list',
      needs: (args) => needs('get', args),
      run: (scope, args) =>
        listStored(deps, scope, VERSIONS, args, showVersion, (entry) => {
          return entry.labels[APP_ID] === args.app && isVisible(entry, args)
        }),
    },
    reviews: {
      name: 'application.versions.reviews',
      needs: () => storeAttributes('list', 'reviews'),
      run: (scope, { query, states }) => {
        const args = { query: { ...query, labelSelector: '' }, states }
        return listStored(deps, scope, VERSIONS, args, showVersion, (entry) => {
          return entry.labels[REPO_NAME] === UPLOAD
        })
      },
    },
    get: {
      name: 'application.versions.get',
      needs: (args) => needs('get', args),
      run: async (scope, args) => showVersion((await at(scope, args)).object),
    },
    create: {
      name: 'application.versions.create',
      needs: (args) => needs('create', args),
      run: (scope, args) => upload(deps, scope, args, false),
    },
    replace: {
      name: 'application.versions.replace',
      needs: (args) => needs('create', args),
      run: (scope, args) => upload(deps, scope, args, true),
    },
    package: {
      name: 'application.versions.package',
      needs: (args) => needs('get', args),
      run: async (scope, args) => bytesOf(deps, scope, await at(scope, args)),
    },
    files: {
      name: 'application.versions.files',
      needs: (args) => needs('get', args),
      async run(scope, args) {
        const bytes = await bytesOf(deps, scope, await at(scope, args))
        if (!isArchive(bytes)) return { 'all.yaml': bytes }
        const files = await archiveFiles(bytes, { most: SHOWN_LIMIT })
        return Object.fromEntries(files.map(({ name, data }) => [name, data]))
      },
    },
    act: {
      name: 'application.versions.act',
      needs: (args) => needs('create', args),
      run: async (scope, args) => act(deps, scope, await at(scope, args, isOwned), args),
    },
    delete: {
      name: 'application.versions.delete',
      needs: (args) => needs('delete', args),
      async run(scope, args) {
        await deleteStored(deps, scope, VERSIONS, await at(scope, args, isOwned))
      },
    },
  }
}

async function upload(
  deps: RepoDeps,
  scope: OperationScope,
  { app, workspace = '', request, validate }: OfApp & UploadArgs,
  mustExist: boolean,
): Promise<AppSummary> {
  deps.packages.demandStorable(request.package)
  const full = await completed(deps, request, validate)
  if (validate) return summary(full)
  const entry = await storedApp(deps, scope, { name: app, workspace }, isOwned)
  await writeVersion(deps, scope, entry.object, full, { mustExist, workspace })
  return summary(full)
}

async function bytesOf(deps: RepoDeps, scope: OperationScope, entry: Entry): Promise<Uint8Array> {
  const repo = entry.labels[REPO_NAME] ?? ''
  if (repo === UPLOAD) return deps.packages.get(entry.name, scope.signal)
  const { pullUrl = '' } = showVersion(entry.object).spec
  if (repo === '') throw notFound(GROUP, 'Repo', repo)
  return pullChart(deps, scope, entry, pullUrl)
}

async function act(
  deps: RepoDeps,
  scope: OperationScope,
  version: Entry,
  { app, action }: OneVersion & { readonly action: VersionAction },
): Promise<void> {
  const status = {
    state: action.state,
    ...(action.message ? { message: action.message } : {}),
    ...(action.userName ? { userName: action.userName } : {}),
    updated: timestamp(scope.now()),
  }
  await patchStored(deps, scope, VERSIONS, version.name, { status })
  if (action.state !== 'suspended') return
  const versions = await deps.host.caches.store(VERSIONS, scope.signal)
  for (const { object } of versions.withLabel(APP_ID, app)) if (stateOf(object) === 'active') return
  const apps = await deps.host.caches.store(APPS, scope.signal)
  const entry = apps.get('', app)
  if (!entry || stateOf(entry.object) !== 'active') return
  const updateTime = timestamp(scope.now())
  await patchStored(deps, scope, APPS, app, { status: { state: 'draft', updateTime } })
}
