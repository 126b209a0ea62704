import type { Operation } from '../gateway/domain/operation.ts'
import type { Place } from '../gateway/domain/application/index.ts'
import type { KubeObject } from '../gateway/kube/types.ts'
import { connect, type Connection, type ListArgs } from './connection.ts'
import type { GraphqlContext } from './context.ts'
import { coreId, type CoreType } from './core-ids.ts'
import { nameOf, rowWith } from './metadata.ts'
import { foundOrNull } from './loaders.ts'
import { coreObject } from './objects.ts'
import type {
  Application,
  ApplicationRelease,
  ApplicationVersion,
  ChartRepository,
  Stored,
} from './models.ts'

interface PlaceArgs {
  readonly workspace?: string | null | undefined
  readonly namespace?: string | null | undefined
}

/** From where a document looks at the store. A namespace is the narrower one. */
export function storePlace({ workspace, namespace }: PlaceArgs): Place {
  if (namespace) return { namespace }
  return workspace ? { workspace } : {}
}

/** A page of stored objects, each with its place. */
export async function storedConnection<T extends KubeObject>(
  { cursors }: GraphqlContext,
  list: readonly unknown[],
  { items, at }: { readonly items: readonly T[]; readonly at: Place },
  args: ListArgs,
): Promise<Connection<Stored<T>>> {
  const rows = items.map((object) => rowWith(object, { at, object }))
  const name = [...list, at.workspace, at.namespace]
  return connect(rows, { cursors, list: name, args, toNode: ({ item }) => item })
}

async function stored<A extends Place, T>(
  { ctx }: GraphqlContext,
  operation: Operation<A, T>,
  at: Place,
  args: A,
): Promise<Stored<T> | null> {
  const object = await foundOrNull(ctx.call(operation, args))
  return object && { at, object }
}

type Read<T> = (context: GraphqlContext, name: string, at?: Place) => Promise<T | null>

export const applicationAt: Read<Application> = (context, name, at = {}) =>
  stored(context, context.app.application.apps.get, at, { ...at, name })

export const repositoryAt: Read<ChartRepository> = (context, name, at = {}) =>
  stored(context, context.app.application.repos.get, at, { ...at, name })

/** Without its live objects, which take calls to its cluster. */
export const releaseAt: Read<ApplicationRelease> = (context, name, at = {}) =>
  stored(context, context.app.application.installs.get, at, { ...at, name })

/** One version of an application. */
export function versionAt(
  context: GraphqlContext,
  app: string,
  name: string,
  at: Place = {},
): Promise<ApplicationVersion | null> {
  return stored(context, context.app.application.versions.get, at, { ...at, app, name })
}

/** A version by its own name: its object says which application it is of. */
export async function versionOf(
  context: GraphqlContext,
  name: string,
): Promise<ApplicationVersion | null> {
  const found = await coreObject(context, 'ApplicationVersion', name)
  const app = found?.object.metadata.labels?.['application.kubesphere.io/app-id']
  return app ? versionAt(context, app, name) : null
}

/** A category, with the count of its applications. */
export function categoryAt({ ctx, app }: GraphqlContext, name: string) {
  return foundOrNull(ctx.call(app.application.categories.get, { name }))
}

/** Payload of a deletion. */
export function removal(
  { ctx }: GraphqlContext,
  type: CoreType,
  { name, clientMutationId = null }: { name: string; clientMutationId?: string | null },
) {
  return { id: coreId(ctx.cluster.name, type, name), name, clientMutationId }
}

/** Global id of a stored object. */
export function storedId({ ctx }: GraphqlContext, type: CoreType, object: KubeObject): string {
  return coreId(ctx.cluster.name, type, nameOf(object))
}
