import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const cache = resolve(import.meta.dirname, '../../node_modules/.cache/ks-facade-python')
const packages = ['httpx', 'pyyaml', 'bcrypt']

/** Runs a command to its end; returns its output, throws with the last of it when it fails. */
export async function run(command: string, args: string[]): Promise<string> {
  const { code, output } = await runAny(command, args)
  if (code !== 0)
    throw new Error(`${command} ${args[0]} ended with ${code}:\n${output.slice(-2000)}`)
  return output
}

export async function runAny(
  command: string,
  args: string[],
): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
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

/** Path of a Python that has what the conformance tools import; made on first use (about 15 s). */
export async function ensurePython(): Promise<string> {
  const python = join(cache, 'bin/python')
  const ready = join(cache, 'ready')
  if (existsSync(ready)) return python
  await mkdir(cache, { recursive: true })
  await run('python3', ['-m', 'venv', cache])
  await run(python, ['-m', 'pip', 'install', '--quiet', ...packages])
  await mkdir(ready)
  return python
}
