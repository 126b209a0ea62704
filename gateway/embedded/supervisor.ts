import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { RunningComponent } from './component.ts'
import { components, type Component, type Launchers } from './external.ts'
import { flagsOf, type Layout } from './flags.ts'
import { pause } from './wait.ts'

/** What the plane tells a log; a pino logger is one. */
export interface PlaneLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface SupervisorOptions {
  layout: Layout
  launchers: Launchers
  /** Resolves once the component serves, rejects when it will not or `signal` aborts. */
  ready: (component: RunningComponent, signal: AbortSignal) => Promise<void>
  log?: PlaneLog
}

/** A component that ends this often within a minute is left alone. */
const restartsPerMinute = 5

/** Time to end by itself; the others hold no state and are killed at once. */
const graceMs: Partial<Record<Component, number>> = { etcd: 8000, 'node-agent': 4000 }

/** Runs the components of a plane, and starts again those that end by themselves. */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions
  readonly #running = new Map<Component, RunningComponent>()
  /** Those that are about to be among them. */
  readonly #beginning = new Set<Promise<RunningComponent>>()
  readonly #deaths: number[] = []
  readonly #closing = new AbortController()
  #unreaped = false

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  /** Starts the component and waits until it is ready. */
  async start(name: Component): Promise<void> {
    this.#closing.signal.throwIfAborted()
    const begun = this.#begin(name)
    this.#beginning.add(begun)
    const component = await begun.finally(() => this.#beginning.delete(begun))
    await this.#options.ready(component, this.#closing.signal)
    void this.#watch(component)
  }

  async #begin(name: Component): Promise<RunningComponent> {
    const { layout, launchers } = this.#options
    const launcher = launchers.get(name)
    if (!launcher) throw new Error(`there is no ${name} to start`)
    const removal = layout.durable ? {} : { PLANE_REMOVE_DIR: layout.dir }
    const component = await RunningComponent.start({
      name,
      launcher,
      args: flagsOf(name, layout),
      logFile: join(layout.dir, 'logs', `${name}.log`),
      env: { ...process.env, ...(name === 'etcd' ? removal : {}) },
    })
    this.#running.set(name, component)
    if (name === 'node-agent') this.#unreaped = false
    return component
  }

  async #watch(component: RunningComponent): Promise<void> {
    const error = await component.failure()
    if (this.#closing.signal.aborted || this.#running.get(component.name) !== component) return
    const now = Date.now()
    this.#deaths.push(now)
    while ((this.#deaths[0] ?? now) < now - 60_000) this.#deaths.shift()
    if (this.#deaths.length > restartsPerMinute) {
      this.#options.log?.error({ component: component.name }, `${error.message}: given up`)
      return
    }
    this.#options.log?.warn({ component: component.name }, `${error.message}: starting it again`)
    try {
      await pause(500, this.#closing.signal)
      await this.start(component.name)
    } catch (again) {
      if (this.#closing.signal.aborted) return
      this.#options.log?.error(
        { component: component.name, err: again },
        'it does not come up again',
      )
    }
  }

  pids(): ReadonlyMap<Component, number> {
    const entries = [...this.#running.values()].flatMap(({ name, pid, running }) =>
      running && pid !== undefined ? [[name, pid] as const] : [],
    )
    return new Map(entries)
  }

  async kill(name: Component): Promise<void> {
    const component = this.#running.get(name)
    this.#running.delete(name)
    await component?.stop(0)
    if (name === 'node-agent') this.#unreaped = true
  }

  /** Ends what a killed agent could not: processes that its containers started in sessions of their own. */
  async #reap(): Promise<void> {
    const launcher = this.#options.launchers.get('node-agent')
    if (!launcher) return
    const args = [...launcher.args, `--root=${this.#options.layout.dir}`, '--reap']
    const child = spawn(launcher.file, args, { stdio: 'ignore' })
    await new Promise<void>((done) => {
      child.once('error', () => done())
      child.once('exit', () => done())
    })
  }

  async restart(name: Component): Promise<void> {
    await this.kill(name)
    await this.start(name)
  }

  signal(name: Component, signal: NodeJS.Signals): void {
    this.#running.get(name)?.signal(signal)
  }

  /** Stops all, the last started first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the control plane is stopping'))
    // One of them may have failed while another was not yet a process.
    await Promise.allSettled(this.#beginning)
    const durable = this.#options.layout.durable
    for (const name of components.toReversed()) {
      const grace = name === 'etcd' && !durable ? 0 : (graceMs[name] ?? 0)
      await this.#running.get(name)?.stop(grace)
    }
    if (this.#unreaped) await this.#reap()
    this.#running.clear()
  }
}
