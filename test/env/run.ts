import { spawn } from 'node:child_process'

export interface Ran {
  /** Exit code; 1 for a command that a signal ended. */
  code: number
  /** Standard output and error, as they came. */
  output: string
}

/** Runs a command to its end, whatever the end is. Throws when it cannot be started. */
export async function runAny(command: string, args: string[], cwd?: string): Promise<Ran> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => (output += chunk))
  }
  const code = await new Promise<number>((done, fail) => {
    child.on('error', fail)
    child.on('close', (status) => done(status ?? 1))
  })
  return { code, output }
}

/** Runs a command to its end; returns its output, throws with the last of it when it fails. */
export async function run(command: string, args: string[]): Promise<string> {
  const { code, output } = await runAny(command, args)
  if (code !== 0)
    throw new Error(`${command} ${args[0]} ended with ${code}:\n${output.slice(-2000)}`)
  return output
}
