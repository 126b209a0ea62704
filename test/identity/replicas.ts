import { defaultConfig, type Config, type DeepPartial } from '../../gateway/config/index.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
import { serverLog } from '../env/log.ts'
import { startTestPlane } from '../env/plane.ts'
import { seeing } from '../env/seen.ts'
import { PASSWORD } from '../iam/world.ts'

export interface Replicas extends AsyncDisposable {
  /** The first replica: it reconciles. */
  readonly first: Facade
  /** What it writes is in the caches of every replica when the write returns. */
  readonly kube: KubeClient
  /** One more server in front of the same control plane, by the configuration of the first but for `differences`. */
  another(differences?: DeepPartial<Config>): Promise<Facade>
  settled(): Promise<void>
}

/** An embedded platform behind as many servers as a test wants, all with one secret for tokens. */
export async function startReplicas(
  cache: DeepPartial<Config['cache']>,
  nodes = 0,
): Promise<Replicas> {
  await using stack = new AsyncDisposableStack()
  const log = serverLog()
  const plane = stack.use(await startTestPlane({ nodes }))
  const configFor = (of: DeepPartial<Config>): Config =>
    defaultConfig({
      ...of,
      kubernetes: { kubeconfig: plane.kubeconfigPath },
      server: { bindAddress: '127.0.0.1', insecurePort: 0 },
      multicluster: { clusterRole: 'host', hostClusterName: 'host' },
      cache,
      authentication: {
        multipleLogin: true,
        ...of.authentication,
        issuer: { url: 'https://console.example', jwtSecret: 'secret-of-the-replicas' },
      },
    })
  const config = configFor({})
  let controllers: Controllers | undefined
  const first = stack.use(
    await startFacade(config, {
      log,
      reconcile: async ({ host }) => {
        await seed(host.client, { demo: false, adminPassword: PASSWORD, log })
        controllers = await startControllers({ host, log, config })
        return controllers
      },
    }),
  )
  await controllers?.settled()
  const caches = [first.app.clusters.host.caches]
  const owned = stack.move()
  return {
    first,
    kube: seeing(first.app.clusters.host.client, caches),
    async another(differences = {}) {
      const replica = owned.use(await startFacade(configFor(differences), { log }))
      caches.push(replica.app.clusters.host.caches)
      return replica
    },
    settled: async () => controllers?.settled(),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}
