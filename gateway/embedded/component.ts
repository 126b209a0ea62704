import { spawn, type ChildProcess } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import type { Component, Launcher } from './external.ts'
import { pause } from './wait.ts'

/** A process of the plane that ended by itself or did not come up; the message quotes the end of its log. */
export class ComponentError extends Error {
  override readonly name = 'ComponentError'
}

export interface ComponentOptions {
  name: Component
  launcher: Launcher
  args: string[]
  logFile: string
  env: NodeJS.ProcessEnv
}

/**
 * Stands between us and a program that does not watch its parent: ends it when our pipe closes, so that it is gone
 * even when this process was killed.
 */
const guard = `exec 3<&0
"$@" </dev/null 3<&- & child=$!
trap 'kill -TERM $child' TERM INT
{ cat <&3 >/dev/null; kill -TERM $child; sleep 3; kill -KILL $child; } 2>/dev/null & watcher=$!
wait $child; code=$?
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
kill $watcher 2>/dev/null
exit $code`

async function tailOf(file: string, lines: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.slice(-20_000).trimEnd().split('\n').slice(-lines).join('\n')
}

/** One running component. Its output goes to its log file; disposing stops it. */
export class RunningComponent implements AsyncDisposable {
  readonly name: Component
  readonly #logFile: string
  readonly #child: ChildProcess
  readonly #exited: Promise<string>
  #stopping = false

  private constructor(child: ChildProcess, options: ComponentOptions) {
    this.name = options.name
    this.#logFile = options.logFile
    this.#child = child
    this.#exited = new Promise((done) => {
      child.once('error', (error) => done(error.message))
      child.once('exit', (code, signal) => done(signal ? `signal ${signal}` : `exit code ${code}`))
    })
    // The pipe only tells the other side that we live; that side may be gone first.
    child.stdin?.on('error', () => undefined)
  }

  /** Starts the component in a session of its own, so that a Ctrl-C reaches it through us, in order. */
  static async start(options: ComponentOptions): Promise<RunningComponent> {
    const { launcher, args } = options
    const log = await open(options.logFile, 'a', 0o600)
    try {
      const command = launcher.own
        ? { file: launcher.file, args: [...launcher.args, ...args] }
        : {
            file: '/bin/sh',
            args: ['-c', guard, 'guard', launcher.file, ...launcher.args, ...args],
          }
      const child = spawn(command.file, command.args, {
        env: launcher.own ? { ...options.env, PLANE_STOP_WITH_STDIN: '1' } : options.env,
        stdio: ['pipe', log.fd, log.fd],
        detached: true,
      })
      return new RunningComponent(child, options)
    } finally {
      await log.close()
    }
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** How it ended: its exit code or signal. */
  get exited(): Promise<string> {
    return this.#exited
  }

  /** Resolves with a ComponentError once the process ends without having been stopped. */
  async failure(): Promise<ComponentError> {
    const how = await this.#exited
    if (this.#stopping) return new Promise(() => undefined)
    return this.explain(`ended with ${how}`)
  }

  /** An error that quotes the last lines of this component's log. */
  async explain(what: string): Promise<ComponentError> {
    const tail = await tailOf(this.#logFile, 12)
    const quote = tail ? `; the end of ${this.#logFile}:\n${tail}` : ''
    return new ComponentError(`${this.name} ${what}${quote}`)
  }

  /** Sends a signal to the process itself; `SIGSTOP` and `SIGCONT` pause and resume it. */
  signal(name: NodeJS.Signals): void {
    if (this.running) this.#child.kill(name)
  }

  /** Ends the process: with `graceMs` 0 at once, else asked first and killed after that time. Resolves once it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    if (!this.running || this.#child.pid === undefined) return
    // A paused process does not act on a signal before it goes on.
    this.#child.kill('SIGCONT')
    if (graceMs > 0) this.#child.kill('SIGTERM')
    else this.#kill()
    const timer = setTimeout(() => this.#kill(), graceMs)
    try {
      await this.#exited
      await this.#groupGone()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Behind the guard the program itself may end a moment later, and holds its port until then. */
  async #groupGone(): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        process.kill(-(this.#child.pid ?? 0), 0)
      } catch {
        return
      }
      await pause(20)
    }
  }

  /** The whole session: behind the guard there are two more processes. */
  #kill(): void {
    try {
      if (this.#child.pid) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      this.#child.kill('SIGKILL')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(5000)
  }
}
