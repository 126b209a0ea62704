import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { run } from './run.ts'

const cache = resolve(import.meta.dirname, '../../node_modules/.cache/ks-facade-python')
const packages = ['httpx', 'pyyaml', 'bcrypt']

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
