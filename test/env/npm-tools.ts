import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
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
  if (existsSync(home)) return home
  await mkdir(cache, { recursive: true })
  // Tests that run at the same time may each install: what is there is whole, whoever was first.
  const fresh = await mkdtemp(`${home}-`)
  for (const name of ['package.json', 'package-lock.json']) {
    await copyFile(join(from, name), join(fresh, name))
  }
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['ci', '--prefix', fresh, ...quiet])
  await rename(fresh, home).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    await rm(fresh, { recursive: true })
  })
  return home
}
