import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { billOf, goModules, nameAt, productionPackages, type Lock } from './bill.ts'
import { GO_SUMS } from './go-sums.ts'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFile(resolve(root, path), 'utf8')
const lock = JSON.parse(await read('package-lock.json')) as Lock
const manifest = JSON.parse(await read('package.json')) as {
  dependencies: Record<string, string>
}
const sums = await Promise.all(GO_SUMS.map(read))
const bill = billOf(lock, sums)

/** Licences that what is shipped may have: they ask for their own text and nothing of this project's. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  '(MIT AND BSD-3-Clause)',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
])

/** Packages that run a script when they are installed, each looked at. */
const SCRIPTS = new Map([
  ['@apollo/protobufjs', 'prints a hint about versions'],
  ['esbuild', 'puts the program of the platform in its place'],
  ['node', 'puts the program of the platform in its place; for development only'],
])

describe('the bill of materials', () => {
  it('has every package of the lock file that runs, and none of development alone', () => {
    const billed = new Set(bill.components.map(({ purl }) => purl))
    for (const [place, { version }] of productionPackages(lock)) {
      const purl = `pkg:npm/${nameAt(place).replace('@', '%40')}@${version}`
      assert.ok(billed.delete(purl) || bill.components.some((one) => one.purl === purl), purl)
    }
    assert.deepEqual(
      [...billed].filter((purl) => purl.startsWith('pkg:npm/')),
      [],
    )
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      assert.ok(
        bill.components.some((one) => one.name === name && one.version === version),
        name,
      )
    }
  })

  it('has every Go module, of every Go program', async () => {
    const found: string[] = []
    for await (const path of glob('gateway/**/go.sum', { cwd: root })) found.push(path)
    assert.deepEqual(found.toSorted(), [...GO_SUMS].toSorted())
    for (const sum of sums) {
      const modules = goModules(sum)
      assert.ok(modules.length > 10)
      for (const { name, version } of modules) {
        assert.ok(bill.components.some((one) => one.name === name && one.version === version))
      }
    }
  })

  it('knows a licence that may be shipped and a hash of each package', () => {
    for (const { purl, licenses, hashes } of bill.components) {
      assert.match(hashes?.[0].content ?? '', /^(?:[0-9a-f]{64}|[0-9a-f]{128})$/, purl)
      if (!purl.startsWith('pkg:npm/')) continue
      assert.ok(
        LICENCES.has(licenses?.[0].expression ?? ''),
        `${purl}: ${licenses?.[0].expression}`,
      )
    }
  })

  it('is the same for the same packages, each part once', () => {
    assert.deepEqual(billOf(lock, sums), bill)
    const refs = bill.components.map((one) => one['bom-ref'])
    assert.equal(new Set(refs).size, refs.length)
    assert.match(
      bill.serialNumber,
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })
})

describe('packages', () => {
  it('run no script at their installation but those that were looked at', () => {
    const scripted = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([place]) => nameAt(place))
    assert.deepEqual([...new Set(scripted)].toSorted(), [...SCRIPTS.keys()].toSorted())
  })
})
