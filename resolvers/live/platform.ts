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

type Args = Pick<WatchFieldArgs, 'filter' | 'initial' | 'resume' | 'onlySelected' | 'throttleMs'>

/** Follows the kind behind a type of the platform. `shape` makes the type's model of an object. */
async function follow<T>(
  context: GraphqlContext,
  of: CoreType,
  args: Args,
  field: GraphQLResolveInfo,
  shape: (object: KubeObject) => T,
): Promise<AsyncIterableIterator<PlatformChange<T>, undefined>> {
  const present = ({ type, object, previous, resume }: ObjectChange): PlatformChange<T> => ({
    type,
    object: object && shape(object.object),
    previous: previous && shape(previous.object),
    get resume() {
      return resume()
    },
  })
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
