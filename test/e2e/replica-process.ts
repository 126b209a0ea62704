import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const script = join(import.meta.dirname, '../terminal/server-process.ts')

export interface Replica extends AsyncDisposable {
  readonly url: string
  /** Ends it at once, without a word to anybody. */
  kill(): Promise<void>
}

/**
 * One more replica, in a process of its own. `config` is what its configuration has beside the kubeconfig. `within` is a
 * command that runs another one, the process, in its arguments. One that finds its neighbours too slow at the start is
 * started again, as a Deployment does it; throws when the third ends as well.
 */
export async function startReplica(
  kubeconfig: string,
  config: object,
  within: readonly string[] = [],
): Promise<Replica> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await started(kubeconfig, config, within)
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

async function started(
  kubeconfig: string,
  config: object,
  within: readonly string[],
): Promise<Replica> {
  const words = [...within, process.execPath, script, kubeconfig, JSON.stringify(config)]
  const [command = '', ...args] = words
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const [url] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`a replica ended with ${String(code)}`))),
  ])) as [string]
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { url, kill, [Symbol.asyncDispose]: kill }
}
