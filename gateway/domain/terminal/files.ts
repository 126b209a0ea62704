import { posix } from 'node:path'
import { Readable } from 'node:stream'
import type { KubeClient } from '../../kube/api.ts'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { startCommand, textOf, type CommandEnd, type RemoteCommand } from './remote-command.ts'
import { END_OF_ARCHIVE, fileHeader, padding, TarScan, type TarEntry } from './tar.ts'
import type { FileTarget } from './types.ts'

/** Most bytes of what tar has to say that are kept. */
const TALK = 64 * 1024

/**
 * Unpacks so many bytes of input into a folder. tar reads to the end of its input, which protocol v4 has no word for; what
 * it leaves is read, too, since a connection that closes over unread bytes loses how the command ended.
 */
const UNPACK = 'head -c "$0" | { tar -xmf - -C "$1"; code=$?; cat >/dev/null; exit $code; }'

export interface UploadFile {
  /** Base name; what stands before the last slash of either kind is left out. */
  readonly name: string
  readonly size: number
  /** Exactly `size` bytes. Called once; a piece may change once the next is asked for. */
  open(): AsyncIterable<Uint8Array>
}

export interface Download {
  /** `<base name>.tar` */
  readonly filename: string
  /** Bytes of `body`, where they are known before. */
  readonly length: number | undefined
  /** Errors when the archive ends too soon. */
  readonly body: Readable
}

type Client = Pick<KubeClient, 'origin' | 'connect' | 'authHeaders'>

/** See TerminalService.upload. */
export async function uploadTo(
  client: Client,
  target: FileTarget,
  files: readonly UploadFile[],
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<string> {
  const headers = files.map(({ name, size }) => fileHeader(baseName(name), size))
  const total = files.reduce(
    (sum, { size }, at) => sum + (headers[at]?.length ?? 0) + size + padding(size).length,
    END_OF_ARCHIVE.length,
  )
  const command = ['sh', '-c', UNPACK, String(total), target.path || '/']
  const tar = await startCommand(client, target, { command, stdin: true, tty: false, signal })
  try {
    const talk = textOf(tar.stderr, TALK)
    tar.stdout.resume()
    let over = false
    void tar.ended.then(() => (over = true))
    for (const [at, file] of files.entries()) {
      if (over) break
      await tar.write(headers[at] ?? END_OF_ARCHIVE)
      await send(file, tar, () => over, onBytes)
      await tar.write(padding(file.size))
    }
    await tar.write(END_OF_ARCHIVE)
    tar.endInput()
    const how = await tar.ended
    const said = await talk
    if (how.kind === 'exit' && how.code === 0) return said
    throw failure(how, said)
  } finally {
    tar.destroy()
  }
}

async function send(
  file: UploadFile,
  tar: RemoteCommand,
  over: () => boolean,
  onBytes: (count: number) => void,
): Promise<void> {
  let sent = 0
  for await (const chunk of file.open()) {
    sent += chunk.length
    if (over() || sent > file.size) break
    await tar.write(chunk)
    onBytes(chunk.length)
  }
  if (!over() && sent !== file.size) throw badRequest('a file is not as long as announced')
}

/** Throws ApiError 400 for a name that is none. */
function baseName(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  if (base === '' || base === '.' || base === '..' || base.includes('\0') || base.length > 255) {
    throw badRequest(`${JSON.stringify(name.slice(0, 300))} is not a valid file name`)
  }
  return base
}

/** See TerminalService.download. */
export async function downloadFrom(
  client: Client,
  target: FileTarget,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<Download> {
  const { path } = target
  if (path === '' || path.includes('\0')) throw badRequest('path of a file or folder is needed')
  const command = ['tar', 'cf', '-', '--', path]
  const tar = await startCommand(client, target, { command, stdin: false, tty: false, signal })
  const talk = textOf(tar.stderr, TALK)
  const chunks = tar.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const entries: TarEntry[] = []
  const scan = new TarScan((entry) => {
    if (entries.length === 0) entries.push(entry)
  })
  const ahead: Buffer[] = []
  try {
    while (entries.length === 0 && !scan.ended) {
      const { done, value } = await chunks.next()
      if (done) break
      scan.push(value)
      ahead.push(value)
    }
    if (entries.length === 0) {
      // Nothing in it: only an empty archive or an error is left to come.
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) continue
      const how = await tar.ended
      if (how.kind !== 'exit' || how.code !== 0) throw failure(how, await talk)
    }
  } catch (error) {
    tar.destroy()
    throw error
  }

  const length = lengthOf(entries[0])

  async function* archive(): AsyncGenerator<Buffer> {
    let sent = 0
    const within = (chunk: Buffer): Buffer => {
      const piece = length === undefined ? chunk : chunk.subarray(0, Math.max(0, length - sent))
      sent += piece.length
      onBytes(piece.length)
      return piece
    }
    try {
      for (const chunk of ahead.splice(0)) yield within(chunk)
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        scan.push(next.value)
        const piece = within(next.value)
        if (piece.length > 0) yield piece
      }
      const how = await tar.ended
      const whole = scan.ended && scan.complete && (length === undefined || sent === length)
      if (how.kind !== 'exit' || !whole) throw failure(how, await talk)
    } finally {
      tar.destroy()
    }
  }
  const body = Readable.from(archive(), { objectMode: false, highWaterMark: 256 * 1024 })
  // Also of a body that nobody has begun to read.
  body.once('close', () => tar.destroy())
  return { filename: `${posix.basename(path) || '.'}.tar`, length, body }
}

/** The archive of a file holds that file alone; a folder's begins with the folder. */
function lengthOf(entry: TarEntry | undefined): number | undefined {
  if (entry?.type !== '0') return undefined
  return entry.dataAt + entry.size + padding(entry.size).length + END_OF_ARCHIVE.length
}

function failure(how: CommandEnd, said: string): ApiError {
  const text = said.trim()
  // GNU and busybox say it in these words; the exit code is that of any other failure.
  if (/No such file or directory/.test(text)) return new ApiError(404, 'NotFound', text)
  const message = how.kind === 'exit' ? `tar ended with exit code ${how.code}` : how.message
  return new ApiError(500, 'InternalError', text || message)
}
