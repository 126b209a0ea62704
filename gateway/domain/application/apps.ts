import { ApiError, alreadyExists } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import type { Paged } from '../resources/index.ts'
import { deleteAttachments } from './attachments.ts'
import {
  ALIAS,
  APP_CATEGORY,
  APP_ID,
  APP_STORE,
  APPS,
  DESCRIPTION,
  GROUP,
  storeAttributes,
  VERSIONS,
  type Place,
} from './names.ts'
import { completed, summary } from './requests.ts'
import { showApp } from './shapes.ts'
import {
  createStored,
  deleteStored,
  demandSamePlace,
  isOwned,
  isVisible,
  listStored,
  patchStored,
  stateOf,
  storedEntry,
  type StoreDeps,
  type StoreListArgs,
} from './stored.ts'
import type { Application, AppRequest, AppSummary } from './types.ts'
import { appObject, firstState, timestamp } from './store-objects.ts'
import { writeVersion } from './version-objects.ts'

type OneApp = Place & { readonly name: string }
export type UploadArgs = Place & {
  readonly request: AppRequest
  /** Only look at the package. */
  readonly validate: boolean
}
type Changed =
  'categoryName' | 'icon' | 'description' | 'aliasName' | 'attachments' | 'abstraction' | 'appHome'
export type AppChange = { readonly [K in Changed]?: AppRequest[K] | undefined }

export interface AppOperations {
  readonly list: Operation<StoreListArgs, Paged<Application>>
  readonly get: Operation<OneApp, Application>
  readonly create: Operation<UploadArgs, AppSummary>
  /** Writes an application and a version that are both there; the request's appName says which. */
  readonly replace: Operation<UploadArgs, AppSummary>
  /** Replaces what people read about an application; what is undefined stays. */
  readonly update: Operation<OneApp & { readonly change: AppChange }, Application>
  readonly delete: Operation<OneApp, void>
  readonly act: Operation<{ readonly name: string; readonly state: string }, void>
}

const needs = (verb: string, place: Place, name = '') => storeAttributes(verb, 'apps', place, name)

/** Applications of the store: platform-apis.md §10.4. */
export function appOperations(deps: StoreDeps): AppOperations {
  return {
    list: {
      name: 'application.apps.list',
      needs: (args) => needs('list', args),
      run: (scope, args) =>
        listStored(deps, scope, APPS, args, showApp, (entry) => isVisible(entry, args)),
    },
    get: {
      name: 'application.apps.get',
      needs: (args) => needs('get', args, args.name),
      async run(scope, args) {
        return showApp((await storedApp(deps, scope, args, isVisible)).object)
      },
    },
    create: {
      name: 'application.apps.create',
      needs: (args) => needs('create', args),
      run: (scope, args) => upload(deps, scope, args, false),
    },
    replace: {
      name: 'application.apps.replace',
      needs: (args) => needs('create', args, args.request.appName),
      run: (scope, args) => upload(deps, scope, args, true),
    },
    update: {
      name: 'application.apps.update',
      needs: (args) => needs('patch', args, args.name),
      async run(scope, args) {
        await storedApp(deps, scope, args, isOwned)
        const { categoryName, icon, description, aliasName, attachments } = args.change
        const { abstraction, appHome } = args.change
        const patch = {
          metadata: {
            labels: { [APP_CATEGORY]: categoryName },
            annotations: { [DESCRIPTION]: description, [ALIAS]: aliasName },
          },
          spec: { icon, attachments, abstraction, appHome },
        }
        return showApp(await patchStored(deps, scope, APPS, args.name, patch))
      },
    },
    delete: {
      name: 'application.apps.delete',
      needs: (args) => needs('delete', args, args.name),
      async run(scope, args) {
        const entry = await storedApp(deps, scope, args, isOwned)
        const { workspace } = args
        const { attachments = [] } = showApp(entry.object).spec
        await deleteAttachments(deps, scope, attachments, { workspace })
        await deleteStored(deps, scope, APPS, entry)
      },
    },
    act: {
      name: 'application.apps.act',
      needs: ({ name }) => storeAttributes('create', 'apps', {}, name, 'action'),
      run: (scope, args) => act(deps, scope, args),
    },
  }
}

/** An application as seen from a place. Throws ApiError 404. */
export function storedApp(
  deps: StoreDeps,
  scope: OperationScope,
  { name, ...place }: OneApp,
  fits: typeof isVisible,
) {
  const of = { gvr: APPS, kind: 'Application', name }
  return storedEntry(deps, scope, of, (entry) => fits(entry, place))
}

async function upload(
  deps: StoreDeps,
  scope: OperationScope,
  args: UploadArgs,
  mustExist: boolean,
): Promise<AppSummary> {
  deps.packages.demandStorable(args.request.package)
  const request = await completed(deps, args.request, args.validate)
  if (args.validate) return summary(request)
  demandSamePlace('workspace', args.workspace, request.workspace)
  const workspace = request.workspace || args.workspace || ''
  const name = request.appName
  const store = await deps.host.caches.store(APPS, scope.signal)
  if (store.get('', name) && !mustExist) throw alreadyExists(GROUP, 'applications', name)
  if (mustExist) await storedApp(deps, scope, { name, workspace: args.workspace }, isOwned)
  const object = appObject(request, workspace)
  const { metadata, spec } = object
  let app: Application
  if (mustExist) app = await patchStored(deps, scope, APPS, name, { metadata, spec })
  else {
    await createStored(deps, scope, APPS, object)
    const updateTime = timestamp(scope.now())
    const status = { state: firstState(request.repoName), updateTime }
    app = await patchStored(deps, scope, APPS, name, { status })
  }
  await writeVersion(deps, scope, app, request, { mustExist, workspace })
  return summary(request)
}

/** Puts an application and its versions on the shelf or takes them off. Throws ApiError 409 where it is not the time. */
async function act(
  deps: StoreDeps,
  scope: OperationScope,
  { name, state }: { readonly name: string; readonly state: string },
): Promise<void> {
  const app = (await storedApp(deps, scope, { name }, isVisible)).object
  const now = stateOf(app)
  const store = await deps.host.caches.store(VERSIONS, scope.signal)
  const versions = [...store.withLabel(APP_ID, name)]
  const refuse = (why: string): never => {
    throw new ApiError(409, 'Conflict', `app ${name} ${why}`)
  }
  if (state === 'active') {
    if (now !== 'draft' && now !== 'suspended') refuse('is not in draft or suspended status')
    const ready = versions.some(({ object }) => ['active', 'passed'].includes(stateOf(object)))
    if (!ready) refuse('has no active or passed appversion')
    const metadata = { labels: { [APP_STORE]: 'true' } }
    await patchStored(deps, scope, APPS, name, { metadata })
  }
  if (state === 'suspended' && now !== 'active') refuse('is not in active status')
  const at = timestamp(scope.now())
  await patchStored(deps, scope, APPS, name, { status: { state, updateTime: at } })
  const status = { state, userName: scope.user.name, updated: at }
  for (const version of versions) {
    if (!['active', 'suspended'].includes(stateOf(version.object))) continue
    await patchStored(deps, scope, VERSIONS, version.name, { status })
  }
}
