import { LIST } from '../query-parameters.ts'
import { defineRoutes, type RouteHandler, type RouteRow } from '../registry.ts'
import {
  actOnApp,
  createApp,
  deleteApp,
  exampleCr,
  getApp,
  listApps,
  replaceApp,
  updateApp,
} from './apps.ts'
import { createAttachment, deleteAttachments, getAttachment } from './attachments.ts'
import {
  createCategory,
  deleteCategory,
  getCategory,
  listCategories,
  updateCategory,
} from './categories.ts'
import { callsByResource, missingIs500, requestDone } from './errors.ts'
import { applyObject, deleteObject, getObject, listObjects } from './objects.ts'
import {
  createRelease,
  deleteRelease,
  getRelease,
  listReleases,
  updateRelease,
} from './releases.ts'
import {
  createRepo,
  deleteRepo,
  getRepo,
  listRepos,
  repoEvents,
  syncRepo,
  updateRepo,
} from './repos.ts'
import {
  actOnVersion,
  createVersion,
  deleteVersion,
  getVersion,
  listReviews,
  listVersions,
  replaceVersion,
  versionFiles,
  versionPackage,
} from './versions.ts'

const BASE = '/kapis/application.kubesphere.io/v2'
const SCOPES = {
  plain: { path: '', suffix: '' },
  workspace: { path: '/workspaces/{workspace}', suffix: 'InWorkspace' },
  namespace: { path: '/namespaces/{namespace}', suffix: 'InNamespace' },
} as const
type Scope = keyof typeof SCOPES

const W: readonly Scope[] = ['plain', 'workspace']
const WN: readonly Scope[] = ['plain', 'workspace', 'namespace']
const N: readonly Scope[] = ['plain', 'namespace']
const ALONE: readonly Scope[] = ['plain']

type Line = readonly [
  scopes: readonly Scope[],
  method: RouteRow['method'],
  path: string,
  operation: string,
  summary: string,
  handler: RouteHandler,
]

const APP = '/apps/{app}'
const VERSION = `${APP}/versions/{version}`
const RELEASE = '/applications/{application}'

const done = requestDone
const strict = missingIs500

/** platform-apis.md §10.1 */
const lines: readonly Line[] = [
  [W, 'GET', '/repos', 'ListRepos', 'Chart repositories', done(listRepos)],
  [W, 'POST', '/repos', 'CreateRepo', 'Add a chart repository', done(createRepo)],
  [W, 'PATCH', '/repos/{repo}', 'UpdateRepo', 'Replace a chart repository', strict(updateRepo)],
  [
    W,
    'DELETE',
    '/repos/{repo}',
    'DeleteRepo',
    'Remove a chart repository',
    done(callsByResource('repos', deleteRepo)),
  ],
  [W, 'GET', '/repos/{repo}', 'DescribeRepo', 'A chart repository', done(getRepo)],
  [W, 'POST', '/repos/{repo}/action', 'SyncRepo', 'Read a repository anew', done(syncRepo)],
  [W, 'GET', '/repos/{repo}/events', 'ListRepoEvents', 'Events of a repository', done(repoEvents)],
  [W, 'POST', '/apps', 'CreateApp', 'Upload an application', done(createApp)],
  [W, 'GET', '/apps', 'ListApps', 'Applications of the store', done(listApps)],
  [W, 'POST', APP, 'ReplaceApp', 'Upload an application anew', strict(replaceApp)],
  [W, 'PATCH', APP, 'UpdateApp', 'Change what people read about it', done(updateApp)],
  [W, 'GET', APP, 'DescribeApp', 'An application', done(getApp)],
  [W, 'DELETE', APP, 'DeleteApp', 'Delete an application', done(deleteApp)],
  [ALONE, 'POST', `${APP}/action`, 'ActOnApp', 'Publish or suspend', done(actOnApp)],
  [W, 'GET', `${APP}/examplecr/{name}`, 'ExampleCr', 'A start for an object', strict(exampleCr)],
  [W, 'POST', `${APP}/versions`, 'CreateAppVersion', 'Upload a version', done(createVersion)],
  [W, 'GET', `${APP}/versions`, 'ListAppVersions', 'Versions', done(listVersions)],
  [
    W,
    'DELETE',
    VERSION,
    'DeleteAppVersion',
    'Delete a version',
    done(callsByResource('applicationversions', deleteVersion)),
  ],
  [W, 'GET', VERSION, 'DescribeAppVersion', 'A version', done(getVersion)],
  [W, 'POST', VERSION, 'ReplaceAppVersion', 'Upload it anew', strict(replaceVersion)],
  [W, 'GET', `${VERSION}/package`, 'AppVersionPackage', 'Its package', strict(versionPackage)],
  [W, 'GET', `${VERSION}/files`, 'AppVersionFiles', 'Files of its package', strict(versionFiles)],
  [W, 'POST', `${VERSION}/action`, 'ActOnAppVersion', 'Submit, pass, reject', done(actOnVersion)],
  [ALONE, 'GET', '/reviews', 'ListReviews', 'Uploaded versions to look at', done(listReviews)],
  [WN, 'GET', '/applications', 'ListAppReleases', 'Installed applications', done(listReleases)],
  [WN, 'POST', '/applications', 'CreateAppRelease', 'Install', done(createRelease)],
  [N, 'POST', RELEASE, 'UpdateAppRelease', 'Upgrade', strict(updateRelease)],
  [N, 'GET', RELEASE, 'DescribeAppRelease', 'An installed application', done(getRelease)],
  [
    N,
    'DELETE',
    RELEASE,
    'DeleteAppRelease',
    'Uninstall',
    done(callsByResource('applicationreleases', deleteRelease)),
  ],
  [WN, 'GET', `${RELEASE}/cr`, 'ListAppObjects', 'Objects of a kind', strict(listObjects)],
  [WN, 'POST', `${RELEASE}/cr`, 'ApplyAppObject', 'Write an object', strict(applyObject)],
  [WN, 'GET', `${RELEASE}/cr/{crname}`, 'DescribeAppObject', 'An object', strict(getObject)],
  [WN, 'DELETE', `${RELEASE}/cr/{crname}`, 'DeleteAppObject', 'Delete it', strict(deleteObject)],
  [ALONE, 'POST', '/categories', 'CreateStoreCategory', 'Add a category', done(createCategory)],
  [ALONE, 'GET', '/categories', 'ListStoreCategories', 'Categories', done(listCategories)],
  [
    ALONE,
    'DELETE',
    '/categories/{category}',
    'DeleteStoreCategory',
    'Delete a category',
    done(deleteCategory),
  ],
  [
    ALONE,
    'POST',
    '/categories/{category}',
    'UpdateStoreCategory',
    'Change a category',
    strict(updateCategory),
  ],
  [
    ALONE,
    'GET',
    '/categories/{category}',
    'DescribeStoreCategory',
    'A category',
    done(getCategory),
  ],
  [W, 'POST', '/attachments', 'CreateAttachment', 'Upload a file', done(createAttachment)],
  [W, 'GET', '/attachments/{attachment}', 'DescribeAttachment', 'A file', done(getAttachment)],
  [
    W,
    'DELETE',
    '/attachments/{attachment}',
    'DeleteAttachment',
    'Delete files',
    done(deleteAttachments),
  ],
]

const SAMPLES: Readonly<Record<string, string>> = {
  workspace: 'alpha',
  namespace: 'alpha-prod',
  repo: 'charts',
  app: 'web-x1y2z',
  version: 'web-x1y2z-1.0.0',
  application: 'web',
  category: 'databases',
  attachment: 'file-att-a1b2c',
  crname: 'one',
  name: 'widgets.example.com',
}

function rows([scopes, method, path, operation, summary, handler]: Line): RouteRow[] {
  return scopes.map((scope) => {
    const full = `${BASE}${SCOPES[scope].path}${path}`
    return {
      method,
      path: full,
      operation: `${operation}${SCOPES[scope].suffix}`,
      summary,
      tags: ['Application Store'],
      sample: full.replaceAll(/\{(\w+)\}/g, (_, name: string) => SAMPLES[name] ?? name),
      ...(operation.startsWith('List') ? { query: LIST } : {}),
      handler,
    }
  })
}

/** application.kubesphere.io/v2: each line at the scopes that it has. */
export const applicationRoutes: readonly RouteRow[] = defineRoutes(lines.flatMap(rows))
