import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ensureNpmTools } from '../env/npm-tools.ts'

const example = resolve(import.meta.dirname, '../../examples/supergraph')

export interface Program extends AsyncDisposable {
  /** What it says it listens at. */
  readonly url: string
}

/** Starts a Node program and waits for the address that it prints. */
export async function startProgram(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Program> {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const exit = once(child, 'exit')
  child.stdout.setEncoding('utf8')
  let text = ''
  const url = await new Promise<string>((found, failed) => {
    child.stdout.on('data', (chunk: string) => {
      text += chunk
      const [address] = /http:\/\/\S+/.exec(text) ?? []
      if (address) found(address)
    })
    exit.then(([code]) => failed(new Error(`${file} ended with ${code}: ${text}`)), failed)
  })
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

/** A program of examples/supergraph, with the packages of its own lock file. */
export async function startExample(
  name: 'cost' | 'apollo' | 'hive',
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Program> {
  const home = await ensureNpmTools(example)
  // Where its packages are found: beside them.
  const files = ['subgraphs.mjs', `${name}.mjs`]
  for (const file of files) {
    // Another test may read it at this time: it is there as a whole, or as it was.
    const copy = join(home, `${file}.${process.pid}`)
    await cp(join(example, file), copy)
    await rename(copy, join(home, file))
  }
  return startProgram(join(home, `${name}.mjs`), ['port=0', ...args], env)
}
