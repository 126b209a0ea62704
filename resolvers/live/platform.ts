import type { GraphQLResolveInfo } from 'graphql'
import { publicCluster } from '../../gateway/domain/cluster/index.ts'
import { publicUser } from '../../gateway/domain/iam/index.ts'
import { workspaceTemplate } from '../../gateway/domain/tenant/index.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import type { GraphqlContext } from '../context.ts'
import { coreKinds, type CoreType } from '../core-ids.ts'
import { kindOf } from '../objects.ts'
import type { Resolvers } from '../types.generated.ts'
import type { ObjectChange } from './change.ts'
import { asField, mapEvents } from '../event-streams.ts'
import { watchKind, type WatchFieldArgs } from './watch.ts'

/** What the types `…Change` of the platform's own types are made of. */
interface PlatformChange<T> {
  readonly type: ObjectChange['type']
  readonly object: T | null
  readonly previous: T | null
  readonly resume: string
}

/** Tokens are made when somebody asks for them. */
class ShapedChange<T> implements PlatformChange<T> {
  readonly type: ObjectChange['type']
  readonly object: T | null
  readonly previous: T | null
  readonly #resume: () => string

  constructor({ type, object, previous, resume }: ObjectChange, shape: (object: KubeObject) => T) {
    this.type = type
    this.object = object && shape(object.object)
    this.previous = previous && shape(previous.object)
    this.#resume = resume
  }

  get resume(): string {
    return this.#resume()
  }
}

type Args = Pick<WatchFieldArgs, 'filter' | 'initial' | 'resume' | 'onlySelected' | 'throttleMs'>

/** Follows the kind behind a type of the platform. `shape` makes the type's model of an object. */
async function follow<T>(
  context: GraphqlContext,
  of: CoreType,
  args: Args,
  field: GraphQLResolveInfo,
  shape: (object: KubeObject) => T,
): Promise<AsyncIterableIterator<PlatformChange<T>, undefined>> {
  const present = (change: ObjectChange): PlatformChange<T> => new ShapedChange(change, shape)
  const info = await kindOf({ ...context, shown: () => true }, coreKinds[of])
  const whole = { ...args, mode: 'EVENTS', accessibleOnly: false } as const
  return mapEvents(await watchKind(context, info, whole, field, present), present)
}

export const platformWatches = {
  Subscription: {
    usersChanged: {
      subscribe: async (_root, args, context, field) =>
        asField('usersChanged', await follow(context, 'User', args, field, publicUser)),
    },
    workspacesChanged: {
      subscribe: async (_root, args, context, field) =>
        asField(
          'workspacesChanged',
          await follow(context, 'Workspace', args, field, workspaceTemplate),
        ),
    },
    clustersChanged: {
      subscribe: async (_root, args, context, field) =>
        asField('clustersChanged', await follow(context, 'Cluster', args, field, publicCluster)),
    },
  },
} satisfies Pick<Resolvers, 'Subscription'>
