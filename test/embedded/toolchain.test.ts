import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { crc32, deflateRawSync } from 'node:zlib'
import { ensureToolchain, moduleProxies } from '../../gateway/embedded/toolchain.ts'
import { platform, versions } from '../../gateway/embedded/versions.ts'
import { moduleSum, readZip } from '../../gateway/embedded/zip.ts'

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ks-facade-test-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** A zip archive of the files given, the even ones deflated and the others stored. */
function zip(files: Record<string, string>): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    const data = index % 2 ? Buffer.from(text) : deflateRawSync(text)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(index % 2 ? 0 : 8, 4)
    common.writeUInt32LE(crc32(text), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(text.length, 18)
    common.writeUInt16LE(name.length, 22)
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, tail, Buffer.from(name)]))
    local.push(entry)
    offset += entry.length
  }
  const end = Buffer.alloc(18)
  const directory = Buffer.concat(central)
  end.writeUInt16LE(central.length, 4)
  end.writeUInt16LE(central.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end])
}

test('a zip archive gives back its files, stored or deflated; a cut one is refused', () => {
  const files = { 'a@v1/x': 'x'.repeat(1000), 'a@v1/d/y': 'why' }
  const archive = zip(files)
  const entries = readZip(archive)
  assert.deepEqual(
    Object.fromEntries(entries.map((entry) => [entry.name, entry.data().toString()])),
    files,
  )
  assert.throws(
    () => readZip(archive.subarray(0, archive.length - 10)),
    /not a complete zip archive/,
  )
})

test("a module's sum is the one that Go's checksum database gives", () => {
  // The sum of a module of one go.mod file, as in go.sum: dirhash.Hash1 over "<sha256>  <name>\n".
  const entries = readZip(zip({ 'go.mod': 'module example\n' }))
  assert.equal(moduleSum(entries), 'h1:pQJVuflT/n6/3txQgy0qZqUbwhfdn4ejbooUmeHLdj0=')
})

test('Go that does not match the pinned sum is refused, and nothing of it stays', async (t) => {
  const dir = await folder(t)
  const version = `v0.0.1-go${versions.go.version}.${platform()}`
  const at = join(dir, 'proxy/golang.org/toolchain/@v')
  await mkdir(at, { recursive: true })
  await writeFile(
    join(at, `${version}.zip`),
    zip({ [`golang.org/toolchain@${version}/bin/go`]: '#!' }),
  )
  const lines: string[] = []
  const cache = join(dir, 'cache')
  const io = {
    env: { GOPROXY: `direct,${pathToFileURL(join(dir, 'proxy')).href}`, XDG_CONFIG_HOME: dir },
    onProgress: (line: string) => lines.push(line),
    signal: new AbortController().signal,
  }
  await assert.rejects(ensureToolchain(cache, io), /has sum h1:.*, not h1:/)
  assert.match(lines.join(), /Go is not on PATH: fetching it as the module/)
  assert.deepEqual(await readdir(cache), [])
})

test('the module proxies are those of the environment or of the settings of Go, without direct and off', async (t) => {
  const dir = await folder(t)
  const of = (value: string) => moduleProxies({ GOPROXY: value, XDG_CONFIG_HOME: dir })
  assert.deepEqual(await of('https://one.example/,https://two.example|direct'), [
    'https://one.example',
    'https://two.example',
  ])
  assert.deepEqual(await of('off'), [])
  await mkdir(join(dir, 'go'))
  await writeFile(join(dir, 'go', 'env'), 'GOFLAGS=-v\nGOPROXY=https://kept.example\n')
  assert.deepEqual(await moduleProxies({ XDG_CONFIG_HOME: dir }), ['https://kept.example'])
})
