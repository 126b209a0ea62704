import { ApiError } from '../../lib/errors.ts'

const BLOCK = 512
const MOST_OF_AN_EXTENSION = 64 * 1024

/** Two blocks of zeros: the end of an archive. */
export const END_OF_ARCHIVE = Buffer.alloc(2 * BLOCK)

/** Zeros that fill the last block of a file of `size` bytes. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

/**
 * The header of a regular file: mode 0600, root, time zero. A name that ustar cannot hold goes into a pax header before
 * it. Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block".
 */
export function fileHeader(name: string, size: number): Buffer {
  // oxlint-disable-next-line no-control-regex
  if (/^[\u0001-\u007f]{1,100}$/.test(name)) return header(name, size, '0')
  const record = paxRecord('path', name)
  const fallback = Buffer.from(name)
    .toString('latin1')
    .replaceAll(/[^\u0020-\u007e]/g, '_')
  return Buffer.concat([
    header('PaxHeaders/upload', record.length, 'x'),
    record,
    padding(record.length),
    header(fallback.slice(0, 100), size, '0'),
  ])
}

function header(name: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, '0')
  block.write(name, 0, 100, 'latin1')
  block.write(octal(0o600, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.fill(' ', 148, 156)
  block.write(type, 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 7)}\0 `, 148)
  return block
}

/** A record says its own length, the digits of that number included. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + 1
  while (rest + String(length).length !== length) length = rest + String(length).length
  return Buffer.from(`${length} ${key}=${value}\n`)
}

export interface TarEntry {
  readonly name: string
  /** A type flag of ustar: `0` file, `5` folder, … */
  readonly type: string
  readonly size: number
  /** Bytes of the archive up to the entry's data. */
  readonly dataAt: number
}

/**
 * Follows an archive as it passes, piece by piece, and calls `onEntry` for each entry. `push` throws ApiError 502 for
 * what is no archive and for a name that would leave the folder it is unpacked in.
 */
export class TarScan {
  /** An end mark has passed. */
  ended = false
  #offset = 0
  #skip = 0
  #block: Buffer[] = []
  #have = 0
  #want = BLOCK
  /** Type of the extension whose data is being gathered. */
  #extension = ''
  #longName: string | undefined
  readonly #onEntry: (entry: TarEntry) => void

  constructor(onEntry: (entry: TarEntry) => void) {
    this.#onEntry = onEntry
  }

  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length && !this.ended) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at)
        this.#skip -= step
        this.#offset += step
        at += step
        continue
      }
      const step = Math.min(this.#want - this.#have, chunk.length - at)
      this.#block.push(chunk.subarray(at, at + step))
      this.#have += step
      this.#offset += step
      at += step
      if (this.#have < this.#want) return
      const whole = Buffer.concat(this.#block)
      this.#block = []
      this.#have = 0
      this.#want = BLOCK
      if (this.#extension) this.#readExtension(whole)
      else this.#readHeader(whole)
    }
  }

  /** Whether everything that was announced has come. */
  get complete(): boolean {
    return this.#skip === 0 && this.#have === 0 && this.#extension === ''
  }

  #readHeader(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      this.ended = true
      return
    }
    const size = numberAt(block, 124, 12)
    const type = String.fromCharCode(block[156] || 0x30)
    if (!Number.isSafeInteger(size) || checksum(block) !== numberAt(block, 148, 8)) {
      throw broken('what tar sent is no archive')
    }
    if ('xgLK'.includes(type)) {
      if (size > MOST_OF_AN_EXTENSION) throw broken('a name in the archive is too long')
      this.#extension = type
      this.#want = Math.ceil(size / BLOCK) * BLOCK
      if (size === 0) {
        this.#extension = ''
        this.#want = BLOCK
      }
      return
    }
    const prefix = block.toString('latin1', 257, 262) === 'ustar' ? textAt(block, 345, 155) : ''
    const short = textAt(block, 0, 100)
    const name = this.#longName ?? (prefix && type !== 'S' ? `${prefix}/${short}` : short)
    this.#longName = undefined
    if (name.startsWith('/') || name.split('/').includes('..')) {
      throw broken(`the archive holds an unsafe name: ${JSON.stringify(name)}`)
    }
    // Links and devices announce no data, whatever their size field says.
    this.#skip = '0S7'.includes(type) ? Math.ceil(size / BLOCK) * BLOCK : 0
    this.#onEntry({ name, type, size, dataAt: this.#offset })
  }

  #readExtension(data: Buffer): void {
    const type = this.#extension
    this.#extension = ''
    if (type === 'L') this.#longName = textAt(data, 0, data.length)
    if (type === 'x') this.#longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data.toString())?.[1]
  }
}

function checksum(block: Buffer): number {
  let sum = 0
  block.forEach((byte, at) => (sum += at >= 148 && at < 156 ? 0x20 : byte))
  return sum
}

function textAt(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at)
  return block.toString('utf8', at, end < 0 ? at + length : Math.min(end, at + length))
}

/** Octal digits, or GNU's base 256 when the first bit is set. */
function numberAt(block: Buffer, at: number, length: number): number {
  if ((block[at] ?? 0) & 0x80) {
    let value = 0
    for (const byte of block.subarray(at + 1, at + length)) value = value * 256 + byte
    return value
  }
  return Number.parseInt(block.toString('latin1', at, at + length).trim() || '0', 8)
}

function broken(message: string): ApiError {
  return new ApiError(502, 'Unknown', message)
}
