import type { AppResource } from '../gateway/domain/application/index.ts'
import type { KubeObject } from '../gateway/kube/types.ts'
import { demandId } from './ids.ts'
import { everything } from './lists.ts'
import {
  createdAt,
  creatorOf,
  descriptionOf,
  displayNameOf,
  nameOf,
  workspaceOf,
} from './metadata.ts'
import { coreObject } from './objects.ts'
import {
  applicationAt,
  categoryAt,
  releaseAt,
  storedConnection,
  storedId,
  storePlace,
  versionAt,
  versionOf,
} from './store-reads.ts'
import type { Resolvers } from './types.generated.ts'

const label =
  (key: string) =>
  ({ metadata }: KubeObject): string =>
    metadata.labels?.[key] ?? ''
const repoOf = label('application.kubesphere.io/repo-name')
const categoryOf = label('application.kubesphere.io/app-category-name')
const appOf = label('application.kubesphere.io/app-id')
const shelfOf = label('application.kubesphere.io/app-store')
const clusterOf = label('kubesphere.io/cluster')
const namespaceOf = label('kubesphere.io/namespace')

/** Kinds of an application in the graph's words. */
export function resourcesOf(resources: readonly AppResource[] | null | undefined) {
  return (resources ?? []).map(({ Group, Version, Resource, Name, Desc, ParentNode }) => ({
    group: Group,
    version: Version,
    resource: Resource,
    name: Name,
    description: Desc,
    parent: ParentNode,
  }))
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

export const applications: Pick<
  Resolvers,
  'Query' | 'Application' | 'ApplicationVersion' | 'ApplicationRelease'
> = {
  Query: {
    application: (_root, { name, ...args }, context) =>
      applicationAt(context, name, storePlace(args)),
    applications: async (_root, { workspace, states, ...args }, context) => {
      const { ctx, app } = context
      const at = storePlace({ workspace })
      const asked = { ...at, query: everything, states: states ?? undefined }
      const { items } = await ctx.call(app.application.apps.list, asked)
      return storedConnection(context, ['applications', states], { items, at }, args)
    },
    applicationReviews: async (_root, { states, ...args }, context) => {
      const { ctx, app } = context
      const asked = { query: everything, states: states ?? undefined }
      const { items } = await ctx.call(app.application.versions.reviews, asked)
      return storedConnection(context, ['applicationReviews', states], { items, at: {} }, args)
    },
    applicationRelease: (_root, { name, ...args }, context) =>
      releaseAt(context, name, storePlace(args)),
    applicationReleases: async (_root, { workspace, namespace, application, ...args }, context) => {
      const { ctx, app } = context
      const at = storePlace({ workspace, namespace })
      const asked = { ...at, query: everything, appId: application ?? undefined }
      const { items } = await ctx.call(app.application.releases.list, asked)
      return storedConnection(context, ['applicationReleases', application], { items, at }, args)
    },
  },
  Application: {
    __resolveReference: (reference, context) =>
      applicationAt(context, 'name' in reference ? reference.name : demandId(reference.id).name),
    id: ({ object }, _args, context) => storedId(context, 'Application', object),
    name: ({ object }) => nameOf(object),
    displayName: ({ object }) => displayNameOf(object),
    description: ({ object }) => descriptionOf(object),
    abstraction: ({ object }) => object.spec.abstraction || null,
    state: ({ object }) => object.status.state ?? '',
    type: ({ object }) => object.spec.appType ?? '',
    home: ({ object }) => object.spec.appHome || null,
    icon: ({ object }) => object.spec.icon || null,
    attachments: ({ object }) => object.spec.attachments ?? [],
    resources: ({ object }) => resourcesOf(object.spec.resources),
    inStore: ({ object }) => shelfOf(object) === 'true',
    categoryName: ({ object }) => categoryOf(object) || null,
    category: ({ object }, _args, context) => {
      const name = categoryOf(object)
      return name ? categoryAt(context, name) : null
    },
    repositoryName: ({ object }) => repoOf(object),
    workspaceName: ({ object }) => workspaceOf(object) ?? null,
    latestVersion: ({ object }) =>
      object.metadata.annotations?.['application.kubesphere.io/latest-app-version'] || null,
    versions: async ({ object, at }, { states, ...args }, context) => {
      const { ctx, app } = context
      const name = nameOf(object)
      const asked = { ...at, app: name, query: everything, states: states ?? undefined }
      const { items } = await ctx.call(app.application.versions.list, asked)
      return storedConnection(context, ['versions', name, states], { items, at }, args)
    },
    releases: async ({ object, at }, args, context) => {
      const { ctx, app } = context
      const appId = nameOf(object)
      const asked = { ...at, query: everything, appId }
      const { items } = await ctx.call(app.application.releases.list, asked)
      return storedConnection(context, ['releases', appId], { items, at }, args)
    },
    createdAt: ({ object }) => createdAt(object),
    updatedAt: ({ object }) => object.status.updateTime,
    object: ({ object }, _args, context) => coreObject(context, 'Application', nameOf(object)),
  },
  ApplicationVersion: {
    __resolveReference: (reference, context) => versionOf(context, demandId(reference.id).name),
    id: ({ object }, _args, context) => storedId(context, 'ApplicationVersion', object),
    name: ({ object }) => nameOf(object),
    version: ({ object }) => object.spec.versionName,
    applicationName: ({ object }) => appOf(object),
    application: ({ object, at }, _args, context) => applicationAt(context, appOf(object), at),
    displayName: ({ object }) => displayNameOf(object),
    description: ({ object }) => descriptionOf(object),
    state: ({ object }) => object.status.state ?? '',
    message: ({ object }) => object.status.message || null,
    changedBy: ({ object }) => object.status.userName || null,
    changedAt: ({ object }) => object.status.updated ?? null,
    type: ({ object }) => object.spec.appType ?? '',
    home: ({ object }) => object.spec.appHome || null,
    icon: ({ object }) => object.spec.icon || null,
    digest: ({ object }) => object.spec.digest || null,
    maintainers: ({ object }) => object.spec.maintainer ?? [],
    repositoryName: ({ object }) => repoOf(object),
    workspaceName: ({ object }) => workspaceOf(object) ?? null,
    package: async ({ object, at }, _args, { ctx, app }) => {
      const of = { ...at, app: appOf(object), name: nameOf(object) }
      return base64(await ctx.call(app.application.versions.package, of))
    },
    files: async ({ object, at }, _args, { ctx, app }) => {
      const of = { ...at, app: appOf(object), name: nameOf(object) }
      const files = await ctx.call(app.application.versions.files, of)
      const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))
      return sorted.map(([path, bytes]) => ({ path, content: base64(bytes) }))
    },
    createdAt: ({ object }) => createdAt(object),
    object: ({ object }, _args, context) =>
      coreObject(context, 'ApplicationVersion', nameOf(object)),
  },
  ApplicationRelease: {
    __resolveReference: (reference, context) =>
      releaseAt(context, 'name' in reference ? reference.name : demandId(reference.id).name),
    id: ({ object }, _args, context) => storedId(context, 'ApplicationRelease', object),
    name: ({ object }) => nameOf(object),
    displayName: ({ object }) => displayNameOf(object),
    description: ({ object }) => descriptionOf(object),
    state: ({ object }) => object.status.state,
    message: ({ object }) => object.status.message || null,
    updatedAt: ({ object }) => object.status.lastUpdate,
    type: ({ object }) => object.spec.appType ?? '',
    applicationName: ({ object }) => object.spec.appID,
    application: ({ object, at: { workspace } }, _args, context) =>
      applicationAt(context, object.spec.appID, workspace ? { workspace } : {}),
    versionName: ({ object }) => object.spec.appVersionID,
    version: ({ object, at: { workspace } }, _args, context) => {
      const { appID, appVersionID } = object.spec
      return versionAt(context, appID, appVersionID, workspace ? { workspace } : {})
    },
    values: ({ object }) => Buffer.from(object.spec.values ?? '', 'base64').toString('utf8'),
    clusterName: ({ object }) => clusterOf(object),
    workspaceName: ({ object }) => workspaceOf(object) ?? '',
    namespace: ({ object }) => namespaceOf(object),
    creator: ({ object }) => creatorOf(object),
    liveObjects: async ({ object, at }, _args, { ctx, app }) => {
      const read = { ...at, name: nameOf(object) }
      const { status } = await ctx.call(app.application.releases.get, read)
      return status.realTimeResources ?? []
    },
    createdAt: ({ object }) => createdAt(object),
    object: ({ object }, _args, context) =>
      coreObject(context, 'ApplicationRelease', nameOf(object)),
  },
}
