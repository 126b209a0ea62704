import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeFolder } from '../lib/make-folder.ts'
import { acquireLock, isHeld, LockedError } from './lock.ts'

/** The folder of one plane, held by this process until it is disposed; a temporary one is then removed. */
export interface PlaneFolder extends AsyncDisposable {
  dir: string
  runDir: string
  durable: boolean
}

const prefix = 'ks-facade-plane-'

/** Removes temporary folders whose plane died without a chance to clean up. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const dir = join(tmpdir(), name)
    const lock = await readFile(join(dir, 'lock'), 'utf8').catch(() => undefined)
    if (lock === undefined || (await isHeld(lock))) continue
    await rm(dir, { recursive: true, force: true }).catch(() => undefined)
  }
}

/**
 * Takes `dataDir` (made if it is missing), or a temporary folder when none is given. Throws when another plane uses
 * the folder or it cannot be written.
 */
export async function openFolder(dataDir: string | undefined): Promise<PlaneFolder> {
  await sweep().catch(() => undefined)
  const runDir = await mkdtemp(join(tmpdir(), prefix))
  const dir = dataDir === undefined ? runDir : resolve(dataDir)
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(runDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  stack.use(await acquireLock(join(runDir, 'lock')))
  if (dir !== runDir) {
    try {
      await makeFolder(dir, 0o700)
      stack.use(await acquireLock(join(dir, 'lock')))
    } catch (error) {
      if (error instanceof LockedError) {
        throw new Error(`another control plane uses ${dir} (process ${error.pid})`, {
          cause: error,
        })
      }
      throw new Error(`the data folder ${dir} cannot be used`, { cause: error })
    }
  }
  await makeFolder(join(dir, 'logs'))
  const owned = stack.move()
  return {
    dir,
    runDir,
    durable: dataDir !== undefined,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
