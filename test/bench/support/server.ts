import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig, type Config, type DeepPartial } from '../../../gateway/config/index.ts'
import { startFacade } from '../../../gateway/server/serve.ts'
import { createLogger } from '../../../gateway/telemetry/index.ts'
import { login } from '../../e2e/http.ts'

/** In the process that a bench forked: ks-facade as it is served, of the kubeconfig at the path given; sends its address. */
export async function serveInChild(
  kubeconfig = process.argv[2] ?? '',
  facade: DeepPartial<Config['facade']> = {},
): Promise<void> {
  const config = defaultConfig({
    kubernetes: { kubeconfig },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-the-bench' } },
    facade,
  })
  const { server } = await startFacade(config, { log: createLogger({ level: 'warn' }) })
  process.send?.(server.url)
}

/** A server in a process of its own. */
export interface Served extends AsyncDisposable {
  readonly url: string
  /** Of its administrator. */
  readonly token: string
  readonly child: ChildProcess
}

/** Runs the bench `file` in another process, where it serves by the kubeconfig that is given, and logs in there. */
export async function startServed(
  file: string,
  {
    kubeconfig,
    password,
    execArgv,
    args = [],
  }: { kubeconfig: string; password: string; execArgv?: string[]; args?: string[] },
): Promise<Served> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-bench-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const path = join(folder, 'kubeconfig')
  await writeFile(path, kubeconfig)
  const child = fork(file, [path, ...args], execArgv ? { execArgv } : {})
  stack.defer(() => void child.kill())
  const [url] = (await once(child, 'message')) as [string]
  const token = await login(url, 'admin', password)
  const owned = stack.move()
  return { url, token, child, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}

/** Memory of a process that is resident, in megabytes. */
export async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
