import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

/** One file of a zip archive; `data` unpacks it. */
export interface ZipEntry {
  name: string
  data(): Buffer
}

const endRecord = 0x06054b50
const centralRecord = 0x02014b50

/** The files of a zip archive (APPNOTE 4.3, without ZIP64 and encryption). Throws when it is not one or is cut off. */
export function readZip(archive: Buffer): ZipEntry[] {
  let end = archive.length - 22
  while (end >= 0 && archive.readUInt32LE(end) !== endRecord) end--
  if (end < 0) throw new Error('not a complete zip archive')
  const entries: ZipEntry[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); at < end && left !== -1; left--) {
    if (archive.readUInt32LE(at) !== centralRecord) break
    const method = archive.readUInt16LE(at + 10)
    const size = archive.readUInt32LE(at + 20)
    const nameLength = archive.readUInt16LE(at + 28)
    const local = archive.readUInt32LE(at + 42)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    entries.push({
      name,
      data: () => {
        const from =
          local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
        const packed = archive.subarray(from, from + size)
        return method === 0 ? packed : inflateRawSync(packed)
      },
    })
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return entries.filter(({ name }) => !name.endsWith('/'))
}

/** The `h1:` sum that go.sum and the checksum database give a module zip (golang.org/x/mod/sumdb/dirhash, Hash1). */
export function moduleSum(entries: readonly ZipEntry[]): string {
  const lines = entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((file) => `${createHash('sha256').update(file.data()).digest('hex')}  ${file.name}\n`)
  return `h1:${createHash('sha256').update(lines.join('')).digest('base64')}`
}

/** Writes the files below `prefix` of the archive into `dir`; `mode` tells each file's permissions, `rename` its name. */
export async function extract(
  entries: readonly ZipEntry[],
  dir: string,
  prefix: string,
  rules: { mode(name: string): number; rename(name: string): string },
): Promise<void> {
  for (const entry of entries) {
    const name = entry.name.slice(prefix.length)
    if (!entry.name.startsWith(prefix) || name.split('/').includes('..')) {
      throw new Error(`the archive holds ${entry.name}, which does not belong there`)
    }
    const file = join(dir, rules.rename(name))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, entry.data(), { mode: rules.mode(name) })
  }
}
