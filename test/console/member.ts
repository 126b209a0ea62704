import type { Logger } from 'pino'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { startTestPlane } from '../env/plane.ts'
import { publish } from '../rest/two-clusters.ts'

export interface MemberCluster extends AsyncDisposable {
  /** What an administrator pastes into the console to add it. */
  readonly kubeconfig: string
}

/**
 * A second control plane with a ks-facade, which no cluster knows yet. The host finds the facade at `address` through the
 * kube-apiserver of the kubeconfig, as in an installation.
 */
export async function startMember(
  address: string,
  jwtSecret: string,
  log: Logger,
): Promise<MemberCluster> {
  await using stack = new AsyncDisposableStack()
  const plane = stack.use(await startTestPlane())
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath },
    server: { bindAddress: '0.0.0.0', insecurePort: 0 },
    multicluster: { clusterRole: 'member', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret, accessTokenMaxAgeMs: 0 } },
  })
  const facade = stack.use(
    await startFacade(config, {
      log,
      reconcile: async (clusters) => {
        const { host } = clusters
        await seed(host.client, { demo: false, adminPassword: jwtSecret, log })
        return startControllers({ host, log, config, access: (name) => clusters.access(name) })
      },
    }),
  )
  await publish(facade.app.clusters.host.client, address, facade.server.port)
  const owned = stack.move()
  return {
    kubeconfig: plane.kubeconfig,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}
