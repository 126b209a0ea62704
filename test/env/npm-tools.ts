import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { run } from './run.ts'

const cache = resolve(import.meta.dirname, '../../node_modules/.cache')

/**
 * Folder with what the package.json and package-lock.json in `from` name installed below it; made on first use. For tools
 * of one test that are too heavy for everybody's node_modules. Their install scripts are not run.
 */
export async function ensureNpmTools(from: string): Promise<string> {
  const lock = join(from, 'package-lock.json')
  const hash = createHash('sha256')
    .update(await readFile(lock))
    .digest('hex')
    .slice(0, 12)
  const home = join(cache, `ks-facade-npm-${hash}`)
  const ready = join(home, 'ready')
  if (existsSync(ready)) return home
  await mkdir(home, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) {
    await copyFile(join(from, name), join(home, name))
  }
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['ci', '--prefix', home, ...quiet])
  await writeFile(ready, '')
  return home
}
