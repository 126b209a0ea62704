import { connect } from './connection.ts'
import { demandId } from './ids.ts'
import { everything, objectConnection } from './lists.ts'
import {
  createdAt,
  descriptionOf,
  displayNameOf,
  nameOf,
  rowWith,
  workspaceOf,
} from './metadata.ts'
import type { ChartRepositoryEvent } from './models.ts'
import { coreObject } from './objects.ts'
import { categoryAt, repositoryAt, storedConnection, storedId, storePlace } from './store-reads.ts'
import type { Resolvers } from './types.generated.ts'

/** Members of a core Event. */
interface EventFields {
  readonly reason?: string
  readonly type?: string
  readonly message?: string
  readonly count?: number
  readonly lastTimestamp?: string | null
  readonly eventTime?: string | null
}

const fieldsOf = (event: ChartRepositoryEvent): EventFields => event as EventFields

export const repositories: Pick<
  Resolvers,
  'Query' | 'ChartRepository' | 'ChartRepositoryEvent' | 'ApplicationCategory'
> = {
  Query: {
    chartRepository: (_root, { name, ...args }, context) =>
      repositoryAt(context, name, storePlace(args)),
    chartRepositories: async (_root, { workspace, ...args }, context) => {
      const { ctx, app } = context
      const at = storePlace({ workspace })
      const { items } = await ctx.call(app.application.repos.list, { ...at, query: everything })
      return storedConnection(context, ['chartRepositories'], { items, at }, args)
    },
    applicationCategory: (_root, { name }, context) => categoryAt(context, name),
    applicationCategories: async (_root, args, context) => {
      const { ctx, app } = context
      const { items } = await ctx.call(app.application.categories.list, { query: everything })
      return objectConnection(context, ['applicationCategories'], items, args)
    },
  },
  ChartRepository: {
    __resolveReference: (reference, context) =>
      repositoryAt(context, 'name' in reference ? reference.name : demandId(reference.id).name),
    id: ({ object }, _args, context) => storedId(context, 'ChartRepository', object),
    name: ({ object }) => nameOf(object),
    displayName: ({ object }) => displayNameOf(object),
    description: ({ object }) => object.spec.description || null,
    url: ({ object }) => object.spec.url,
    username: ({ object }) => object.spec.credential.username || null,
    insecureSkipTLSVerify: ({ object }) => object.spec.credential.insecureSkipTLSVerify === true,
    syncPeriod: ({ object }) => object.spec.syncPeriod ?? 0,
    state: ({ object }) => object.status.state ?? '',
    syncedAt: ({ object }) => object.status.lastUpdateTime,
    workspaceName: ({ object }) => workspaceOf(object) ?? null,
    events: async ({ object, at }, args, context) => {
      const { ctx, app, cursors } = context
      const name = nameOf(object)
      const asked = { ...at, name, query: everything }
      const { items } = await ctx.call(app.application.repos.events, asked)
      const rows = items.map((event) => rowWith(event, event))
      const list = ['chartRepositoryEvents', name, at.workspace]
      return connect(rows, { cursors, list, args, toNode: ({ item }) => item })
    },
    createdAt: ({ object }) => createdAt(object),
    object: ({ object }, _args, context) => coreObject(context, 'ChartRepository', nameOf(object)),
  },
  ChartRepositoryEvent: {
    reason: (event) => fieldsOf(event).reason ?? '',
    type: (event) => fieldsOf(event).type ?? '',
    message: (event) => fieldsOf(event).message ?? '',
    count: (event) => fieldsOf(event).count ?? 1,
    time: (event) => fieldsOf(event).lastTimestamp ?? fieldsOf(event).eventTime ?? createdAt(event),
  },
  ApplicationCategory: {
    __resolveReference: (reference, context) =>
      categoryAt(context, 'name' in reference ? reference.name : demandId(reference.id).name),
    id: (category, _args, context) => storedId(context, 'ApplicationCategory', category),
    name: nameOf,
    displayName: displayNameOf,
    description: descriptionOf,
    icon: ({ spec }) => spec.icon || null,
    total: ({ status }) => status.total,
    createdAt,
    object: (category, _args, context) =>
      coreObject(context, 'ApplicationCategory', nameOf(category)),
  },
}
