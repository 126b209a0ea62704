import { defaultConfig } from '../../../gateway/config/index.ts'
import { startFacade } from '../../../gateway/server/serve.ts'
import { createLogger } from '../../../gateway/telemetry/index.ts'

/** In the process that a bench forked: ks-facade as it is served, of the kubeconfig at the path given; sends its address. */
export async function serveInChild(kubeconfig = process.argv[2] ?? ''): Promise<void> {
  const config = defaultConfig({
    kubernetes: { kubeconfig },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-the-bench' } },
  })
  const facade = await startFacade(config, { log: createLogger({ level: 'warn' }) })
  process.send?.(facade.server.url)
}
