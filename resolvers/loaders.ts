import DataLoader from 'dataloader'
import type { App } from '../gateway/context/app.ts'
import type { RequestContext } from '../gateway/context/types.ts'
import type { Cluster, PlatformRole, Project, User, Workspace } from './models.ts'
import type { RoleLevel } from '../gateway/domain/iam/index.ts'
import type { GraphqlContext } from './context.ts'
import { isNotFound } from '../gateway/lib/errors.ts'
import { createObjectLoaders, type ObjectLoaders } from './object-loaders.ts'
import { readObject } from './objects.ts'

/** A role by level, place and name. */
export interface RoleKey {
  readonly level: RoleLevel
  /** Workspace or namespace; empty text at the other levels. */
  readonly scope: string
  readonly name: string
}

/** Objects by name, each read once in a request; null where there is none. Keys the caller may not read throw. */
export interface Loaders extends ObjectLoaders {
  readonly users: DataLoader<string, User | null>
  readonly workspaces: DataLoader<string, Workspace | null>
  readonly projects: DataLoader<string, Project | null>
  readonly clusters: DataLoader<string, Cluster | null>
  readonly roles: DataLoader<RoleKey, PlatformRole | null, string>
}

/** Largest number of keys that one batch reads. */
const batchSize = 500

/** What is read, null where it is not there. */
export async function foundOrNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

async function settle<T>(reading: Promise<T>): Promise<T | Error | null> {
  try {
    return await foundOrNull(reading)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function loader<K, V, C = K>(
  read: (key: K) => Promise<V>,
  cacheKeyFn?: (key: K) => C,
): DataLoader<K, V | null, C> {
  return new DataLoader<K, V | null, C>(
    (keys) => Promise.all(keys.map((key) => settle<V | null>(read(key)))),
    { maxBatchSize: batchSize, ...(cacheKeyFn ? { cacheKeyFn } : {}) },
  )
}

/** The place that a role key's scope means at its level. */
export function placeOf({ level, scope }: RoleKey): { workspace?: string; namespace?: string } {
  if (level === 'workspace') return { workspace: scope }
  return level === 'namespace' ? { namespace: scope } : {}
}

/**
 * One set per request or socket operation; every read goes through the caller's permission. `view` says which
 * kinds of Kubernetes objects there are, and for which no watch cache may answer.
 */
export function createLoaders(
  app: App,
  ctx: RequestContext,
  view: Pick<GraphqlContext, 'live' | 'shown'>,
): Loaders {
  return new LazyLoaders(() => makeLoaders(app, ctx, view))
}

/** Loaders that are made when one is asked for: most events of subscriptions need none. */
class LazyLoaders implements Loaders {
  readonly #make: () => Loaders
  #made: Loaders | undefined

  constructor(make: () => Loaders) {
    this.#make = make
  }

  get #all(): Loaders {
    return (this.#made ??= this.#make())
  }

  get users(): Loaders['users'] {
    return this.#all.users
  }
  get workspaces(): Loaders['workspaces'] {
    return this.#all.workspaces
  }
  get projects(): Loaders['projects'] {
    return this.#all.projects
  }
  get clusters(): Loaders['clusters'] {
    return this.#all.clusters
  }
  get roles(): Loaders['roles'] {
    return this.#all.roles
  }
  get objects(): Loaders['objects'] {
    return this.#all.objects
  }
  get related(): Loaders['related'] {
    return this.#all.related
  }
  get scales(): Loaders['scales'] {
    return this.#all.scales
  }
}

function makeLoaders(
  app: App,
  ctx: RequestContext,
  view: Pick<GraphqlContext, 'live' | 'shown'>,
): Loaders {
  return {
    users: loader((name) => ctx.call(app.iam.users.get, { name })),
    workspaces: loader((workspace) => ctx.call(app.tenant.templates.get, { workspace })),
    projects: loader(async (name) => {
      const found = await readObject(
        { ctx, live: view.live, shown: () => true },
        {
          group: '',
          version: 'v1',
          resource: 'namespaces',
          namespace: '',
          name,
        },
      )
      return found.object as Project
    }),
    clusters: loader((name) => ctx.call(app.cluster.get, { name })),
    roles: loader(
      async (key) => {
        const at = { level: key.level, ...placeOf(key) }
        return { ...at, role: await ctx.call(app.iam.roles.get, { ...at, name: key.name }) }
      },
      ({ level, scope, name }) => `${level}/${scope}/${name}`,
    ),
    ...createObjectLoaders(ctx, view),
  }
}
