import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const main = resolve(root, 'gateway/server/main.ts')

/** Environment of a person who has set nothing up. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const {
    KUBECONFIG: _k,
    LOG_LEVEL: _l,
    NODE_OPTIONS: _o,
    NODE_TEST_CONTEXT: _t,
    ...env
  } = process.env
  return { ...env, NODE_NO_WARNINGS: '1' }
}

export interface Ended {
  /** Exit code; null when a signal ended it. */
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** From the start to the end. */
  seconds: number
}

/** A command of the project as a child process of its own. Disposing kills it. */
export class Command implements AsyncDisposable {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''
  #listeners = new Set<() => void>()

  private constructor(child: ChildProcess) {
    const started = performance.now()
    this.child = child
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text
        for (const look of this.#listeners) look()
      })
    }
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.stdout,
      stderr: this.stderr,
      seconds: (performance.now() - started) / 1000,
    }))
  }

  /** `node gateway/server/main.ts <args>`: what `start`, `serve` and `plane` of npm run. */
  static main(args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Command {
    return Command.#spawn(process.execPath, [main, ...args], options)
  }

  /** `npm start -- <args>` in a process group of its own, as a terminal makes it. */
  static npmStart(args: string[], env: NodeJS.ProcessEnv): Command {
    const all = ['start', '--silent', '--', ...args]
    return Command.#spawn('npm', all, { cwd: root, detached: true, env })
  }

  /** What `npm start` runs, without npm. */
  static bootstrap(args: string[], env: NodeJS.ProcessEnv): Command {
    const file = resolve(root, 'gateway/bootstrap.mjs')
    return Command.#spawn(process.execPath, [file, ...args], { env })
  }

  static #spawn(
    file: string,
    args: string[],
    { env, ...options }: { cwd?: string; env?: NodeJS.ProcessEnv; detached?: boolean },
  ): Command {
    return new Command(
      spawn(file, args, {
        ...options,
        env: { ...plainEnvironment(), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** First match of `pattern` in what the command prints; rejects when the command ends without it. */
  async prints(pattern: RegExp, on: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const { promise, resolve: found } = Promise.withResolvers<RegExpExecArray>()
    const look = (): void => {
      const match = pattern.exec(this[on])
      if (match) found(match)
    }
    this.#listeners.add(look)
    look()
    try {
      return await Promise.race([
        promise,
        this.ended.then(({ code, stderr }): never => {
          throw new Error(`it ended with ${code} before it printed ${pattern}:\n${stderr}`)
        }),
      ])
    } finally {
      this.#listeners.delete(look)
    }
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) this.child.kill('SIGTERM')
    const late = setTimeout(() => this.child.kill('SIGKILL'), 20_000)
    await this.ended
    clearTimeout(late)
  }
}

/** What `npm start` printed when it was ready. */
export interface Banner {
  url: string
  password: string
  kubeconfig: string
}

/** Waits until a `start` is ready. */
export async function ready(command: Command): Promise<Banner> {
  await command.prints(/^ready$/m)
  const [, url = ''] = await command.prints(/^ks-facade\s+(\S+)$/m)
  const [, kubeconfig = ''] = await command.prints(/^kubeconfig\s+(\S+)$/m)
  const [, password = ''] = await command.prints(/^login\s+admin \/ (\S+)$/m)
  return { url, password, kubeconfig }
}
