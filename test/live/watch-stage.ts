import { eventually, account } from '../iam/world.ts'
import { startGraphWorld, type GraphWorld } from '../graphql/graph.ts'
import { watcher, type Watcher } from './watch-client.ts'

export const MAPS = { group: '', version: 'v1', resource: 'configmaps' }

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' }
const iam = (resource: string) => ({ group: 'iam.kubesphere.io', version: 'v1beta1', resource })
const apiVersion = 'iam.kubesphere.io/v1beta1'

export interface WatchStage extends AsyncDisposable {
  readonly world: GraphWorld
  readonly admin: Watcher
  namespace(name: string): Promise<void>
  /** An account without any role of a project. */
  stranger(name: string): Promise<Watcher>
  /** Lets an account watch config maps of a namespace. */
  grant(user: string, namespace: string): Promise<void>
  revoke(user: string, namespace: string): Promise<void>
  /** Creates a config map, or changes its data and labels. */
  put(
    name: string,
    data: Record<string, string>,
    of?: { namespace?: string; labels?: Record<string, string> },
  ): Promise<void>
  remove(name: string, namespace?: string): Promise<void>
}

/** A platform without nodes, some people, and their subscriptions over real sockets. Secrets are read live in it. */
export async function startWatchStage(): Promise<WatchStage> {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(
    await startGraphWorld({ config: { facade: { graphql: { live: ['*/secrets'] } } } }),
  )
  const { kube } = world
  const watcherOf = async (user: string) => stack.use(watcher(world.url, await world.login(user)))
  const admin = await watcherOf('admin')
  const owned = stack.move()

  async function bindings(namespace: string, user: string): Promise<boolean> {
    const store = await world.app.clusters.host.caches.store(iam('rolebindings'))
    return store.get(namespace, user) !== undefined
  }

  return {
    world,
    admin,
    async namespace(name) {
      await kube.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    },
    async stranger(name) {
      await kube.create(iam('users'), account(name, 'platform-regular'))
      await world.settled()
      const token = await eventually(
        () => world.login(name).catch(() => undefined),
        (answer) => answer !== undefined,
      )
      return owned.use(watcher(world.url, token ?? ''))
    },
    async grant(user, namespace) {
      await kube.create(iam('roles'), {
        apiVersion,
        kind: 'Role',
        metadata: { name: user, namespace },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }],
      })
      await kube.create(iam('rolebindings'), {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: user, namespace },
        roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'Role', name: user },
        subjects: [{ apiGroup: 'iam.kubesphere.io', kind: 'User', name: user }],
      })
      await eventually(() => bindings(namespace, user), Boolean)
      const roles = await world.app.clusters.host.caches.store(iam('roles'))
      await eventually(async () => roles.get(namespace, user), Boolean)
    },
    async revoke(user, namespace) {
      await kube.delete(iam('rolebindings'), user, { namespace })
    },
    async put(name, data, { namespace = 'default', labels = {} } = {}) {
      await kube.patch(
        MAPS,
        name,
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data },
        { type: 'apply', namespace, fieldManager: 'tests', force: true },
      )
    },
    async remove(name, namespace = 'default') {
      await kube.delete(MAPS, name, { namespace })
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
