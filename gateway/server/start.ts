import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultConfig, type Config } from '../config/index.ts'
import { startControllers } from '../embedded/controllers/index.ts'
import { startPlane } from '../embedded/index.ts'
import { seed, type DemoLogin } from '../embedded/seeds/index.ts'
import { createLogger } from '../telemetry/index.ts'
import { startFacade } from './serve.ts'

/** Port that `npm start` listens on when nothing else does; any free one otherwise. */
const usualPort = 9090

interface Secrets {
  adminPassword: string
  jwtSecret: string
}

/** Text that meets the user schema's password rule: upper, lower, digit, 8–64 characters. */
function randomPassword(): string {
  return `Ks1${randomBytes(9).toString('base64url')}`
}

/** Secrets of this installation; kept in the data folder (mode 0600) so that a second start logs in with the same. */
async function secretsOf(dataDir: string | undefined): Promise<Secrets> {
  const fresh = {
    adminPassword: randomPassword(),
    jwtSecret: randomBytes(24).toString('base64url'),
  }
  if (!dataDir) return fresh
  const file = join(dataDir, 'facade-secrets.json')
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Secrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await mkdir(dataDir, { recursive: true })
    await writeFile(file, JSON.stringify(fresh), { mode: 0o600 })
    await chmod(file, 0o600)
    return fresh
  }
}

/** `usualPort` if it is free on loopback, else any free port. */
async function freePort(wanted = usualPort): Promise<number> {
  const probe = createServer()
  return new Promise((resolve, reject) => {
    probe.once('error', () =>
      wanted === 0 ? reject(new Error('no free port')) : resolve(freePort(0)),
    )
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

export interface StartOptions {
  port: number | undefined
  dataDir: string | undefined
  kubeconfig: string | undefined
  demo: boolean
}

/** Flags of `npm start`. Throws with a message that names the flag when one is unknown or its value is bad. */
export function parseStart(args: string[], env: NodeJS.ProcessEnv): StartOptions {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      port: { type: 'string' },
      'data-dir': { type: 'string' },
      kubeconfig: { type: 'string' },
      demo: { type: 'boolean', default: true },
    },
  })
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536)) {
    throw new Error(`--port ${values.port}: a port is a number from 0 to 65535`)
  }
  return {
    port,
    dataDir: values['data-dir'],
    kubeconfig: values.kubeconfig ?? (env.KUBECONFIG || undefined),
    demo: values.demo,
  }
}

function banner(
  url: string,
  kubeconfig: string,
  secrets: Secrets | undefined,
  demo: DemoLogin[],
): string {
  const lines = [
    '',
    `ks-facade    ${url}`,
    `GraphQL      ${url}/graphql`,
    `kubeconfig   ${kubeconfig}`,
  ]
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
  const port = options.port || (await freePort(options.port))
  await using stack = new AsyncDisposableStack()
  if (options.kubeconfig) {
    io.progress(`using the cluster of ${options.kubeconfig}: nothing is started or seeded there`)
    const config = embeddedConfig(options.kubeconfig, port, secrets)
    const facade = stack.use(await startFacade(config, { log }))
    io.print(banner(facade.server.url, options.kubeconfig, undefined, []))
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
      reconcile: async ({ host }) => {
        const report = await seed(host.client, {
          demo: options.demo,
          adminPassword: secrets.adminPassword,
          log,
          signal: io.signal,
        })
        demo = report.demo
        return startControllers({ host, log, now: Date.now, config })
      },
    }),
  )
  io.print(banner(facade.server.url, plane.kubeconfigPath, secrets, demo))
  await waitFor(io.signal)
}

function waitFor(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
