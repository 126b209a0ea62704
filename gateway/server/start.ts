import { createServer, type AddressInfo, type Server } from 'node:net'
import { defaultConfig, type Config } from '../config/index.ts'
import { startConsole } from '../embedded/console/index.ts'
import { startControllers } from '../embedded/controllers/index.ts'
import { startPlane } from '../embedded/index.ts'
import { seed, type DemoLogin } from '../embedded/seeds/index.ts'
import { createLogger } from '../telemetry/index.ts'
import { secretsOf, type Secrets } from './secrets.ts'
import { startFacade } from './serve.ts'
import type { StartOptions } from './start-options.ts'

/** Port that `npm start` listens on when nothing else does; any free one otherwise. */
const usualPort = 9090

interface Reservation extends Disposable {
  readonly server: Server
  readonly port: number
}

/**
 * Takes a port of loopback and holds it while the control plane boots, so that two starts at once do not agree on one.
 * `wanted` it must be; without that `usualPort`, or any free one when that is taken.
 */
async function reservePort(wanted: number | undefined): Promise<Reservation> {
  const server = createServer((early) => early.destroy())
  const take = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  if (wanted === undefined) await take(usualPort).catch(() => take(0))
  else {
    await take(wanted).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`--port ${wanted} cannot be used: ${error.code}`, { cause: error })
    })
  }
  const { port } = server.address() as AddressInfo
  return { server, port, [Symbol.dispose]: () => void server.close() }
}

interface Banner {
  url: string
  kubeconfig: string
  /** Address of the web console. */
  web: string | undefined
  secrets?: Secrets
  demo?: DemoLogin[]
}

function banner({ url, kubeconfig, web, secrets, demo = [] }: Banner): string {
  const lines = [
    '',
    `ks-facade    ${url}`,
    `GraphQL      ${url}/graphql`,
    `explorer     ${url}/explorer`,
  ]
  if (web) lines.push(`console      ${web}`)
  lines.push(`kubeconfig   ${kubeconfig}`)
  if (secrets) lines.push(`login        admin / ${secrets.adminPassword}`)
  for (const { user, password, about } of demo)
    lines.push(`             ${user} / ${password}   (${about})`)
  return [...lines, 'ready'].join('\n')
}

/** Configuration of the embedded mode: host role, every login allowed beside others, tokens signed by `jwtSecret`. */
function embeddedConfig(kubeconfig: string, port: number, secrets: Secrets): Config {
  return defaultConfig({
    kubernetes: { kubeconfig },
    server: { bindAddress: '127.0.0.1', insecurePort: port },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: {
      multipleLogin: true,
      issuer: { url: `http://127.0.0.1:${port}`, jwtSecret: secrets.jwtSecret },
    },
  })
}

/**
 * The main job: an embedded control plane with seeds and reconcilers unless a kubeconfig is given, ks-facade in front,
 * until `signal` aborts. Prints to `print` what a person needs and then `ready`.
 */
export async function start(
  options: StartOptions,
  io: { signal: AbortSignal; print: (line: string) => void; progress: (line: string) => void },
): Promise<void> {
  const log = createLogger({ level: process.env.LOG_LEVEL ?? 'warn' })
  const secrets = await secretsOf(options.kubeconfig ? undefined : options.dataDir)
  await using stack = new AsyncDisposableStack()
  const { server, port } = stack.use(await reservePort(options.port))
  const openConsole = async (url: string) =>
    options.console
      ? stack.use(await startConsole(url, { onProgress: io.progress, signal: io.signal })).url
      : undefined
  if (options.kubeconfig) {
    io.progress(`using the cluster of ${options.kubeconfig}: nothing is started or seeded there`)
    const config = embeddedConfig(options.kubeconfig, port, secrets)
    const facade = stack.use(await startFacade(config, { log, listenOn: server }))
    const { url } = facade.server
    io.print(banner({ url, kubeconfig: options.kubeconfig, web: await openConsole(url) }))
    facade.warm()
    return waitFor(io.signal)
  }
  const plane = stack.use(
    await startPlane({
      ...(options.dataDir ? { dataDir: options.dataDir } : {}),
      log,
      onProgress: io.progress,
      signal: io.signal,
    }),
  )
  const config = embeddedConfig(plane.kubeconfigPath, port, secrets)
  let demo: DemoLogin[] = []
  const facade = stack.use(
    await startFacade(config, {
      log,
      listenOn: server,
      reconcile: async (clusters) => {
        const { host } = clusters
        const report = await seed(host.client, {
          demo: options.demo,
          adminPassword: secrets.adminPassword,
          log,
          signal: io.signal,
        })
        demo = report.demo
        return startControllers({
          host,
          log,
          now: Date.now,
          config,
          openHosts: config.facade.openHosts,
          access: (name) => clusters.access(name),
        })
      },
    }),
  )
  const { url } = facade.server
  const kubeconfig = plane.kubeconfigPath
  io.print(banner({ url, kubeconfig, web: await openConsole(url), secrets, demo }))
  facade.warm()
  await waitFor(io.signal)
}

function waitFor(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
