import { createGunzip } from 'node:zlib'
import { ApiError } from '../../lib/errors.ts'

export interface ArchiveFile {
  readonly name: string
  readonly data: Uint8Array
}

const BLOCK = 512
const TOTAL_LIMIT = 100 * 1024 * 1024
const FILE_LIMIT = 5 * 1024 * 1024
/** Longest name, as an entry of its own. */
const NAME_LIMIT = 64 * 1024
/** Most entries of an archive, folders and long names included. */
const ENTRIES_LIMIT = 10_000
const CHUNK = 256 * 1024

export interface Selection {
  /** Whether a file is wanted; of others only the names are judged. Default: all. */
  readonly keep?: ((name: string) => boolean) | undefined
  /** Most bytes of wanted files together. */
  readonly most?: number | undefined
}

/**
 * Regular files of a chart archive (gzip of a POSIX tar), in order, the first path component taken off, a byte order
 * mark dropped. It is inflated piece by piece, so that memory goes by what is wanted. Throws ApiError 500 for what is no
 * such archive, holds unsafe paths or inflates beyond 100 MiB (5 MiB a file) or 10,000 entries. Source: POSIX.1-2017 pax, "ustar Interchange Format"; platform-apis.md §8.
 */
export async function chartFiles(
  archive: Uint8Array,
  { keep = () => true, most = TOTAL_LIMIT }: Selection = {},
): Promise<ArchiveFile[]> {
  const tar = inflated(archive)
  const files: ArchiveFile[] = []
  let found = false
  let longName: string | undefined
  let entries = 0
  let kept = 0
  try {
    for (;;) {
      const header = await tar.take(BLOCK)
      if (header.length < BLOCK || header.every((byte) => byte === 0)) break
      if (++entries > ENTRIES_LIMIT) throw broken('chart archive has too many files')
      const size = octal(header, 124, 12)
      const padding = Math.ceil(size / BLOCK) * BLOCK - size
      const kind = String.fromCharCode(header[156] ?? 0)
      if (kind === 'L' || kind === 'x') {
        if (size > NAME_LIMIT) throw broken('a name in the chart archive is too long')
        const data = await whole(tar, size)
        longName = kind === 'L' ? text(data) : (paxPath(data) ?? longName)
        await tar.skip(padding)
        continue
      }
      const name = longName ?? headerName(header)
      longName = undefined
      const regular = kind === '0' || kind === '\0'
      if (!regular) {
        await tar.skip(size + padding)
        continue
      }
      const inside = inner(name)
      if (size > FILE_LIMIT) throw broken(`file ${JSON.stringify(name)} is too large`)
      found = true
      if (keep(inside)) {
        kept += size
        if (kept > most) throw broken('the files of the chart are too large')
        files.push({ name: inside, data: content(await whole(tar, size)) })
      } else await tar.skip(size)
      await tar.skip(padding)
    }
  } finally {
    tar.close()
  }
  if (!found) throw broken('no files in chart archive')
  return files
}

interface Bytes {
  /** The next `count` bytes, fewer at the end. */
  take(count: number): Promise<Buffer>
  skip(count: number): Promise<void>
  close(): void
}

/** What gzip inflates to. Its methods throw ApiError 500 for what is no gzip, and beyond TOTAL_LIMIT. */
function inflated(archive: Uint8Array): Bytes {
  const stream = createGunzip({ chunkSize: CHUNK })
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  stream.end(archive)
  let rest: Buffer = Buffer.alloc(0)
  let total = 0
  const next = async (): Promise<boolean> => {
    try {
      const { value, done } = await chunks.next()
      if (done) return false
      rest = value
    } catch (error) {
      throw broken('gzip: invalid header', error)
    }
    total += rest.length
    if (total > TOTAL_LIMIT) throw broken('decompressed chart is too large')
    return true
  }
  return {
    async take(count) {
      const parts: Buffer[] = []
      let missing = count
      while (missing > 0 && (rest.length > 0 || (await next()))) {
        const part = rest.subarray(0, missing)
        rest = rest.subarray(part.length)
        missing -= part.length
        parts.push(part)
      }
      // A copy: a small file would hold on to the whole chunk that it came in.
      return Buffer.concat(parts)
    },
    async skip(count) {
      let missing = count
      while (missing > 0 && (rest.length > 0 || (await next()))) {
        const passed = Math.min(missing, rest.length)
        rest = rest.subarray(passed)
        missing -= passed
      }
      if (missing > 0) throw broken('unexpected EOF')
    },
    close() {
      stream.destroy()
    },
  }
}

async function whole(tar: Bytes, size: number): Promise<Buffer> {
  const data = await tar.take(size)
  if (data.length < size) throw broken('unexpected EOF')
  return data
}

function content(data: Uint8Array): Uint8Array {
  const marked = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf
  return marked ? data.subarray(3) : data
}

function inner(name: string): string {
  const path = name.replaceAll('\\', '/').replace(/^\.\//, '')
  const slash = path.indexOf('/')
  if (slash === 0 || path.split('/').includes('..') || /^[A-Za-z]:/.test(path)) {
    throw broken('chart contains illegally named files')
  }
  if (slash < 0) throw broken('chart archive has files outside of its folder')
  return path.slice(slash + 1)
}

function headerName(header: Buffer): string {
  const prefix = text(header.subarray(345, 500))
  const name = text(header.subarray(0, 100))
  return prefix === '' ? name : `${prefix}/${name}`
}

function paxPath(data: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data.toString('utf8'))?.[1]
}

function text(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

function octal(header: Buffer, at: number, length: number): number {
  const digits = header.toString('latin1', at, at + length).replaceAll(/[\0 ]/g, '')
  if (!/^[0-7]+$/.test(digits)) throw broken('archive/tar: invalid tar header')
  return Number.parseInt(digits, 8)
}

function broken(message: string, cause?: unknown): ApiError {
  return new ApiError(500, 'InternalError', message, { cause })
}
