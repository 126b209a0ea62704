/**
 * A ks-facade in a process of its own, so that its memory and sockets are nobody else's. Arguments: the kubeconfig and a
 * configuration as JSON. Sends its address; answers every message with what it holds after a collection.
 */
import { defaultConfig, type Config, type DeepPartial } from '../../gateway/config/index.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { liveBytes } from '../env/memory.ts'

export interface Held {
  sessions: number
  /** Bytes. */
  live: number
}

const [, , kubeconfig = '', change = '{}'] = process.argv
const facade = await startFacade(
  defaultConfig({
    kubernetes: { kubeconfig },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    ...(JSON.parse(change) as DeepPartial<Config>),
  }),
  { log: createLogger({ level: 'error' }) },
)
process.on('message', () => {
  const held: Held = { sessions: facade.app.terminal.sessions, live: liveBytes() }
  process.send?.(held)
})
process.once('disconnect', () => void facade[Symbol.asyncDispose]())
process.send?.(facade.server.url)
