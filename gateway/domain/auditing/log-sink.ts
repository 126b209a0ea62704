import { chmod, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { makeFolder } from '../../lib/make-folder.ts'
import type { AuditSink } from './types.ts'

export interface LogSinkOptions {
  readonly path: string
  /** Megabytes that a file grows to; 0 = 100. */
  readonly maxSize: number
  /** Full files that are kept; 0 = 10. */
  readonly maxBackups: number
  /** Days that they are kept; 0 = 7. */
  readonly maxAge: number
  /** Epoch milliseconds. */
  readonly now: () => number
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Writes events to a file, one on each line (pipeline.md §11). A full file is renamed to `name-<time>.ext` and the oldest
 * of these go. File and backups are for their owner alone, as is a folder that had to be made. A path is always a file:
 * `-` is no standard output.
 */
export function logSink(options: LogSinkOptions): AuditSink {
  const { path, now } = options
  const maxBytes = (options.maxSize || 100) * 1024 * 1024
  const folder = dirname(path)
  const extension = extname(path)
  const stem = basename(path, extension)
  let file: { handle: FileHandle; size: number } | undefined
  let last: Promise<void> = Promise.resolve()

  async function opened(): Promise<{ handle: FileHandle; size: number }> {
    if (file) return file
    await makeFolder(resolve(folder), 0o700)
    const handle = await open(path, 'a', 0o600)
    await chmod(path, 0o600)
    file = { handle, size: (await handle.stat()).size }
    return file
  }

  async function rotate(): Promise<void> {
    await file?.handle.close()
    file = undefined
    // No colons: a name that every file system takes.
    const time = new Date(now()).toISOString().slice(0, -1).replaceAll(':', '-')
    await rename(path, join(folder, `${stem}-${time}${extension}`))
    await removeOld()
  }

  async function removeOld(): Promise<void> {
    const backups = (await readdir(folder)).filter(isBackup).toSorted().toReversed()
    const oldest = now() - (options.maxAge || 7) * DAY_MS
    const keep = options.maxBackups || 10
    for (const [index, name] of backups.entries()) {
      if (index >= keep || timeOf(name) < oldest) await rm(join(folder, name), { force: true })
    }
  }

  function timeOf(name: string): number {
    const text = name.slice(stem.length + 1, name.length - extension.length)
    return Date.parse(`${text.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:')}Z`)
  }

  function isBackup(name: string): boolean {
    return name.startsWith(`${stem}-`) && name.endsWith(extension) && !Number.isNaN(timeOf(name))
  }

  async function write(events: readonly string[]): Promise<void> {
    let lines: string[] = []
    let size = 0
    const flush = async () => {
      if (lines.length === 0) return
      const current = await opened()
      const { size: before } = await current.handle.stat()
      try {
        await current.handle.appendFile(lines.join(''))
      } catch (error) {
        // On a full disk half a line may have been written: it would spoil the next.
        await current.handle.truncate(before)
        current.size = before
        throw error
      }
      lines = []
    }
    for (const event of events) {
      const line = `${event}\n`
      const length = Buffer.byteLength(line)
      const current = await opened()
      if (current.size + length > maxBytes && current.size > 0) {
        await flush()
        await rotate()
      }
      const target = await opened()
      target.size += length
      size += length
      lines.push(line)
    }
    if (size > 0) await flush()
  }

  return {
    name: 'log',
    deliver(events) {
      // One batch after the other, whatever became of the one before.
      const done = last.then(() => write(events))
      last = done.catch(() => {})
      return done
    },
    async [Symbol.asyncDispose]() {
      await last
      await file?.handle.close()
      file = undefined
    },
  }
}
