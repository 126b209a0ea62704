import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { resourceUsage } from 'node:process'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { startWorld, type Caller, type World } from '../iam/world.ts'
import { archive, goodChart, tarEntry } from './archives.ts'
import { startChartRepository, type ChartRepository } from './repository.ts'

const STORE = '/kapis/application.kubesphere.io/v2'
const MIB = 1024 * 1024
/** Bytes by which this process, the server in it, may grow while it is sent all of these several times at once. */
const GROWTH = 300 * MIB
const AT_ONCE = 6

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const metadata = tarEntry('c/Chart.yaml', 'name: c\nversion: 1.0.0\n')
const zeros = Buffer.alloc(4.9 * MIB)

const hostile: Readonly<Record<string, readonly [bytes: Buffer, why: RegExp]>> = {
  'a bomb of nothing': [gzipSync(Buffer.alloc(400 * MIB)), /no files in chart archive/],
  'a bomb of many files': [
    archive(metadata, ...Array.from({ length: 60 }, (_, at) => tarEntry(`c/f${at}`, zeros))),
    /decompressed chart is too large/,
  ],
  'a bomb of definitions': [
    archive(
      metadata,
      ...Array.from({ length: 18 }, (_, at) => tarEntry(`c/crds/${at}.yaml`, zeros)),
    ),
    /files of the chart are too large/,
  ],
  'one huge file': [
    archive(metadata, tarEntry('c/huge', Buffer.alloc(99 * MIB))),
    /file "c\/huge" is too large/,
  ],
  'a name of a megabyte': [
    archive(metadata, tarEntry('long', Buffer.alloc(MIB, 'a'), 'L'), tarEntry('c/a', 'x')),
    /a name in the chart archive is too long/,
  ],
  '100,000 files': [
    archive(metadata, ...Array.from({ length: 100_000 }, () => tarEntry('c/f', ''))),
    /too many files/,
  ],
  'a path that climbs': [
    archive(metadata, tarEntry('c/../../etc/passwd', 'x')),
    /illegally named files/,
  ],
  'a link for its metadata': [
    archive(tarEntry('c/Chart.yaml', '', '2'), tarEntry('c/a', 'x')),
    /Chart.yaml file is missing/,
  ],
  'bad YAML': [archive(tarEntry('c/Chart.yaml', 'name: [\n  : }')), /cannot load Chart.yaml/],
  'noise in gzip': [gzipSync(randomBytes(MIB / 2)), /invalid tar header/],
  'a gzip of nothing': [gzipSync(''), /no files in chart archive/],
  noise: [randomBytes(MIB / 2), /gzip: invalid header/],
}

let world: World
let admin: Caller
let repository: ChartRepository

before(async () => {
  world = await startWorld({ openHosts: ['127.0.0.1'] })
  admin = await world.as('admin')
  repository = await startChartRepository()
  const spec = { url: repository.url, syncPeriod: 3600 }
  const made = await admin.post(`${STORE}/repos`, { metadata: { name: 'charts' }, spec })
  assert.equal(made.status, 200, made.text)
  await world.settled()
})
after(async () => {
  await repository[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

/** The most that this process ever had, in bytes. */
const peak = (): number => resourceUsage().maxRSS * 1024

describe('a chart that is hostile', () => {
  const good = { appType: 'helm', appName: 'good', package: base64(goodChart()) }
  for (const [title, [bytes, why]] of Object.entries(hostile)) {
    it(`uploaded as ${title} gets a 400 that says why, and costs little memory`, async () => {
      const body = { appType: 'helm', appName: 'bad', package: base64(bytes) }
      const start = peak()
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, at) =>
          admin.post(`${STORE}/apps${at % 2 === 0 ? '?validate=true' : ''}`, body),
        ),
      )
      for (const { status, text } of answers) {
        assert.equal(status, 400, text.slice(0, 300))
        assert.match(text, why)
        assert.ok(text.length < 300)
      }
      assert.ok(peak() - start < GROWTH, `${Math.round((peak() - start) / MIB)} MiB more`)
      assert.equal((await admin.get(`${STORE}/apps/bad`)).status, 404)
      const others = await admin.post(`${STORE}/apps?validate=true`, good)
      assert.equal(others.status, 200)
    })
  }

  for (const [title, [bytes, why]] of Object.entries(hostile)) {
    // Files are given as they are: what they say is not read, and what is no archive is one file.
    if (/metadata|bad YAML|^noise$/.test(title)) continue
    it(`got out of a repository as ${title} gets a 400 that says why`, async () => {
      repository.archive = bytes
      const start = peak()
      const path = `${STORE}/apps/charts-web/versions/charts-web-1.0.0/files`
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => admin.get(path)))
      for (const { status, text } of answers) {
        assert.equal(status, 400, text.slice(0, 300))
        assert.match(text, /^a bomb of (?:many|def)/.test(title) ? /too large/ : why)
      }
      assert.ok(peak() - start < GROWTH, `${Math.round((peak() - start) / MIB)} MiB more`)
    })
  }

  it('that never ends is given up', async () => {
    repository.archive = Buffer.alloc(33 * MIB)
    const path = `${STORE}/apps/charts-web/versions/charts-web-1.0.0/package`
    const { status, text } = await admin.get(path)
    assert.deepEqual([status, text], [400, `the repository sends more than ${32 * MIB} bytes\n`])
  })
})

describe('a repository that is hostile', () => {
  const refused: Readonly<Record<string, readonly [index: string, why: RegExp]>> = {
    'an index of 40 MiB': [`entries:\n${'# nothing\n'.repeat(4 * MIB)}`, /sends more than/],
    'aliases that multiply': [
      `entries:\n  a:\n  - a: &a [x, x, x, x]\n    b: &b [*a, *a, *a]\n    c: [*b, *b, *b, *b]\n    d: [*b, *a]\n    e: [*b]\n`,
      /cannot be read as YAML/,
    ],
    'bad YAML': ['entries:\n  a:\n  - name: [\n    version: }\n', /cannot be read as YAML/],
  }
  for (const [title, [index, why]] of Object.entries(refused)) {
    it(`with ${title} is not added: a 400 says why`, async () => {
      repository.index = index
      const start = peak()
      const repo = { metadata: { name: 'bad' }, spec: { url: repository.url } }
      const { status, text } = await admin.post(`${STORE}/repos`, repo)
      assert.equal(status, 400, text.slice(0, 300))
      assert.match(text, why)
      assert.ok(peak() - start < GROWTH, `${Math.round((peak() - start) / MIB)} MiB more`)
      assert.equal((await admin.get(`${STORE}/repos/bad`)).status, 404)
    })
  }
})
