import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { attributesOf, requestInfo } from '../../gateway/context/index.ts'
import type { Attributes } from '../../gateway/context/index.ts'
import { createApplication } from '../../gateway/domain/application/index.ts'
import { applicationRoutes } from '../../rest-compat/routes/application/v2.ts'

const { repos, apps, versions, releases, categories, attachments, example, objects } =
  createApplication({
    host: {} as never,
    yaml: {} as never,
  })

const nothing = {} as never
const upload = { request: { appName: 'web-x1y2z' } as never, validate: false }
const repo = { repo: { name: 'charts' } as never, validate: false }
const app = { app: 'web-x1y2z' }
const version = { ...app, name: 'web-x1y2z-1.0.0' }
const release = { release: { metadata: { name: 'web' } } }

const one = { name: 'one', objectNamespace: 'default' }
const object = {
  application: 'web',
  cluster: 'host',
  gvr: { group: '', version: 'v1', resource: 'configmaps' },
}

type At = { workspace?: string; namespace?: string }

/** What the operation behind each line of the table needs. */
const needed: Readonly<Record<string, (at: At) => Attributes>> = {
  ListRepos: (at) => repos.list.needs({ ...at, query: nothing }),
  CreateRepo: (at) => repos.create.needs({ ...at, ...repo }),
  DescribeRepo: (at) => repos.get.needs({ ...at, name: 'charts' }),
  UpdateRepo: (at) => repos.update.needs({ ...at, ...repo }),
  DeleteRepo: (at) => repos.delete.needs({ ...at, name: 'charts' }),
  SyncRepo: (at) => repos.sync.needs({ ...at, name: 'charts' }),
  ListRepoEvents: (at) => repos.events.needs({ ...at, name: 'charts', query: nothing }),
  ListApps: (at) => apps.list.needs({ ...at, query: nothing }),
  CreateApp: (at) => apps.create.needs({ ...at, ...upload }),
  DescribeApp: (at) => apps.get.needs({ ...at, name: app.app }),
  ReplaceApp: (at) => apps.replace.needs({ ...at, ...upload }),
  UpdateApp: (at) => apps.update.needs({ ...at, name: app.app, change: nothing }),
  DeleteApp: (at) => apps.delete.needs({ ...at, name: app.app }),
  ActOnApp: () => apps.act.needs({ name: app.app, state: 'active' }),
  ExampleCr: (at) => example.needs({ ...at, ...app, name: 'widgets.example.com' }),
  ListAppVersions: (at) => versions.list.needs({ ...at, ...app, query: nothing }),
  CreateAppVersion: (at) => versions.create.needs({ ...at, ...app, ...upload }),
  DescribeAppVersion: (at) => versions.get.needs({ ...at, ...version }),
  ReplaceAppVersion: (at) => versions.replace.needs({ ...at, ...version, ...upload }),
  DeleteAppVersion: (at) => versions.delete.needs({ ...at, ...version }),
  AppVersionPackage: (at) => versions.package.needs({ ...at, ...version }),
  AppVersionFiles: (at) => versions.files.needs({ ...at, ...version }),
  ActOnAppVersion: (at) => versions.act.needs({ ...at, ...version, action: nothing }),
  ListReviews: () => versions.reviews.needs({ query: nothing }),
  ListAppReleases: (at) => releases.list.needs({ ...at, query: nothing }),
  CreateAppRelease: (at) => releases.create.needs({ ...at, ...release }),
  DescribeAppRelease: (at) => releases.get.needs({ ...at, name: 'web' }),
  UpdateAppRelease: (at) => releases.update.needs({ ...at, ...release }),
  DeleteAppRelease: (at) => releases.delete.needs({ ...at, name: 'web' }),
  ListAppObjects: (at) => objects.list.needs({ ...at, ...object, query: nothing }),
  ApplyAppObject: (at) => objects.apply.needs({ ...at, ...object, object: nothing }),
  DescribeAppObject: (at) => objects.get.needs({ ...at, ...object, ...one }),
  DeleteAppObject: (at) => objects.delete.needs({ ...at, ...object, ...one }),
  ListStoreCategories: () => categories.list.needs({ query: nothing }),
  CreateStoreCategory: () => categories.create.needs(nothing),
  DescribeStoreCategory: () => categories.get.needs({ name: 'databases' }),
  UpdateStoreCategory: () => categories.update.needs({ name: 'databases' } as never),
  DeleteStoreCategory: () => categories.delete.needs({ name: 'databases' }),
  CreateAttachment: (at) => attachments.create.needs({ ...at, field: '', data: nothing }),
  DescribeAttachment: (at) => attachments.get.needs({ ...at, id: 'file-att-a1b2c' }),
  DeleteAttachment: (at) => attachments.delete.needs({ ...at, ids: ['file-att-a1b2c'] }),
}

describe('what an operation of the store needs is what its route is judged by', () => {
  for (const { operation, method, sample } of applicationRoutes) {
    it(operation, () => {
      const [name = '', scope] = operation.split(/In(?=Workspace$|Namespace$)/)
      const at: At =
        scope === 'Workspace'
          ? { workspace: 'alpha' }
          : scope === 'Namespace'
            ? { namespace: 'alpha-prod' }
            : {}
      const view = { method, url: sample, headers: {}, remoteAddress: '' }
      const judged = attributesOf(requestInfo(view))
      const needs = needed[name]?.(at)
      assert.ok(needs, `nothing is said about ${name}`)
      const { verb, apiGroup, resource, subresource, name: object, workspace, namespace } = needs
      assert.deepEqual(
        { verb, apiGroup, resource, subresource, object, workspace, namespace },
        {
          verb: judged.verb,
          apiGroup: judged.apiGroup,
          resource: judged.resource,
          subresource: judged.subresource,
          object: judged.name,
          workspace: judged.workspace,
          namespace: judged.namespace,
        },
      )
    })
  }
})
