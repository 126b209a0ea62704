import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Ends, Order } from './crowd-process.ts'

export interface Crowd extends AsyncDisposable {
  report(): Promise<Ends>
  /** Everybody takes their leave; resolves when all are gone. */
  leave(): Promise<void>
}

const script = join(import.meta.dirname, 'crowd-process.ts')

/**
 * Clients of one kind in a process of their own; resolves once all of them are there. `within` is a command that runs
 * another one, the process, in its arguments.
 */
export async function startCrowd(order: Order, within: readonly string[] = []): Promise<Crowd> {
  const [command, ...args] = [...within, process.execPath, script] as const
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const answer = async (): Promise<unknown> => {
    const [message] = (await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => Promise.reject(new Error(`a crowd ended with ${String(code)}`))),
    ])) as [unknown]
    return message
  }
  const there = answer()
  child.send(order)
  await there
  return {
    async report() {
      const told = answer()
      child.send('report')
      return (await told) as Ends
    },
    async leave() {
      child.send('leave')
      await exited
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
