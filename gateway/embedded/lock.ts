import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { pause } from './wait.ts'

/** Someone else holds the lock; `pid` is that process. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
  readonly pid: number

  constructor(path: string, pid: number) {
    super(`${path} is held by process ${pid}`)
    this.pid = pid
  }
}

/** When a process started, so that a number that was given out again is not taken for the old holder. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The live process that `text` names as holder, undefined when there is none. */
async function holder(text: string): Promise<number | undefined> {
  const [pid = 0, start = ''] = text.split(' ').map((part, index) => (index ? part : Number(part)))
  if (typeof pid !== 'number' || !(pid > 0) || !isRunning(pid)) return undefined
  const now = await startOf(pid)
  return start && now && start !== now ? undefined : pid
}

/** Whether the process that `text`, a lock file's content, names still runs. */
export async function isHeld(text: string): Promise<boolean> {
  return (await holder(text)) !== undefined
}

/** Takes a dead holder's file away. Moves it first and looks again, so that a lock taken meanwhile is put back. */
async function breakLock(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.stale`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if ((await holder(await readFile(aside, 'utf8'))) !== undefined) {
    await link(aside, path).catch(() => undefined)
  }
  await rm(aside, { force: true })
}

async function tryLock(path: string): Promise<number | undefined> {
  // Written aside and linked into place, so that nobody reads a lock without its holder.
  const draft = `${path}.${randomUUID()}.draft`
  await writeFile(draft, `${process.pid} ${await startOf(process.pid)}`)
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        await link(draft, path)
        return undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const text = await readFile(path, 'utf8').catch(() => '')
      const pid = await holder(text)
      if (pid !== undefined) return pid
      await breakLock(path)
    }
    throw new Error(`${path} changes hands too fast to be taken`)
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Takes the lock file at `path` for this process; disposing gives it back. A lock of a process that is gone is taken
 * over. A live holder means LockedError, or with `onWait` (told its pid, once) a wait until it is free or `signal` aborts.
 */
export async function acquireLock(
  path: string,
  options: { onWait?: (pid: number) => void; signal?: AbortSignal } = {},
): Promise<AsyncDisposable> {
  let told = false
  for (;;) {
    options.signal?.throwIfAborted()
    const pid = await tryLock(path)
    if (pid === undefined) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
    if (!options.onWait) throw new LockedError(path, pid)
    if (!told) options.onWait(pid)
    told = true
    await pause(300, options.signal)
  }
}
