/**
 * A ks-facade in a process of its own, so that its memory and sockets are nobody else's. Arguments: the kubeconfig and a
 * configuration as JSON. Sends its address; answers every message with what it holds after a collection.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defaultConfig, type Config, type DeepPartial } from '../../gateway/config/index.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'

export interface Held {
  sessions: number
  /** Bytes. */
  live: number
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

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
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  const held: Held = { sessions: facade.app.terminal.sessions, live: heapUsed + external }
  process.send?.(held)
})
process.once('disconnect', () => void facade[Symbol.asyncDispose]())
process.send?.(facade.server.url)
