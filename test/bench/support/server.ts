import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
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

/** Memory of a process that is resident, in megabytes. */
export async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
