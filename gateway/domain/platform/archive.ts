import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { ApiError } from '../../lib/errors.ts'

export interface ArchiveFile {
  readonly name: string
  readonly data: Uint8Array
}

const BLOCK = 512
const TOTAL_LIMIT = 100 * 1024 * 1024
const FILE_LIMIT = 5 * 1024 * 1024
/** Most entries of an archive, folders and long names included. */
const ENTRIES_LIMIT = 10_000
const unzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip)

/**
 * Regular files of a chart archive (gzip of a POSIX tar), in order, the first path component taken off, a byte order
 * mark dropped. Throws ApiError 500 for what is no such archive, holds unsafe paths or inflates beyond 100 MiB (5 MiB a
 * file) or 10,000 entries. Source: POSIX.1-2017 pax, "ustar Interchange Format"; platform-apis.md §8.
 */
export async function chartFiles(archive: Uint8Array): Promise<ArchiveFile[]> {
  let tar: Buffer
  try {
    tar = await unzip(archive, { maxOutputLength: TOTAL_LIMIT })
  } catch (error) {
    const large = error instanceof RangeError
    throw broken(large ? 'decompressed chart is too large' : 'gzip: invalid header')
  }
  const files: ArchiveFile[] = []
  let longName: string | undefined
  let entries = 0
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) break
    if (++entries > ENTRIES_LIMIT) throw broken('chart archive has too many files')
    const size = octal(header, 124, 12)
    const data = tar.subarray(at + BLOCK, at + BLOCK + size)
    if (data.length < size) throw broken('unexpected EOF')
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const kind = String.fromCharCode(header[156] ?? 0)
    if (kind === 'L') longName = text(data)
    else if (kind === 'x') longName = paxPath(data) ?? longName
    else {
      const name = longName ?? headerName(header)
      longName = undefined
      if (kind === '0' || kind === '\0')
        files.push({ name: inner(name), data: content(name, data) })
    }
  }
  if (files.length === 0) throw broken('no files in chart archive')
  return files
}

function content(name: string, data: Uint8Array): Uint8Array {
  if (data.length > FILE_LIMIT) throw broken(`file ${JSON.stringify(name)} is too large`)
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

function broken(message: string): ApiError {
  return new ApiError(500, 'InternalError', message)
}
