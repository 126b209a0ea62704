import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBinary, type Binaries } from './binary.ts'
import { components, type Component } from './external.ts'
import type { Layout } from './flags.ts'
import { openFolder } from './folder.ts'
import { kubeconfigText, writeKubeconfig } from './kubeconfig.ts'
import { preparePki } from './pki.ts'
import { createProbe, freePort } from './probe.ts'
import { withProgress, type Progress } from './progress.ts'
import { untilReady } from './readiness.ts'
import { Supervisor, type PlaneLog } from './supervisor.ts'

export interface PlaneOptions {
  /** Folder that keeps the state; a temporary one, removed at the end, when it is not given. */
  dataDir?: string
  /** Port of kube-apiserver on loopback; any free one by default. */
  port?: number
  /** How many nodes join; 1 by default. Without any there is no agent, and pods stay as they are written. */
  nodes?: number
  /** The components to start; all by default. etcd and kube-apiserver are always among them. */
  components?: readonly Component[]
  log?: PlaneLog
  onProgress?: Progress
  /** Ends the start, not the running plane. */
  signal?: AbortSignal
}

/** A running control plane. Disposing stops every process of it and removes a temporary folder. */
export interface Plane extends AsyncDisposable {
  /** `https://127.0.0.1:<port>` */
  readonly server: string
  readonly dir: string
  readonly kubeconfigPath: string
  /** Text of the kubeconfig: an administrator (`system:masters`). */
  readonly kubeconfig: string
  /** Components that were wanted and that nothing here can start. */
  readonly missing: readonly Component[]
  /** Process id by running component. */
  pids(): ReadonlyMap<Component, number>
  /** Kills the component at once and starts it again; resolves when it is ready. */
  restart(component: Component): Promise<void>
  /** Kills the component at once; it stays away until `restart`. */
  kill(component: Component): Promise<void>
  /** Stops the component's process from running, `resume` lets it go on. */
  pause(component: Component): void
  resume(component: Component): void
}

async function boot(
  supervisor: Supervisor,
  options: { wanted: readonly Component[]; onProgress: Progress },
) {
  const step = (names: readonly Component[], what: string) =>
    withProgress(what, options.onProgress, () =>
      Promise.all(
        names.filter((name) => options.wanted.includes(name)).map((name) => supervisor.start(name)),
      ),
    )
  await step(['etcd', 'kube-apiserver'], 'starting etcd and kube-apiserver')
  await step(
    ['kube-controller-manager', 'kube-scheduler', 'node-agent'],
    'starting the controller manager, the scheduler and the node agent',
  )
}

/**
 * Boots a control plane on free ports of loopback: etcd, kube-apiserver, controller manager, scheduler and an agent for
 * `nodes` nodes; resolves when kube-apiserver is ready, the controllers work and the nodes are Ready. Any number may run
 * side by side. Everything ends with this process, however that ends.
 *
 * Throws when no binary can be had (see ensureBinary), when `dataDir` is in use or cannot be written, when `port` is taken,
 * and a ComponentError that quotes the component's log when one does not come up.
 */
export async function startPlane(options: PlaneOptions = {}): Promise<Plane> {
  const onProgress = options.onProgress ?? (() => undefined)
  const signal = options.signal ?? new AbortController().signal
  const asked = options.components ?? components
  const count = options.nodes ?? 1
  const needs = components.filter(
    (name) =>
      name === 'etcd' ||
      name === 'kube-apiserver' ||
      (asked.includes(name) && (count > 0 || !['kube-scheduler', 'node-agent'].includes(name))),
  )
  const binaries: Binaries = await ensureBinary({ onProgress, signal, needs })
  signal.throwIfAborted()

  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await openFolder(options.dataDir))
  const pki = await preparePki(join(folder.dir, 'pki'), new Date())
  const port = await freePort(options.port)
  const server = `https://127.0.0.1:${port}`
  const componentKubeconfig = join(folder.dir, 'pki', 'component.kubeconfig')
  await writeKubeconfig(componentKubeconfig, kubeconfigText(server, pki.ca, pki.component))
  const kubeconfig = kubeconfigText(server, pki.ca, pki.admin)
  const kubeconfigPath = join(folder.dir, 'kubeconfig')
  await writeKubeconfig(kubeconfigPath, kubeconfig)
  if (folder.durable) stack.defer(() => rm(kubeconfigPath, { force: true }).catch(() => undefined))

  const nodes = Array.from({ length: count }, (_, index) => `node-${index + 1}`)
  const layout: Layout = { ...folder, port, pki, nodes, componentKubeconfig }
  const probe = stack.use(createProbe(port, pki))
  const supervisor = stack.use(
    new Supervisor({
      layout,
      launchers: binaries.launchers,
      ready: (component, closing) =>
        untilReady(component, probe, layout, AbortSignal.any([signal, closing])),
      ...(options.log ? { log: options.log } : {}),
    }),
  )
  const wanted = needs.filter((name) => !binaries.missing.includes(name))
  await boot(supervisor, { wanted, onProgress })
  const owned = stack.move()
  return {
    server,
    dir: folder.dir,
    kubeconfigPath,
    kubeconfig,
    missing: binaries.missing,
    pids: () => supervisor.pids(),
    restart: (component) => supervisor.restart(component),
    kill: (component) => supervisor.kill(component),
    pause: (component) => supervisor.signal(component, 'SIGSTOP'),
    resume: (component) => supervisor.signal(component, 'SIGCONT'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
