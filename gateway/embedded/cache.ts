import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import {
  glob,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeFolder } from '../lib/make-folder.ts'
import { acquireLock } from './lock.ts'
import type { Progress } from './progress.ts'
import { platform } from './versions.ts'

/** Folder of the Go module that becomes the control-plane binary. */
export const sourceDir = resolve(import.meta.dirname, 'plane')

/** How many binaries of other source versions are kept beside the current one. */
const kept = 3

/** The project's cache folder: `ks-facade` in the user's (XDG Base Directory Specification). */
export function cacheDir(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ks-facade')
}

/** Name of what the Go sources in `dir` build on this platform; changes with every file that goes into the build. */
export async function cacheKey(dir: string = sourceDir): Promise<string> {
  const names = (await Array.fromAsync(glob('**/*', { cwd: dir }))).toSorted()
  const hash = createHash('sha256').update(platform())
  for (const name of names) {
    if (!/\.(go|mod|sum|sh|json)$/.test(name) || name.endsWith('_test.go')) continue
    hash.update(`\n${name}\n`).update(await readFile(join(dir, name)))
  }
  return `plane-${hash.digest('hex').slice(0, 16)}`
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
  }
  return hash.digest('hex')
}

/** Path of the binary `key` in the cache, undefined unless it is whole: it must match the checksum beside it. */
export async function cached(dir: string, key: string): Promise<string | undefined> {
  const file = join(dir, key, 'plane')
  try {
    const wanted = (await readFile(`${file}.sha256`, 'utf8')).trim()
    if ((await sha256(file)) !== wanted) return undefined
    const now = new Date()
    await utimes(join(dir, key), now, now).catch(() => undefined)
    return file
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function prune(dir: string, key: string): Promise<void> {
  const others: { path: string; used: number }[] = []
  for (const name of await readdir(dir)) {
    if (!/^plane-[0-9a-f]{16}$/.test(name) || name === key) continue
    const path = join(dir, name)
    others.push({ path, used: (await stat(path)).mtimeMs })
  }
  const old = others.toSorted((a, b) => b.used - a.used).slice(kept)
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })))
}

function explain(error: unknown, dir: string): unknown {
  if (!(error instanceof Error)) return error
  const full =
    (error as NodeJS.ErrnoException).code === 'ENOSPC' || /no space left/i.test(error.message)
  if (!full) return error
  return new Error(
    `no space left while the control plane was made in ${dir}: it needs about 3 GB there and in Go's cache ` +
      `(XDG_CACHE_HOME, GOCACHE and GOTMPDIR choose other folders); nothing half-written was kept`,
    { cause: error },
  )
}

/**
 * The binary `key` of the cache in `dir`, made by `build` (which writes the file that it is given) when it is not
 * there whole. One process builds at a time and the others wait for it; the file gets its name only when it is complete,
 * so a build that was stopped leaves nothing that a later start would run.
 */
export async function cachedOrBuilt(
  dir: string,
  key: string,
  build: (target: string) => Promise<void>,
  options: { onProgress: Progress; signal: AbortSignal },
): Promise<string> {
  const found = await cached(dir, key)
  if (found) return found
  try {
    await makeFolder(dir)
    await using _ = await acquireLock(join(dir, `${key}.lock`), {
      onWait: (pid) => options.onProgress(`process ${pid} is building the control plane: waiting`),
      signal: options.signal,
    })
    const meanwhile = await cached(dir, key)
    if (meanwhile) return meanwhile
    const draft = join(dir, `${key}.draft`)
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft)
    try {
      const target = join(draft, 'plane')
      await build(target)
      options.signal.throwIfAborted()
      await writeFile(`${target}.sha256`, `${await sha256(target)}\n`)
      await rm(join(dir, key), { recursive: true, force: true })
      await rename(draft, join(dir, key))
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
    await prune(dir, key).catch(() => undefined)
    return join(dir, key, 'plane')
  } catch (error) {
    throw explain(error, dir)
  }
}
