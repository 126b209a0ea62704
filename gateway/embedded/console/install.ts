import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { spawn } from 'node:child_process'
import { makeFolder } from '../../lib/make-folder.ts'
import { acquireLock } from '../lock.ts'
import { withProgress, type Progress } from '../progress.ts'
import { bundleConsole } from './bundle.ts'

const manifests = resolve(import.meta.dirname, 'packages')
const cache = resolve(import.meta.dirname, '../../../node_modules/.cache')
const sources = ['packages/package.json', 'packages/package-lock.json', 'bundle.ts']

export interface ConsoleOptions {
  onProgress: Progress
  signal?: AbortSignal
}

async function npmCi(folder: string, signal: AbortSignal | undefined): Promise<void> {
  // None of their install scripts is run, and their peers name versions that were never published together.
  const args = ['ci', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund']
  const npm = process.env['npm_execpath']
  const own = npm !== undefined && /\bnpm-cli\.js$/.test(npm)
  const child = spawn(own ? process.execPath : 'npm', own ? [npm, ...args] : args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal && { signal }),
  })
  let said = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (chunk: string) => (said = (said + chunk).slice(-2000)))
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', done)
  })
  if (code !== 0) throw new Error(`npm ci of the console ended with ${code}:\n${said}`)
}

/**
 * The published console with what its packages need, installed by the committed lock and bundled: on first use, which
 * takes about a minute and 400 MB in `node_modules/.cache`. Returns its folder, with `dist` for the browser and
 * `node_modules` for the server. A stopped installation leaves nothing that a later one would use.
 */
export async function ensureConsole(options: ConsoleOptions): Promise<string> {
  const hash = createHash('sha256')
  for (const name of sources) hash.update(await readFile(join(import.meta.dirname, name)))
  const key = `ks-facade-console-${hash.digest('hex').slice(0, 12)}`
  const folder = join(cache, key)
  if (existsSync(folder)) return folder
  await makeFolder(cache)
  const { onProgress, signal } = options
  await using _ = await acquireLock(join(cache, `${key}.lock`), {
    onWait: (pid) => onProgress(`process ${pid} is installing the console: waiting`),
    signal: signal ?? new AbortController().signal,
  })
  if (existsSync(folder)) return folder
  const draft = `${folder}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft)
  await cp(manifests, draft, { recursive: true })
  await withProgress('installing the console', onProgress, () => npmCi(draft, signal))
  await withProgress('bundling the console', onProgress, () => bundleConsole(draft))
  await rename(draft, folder)
  return folder
}
