import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import { createClusters } from '../../gateway/kube/clusters.ts'
import { createMetrics } from '../../gateway/telemetry/index.ts'
import { serverLog } from '../env/log.ts'
import { startTestPlane } from '../env/plane.ts'
import { seeing } from '../env/seen.ts'
import type { Stage } from './flows/writes.ts'

export interface EmbeddedStage extends Stage, AsyncDisposable {
  readonly controllers: Controllers
  /** A second set of reconcilers beside the first; the caller disposes it. */
  readonly restart: () => Promise<Controllers>
}

/**
 * A control plane with seeds and reconcilers, and nothing in front of it. `now` is their clock. What its client writes is in
 * their caches when the write returns.
 */
export async function startStage(now: () => number = Date.now): Promise<EmbeddedStage> {
  await using stack = new AsyncDisposableStack()
  const log = serverLog()
  const plane = stack.use(
    await startTestPlane({ components: ['etcd', 'kube-apiserver', 'kube-controller-manager'] }),
  )
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: {
      authenticateRateLimiterMaxTries: 10,
      authenticateRateLimiterDurationMs: 600_000,
    },
  })
  const clusters = stack.use(await createClusters({ config, log, metrics: createMetrics(), now }))
  const cluster = clusters.host
  await seed(cluster.client, { demo: false, adminPassword: 'Admin-of-tests1', now })
  const restart = () => startControllers({ host: cluster, log, config, now })
  const controllers = stack.use(await restart())
  await controllers.settled()
  const owned = stack.move()
  return {
    cluster: { ...cluster, client: seeing(cluster.client, [cluster.caches]) },
    controllers,
    restart,
    effects: controllers.effects,
    time: () => `${new Date(now()).toISOString().slice(0, 19)}Z`,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}
