import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  archiveFiles,
  chartResources,
  manifestObjects,
  readChart,
} from '../../gateway/domain/application/charts.ts'
import { newAppName, versionId } from '../../gateway/domain/application/names.ts'
import { compareVersions } from '../../gateway/domain/application/semver.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { createYamlReader } from '../../gateway/lib/yaml/index.ts'
import { archive, chartOf, goodChart, tarEntry } from './archives.ts'

const yaml = createYamlReader()
after(() => yaml[Symbol.asyncDispose]())

const ok = 'name: c\nversion: 1.0.0\n'
const laughs = Array.from({ length: 9 }, (_, index) => {
  const items = Array.from({ length: 9 }, () => (index === 0 ? 'ha' : `*a${index - 1}`))
  return `a${index}: &a${index} [${items.join(', ')}]`
}).join('\n')

const hostile: Readonly<Record<string, () => Buffer>> = {
  'bytes that are no gzip': () => Buffer.from('hello'),
  'a gzip that ends early': () => goodChart().subarray(0, 100),
  'a gzip of what is no tar': () => gzipSync(Buffer.alloc(2048, 'x')),
  'a bomb': () => gzipSync(Buffer.alloc(200 * 1024 * 1024)),
  'a file that is too large': () =>
    archive(tarEntry('c/Chart.yaml', ok), tarEntry('c/big', Buffer.alloc(6 * 1024 * 1024))),
  'a path that climbs': () => archive(tarEntry('c/../../etc/passwd', 'x')),
  'an absolute path': () => archive(tarEntry('/etc/passwd', 'x')),
  'a path with a drive': () => archive(tarEntry('C:/windows', 'x')),
  'a climbing path with backslashes': () => archive(tarEntry('c\\..\\..\\x', 'x')),
  'a long name that climbs': () =>
    archive(tarEntry('l', 'c/../../etc/passwd\0', 'L'), tarEntry('c/a', 'x')),
  '100,000 files': () => {
    const one = tarEntry('c/f', '')
    return gzipSync(Buffer.concat(Array.from({ length: 100_000 }, () => one)))
  },
  'a size that is no number': () => {
    const entry = tarEntry('c/Chart.yaml', ok)
    entry.write('zzzzzzzzzzz', 124)
    return archive(entry)
  },
  'a size beyond the end': () => {
    const entry = tarEntry('c/Chart.yaml', ok)
    entry.write('00000777777', 124)
    return gzipSync(entry)
  },
  'no files at all': () => archive(),
  'no Chart.yaml': () => chartOf({ 'values.yaml': 'a: 1' }),
  'a Chart.yaml that is a link': () => archive(tarEntry('c/Chart.yaml', '', '2')),
  'bad YAML': () => chartOf({ 'Chart.yaml': 'name: [\n  : }' }),
  'YAML that is a list': () => chartOf({ 'Chart.yaml': '- a\n- b' }),
  'YAML aliases that multiply': () => chartOf({ 'Chart.yaml': `${ok}${laughs}` }),
  'bad values': () => chartOf({ 'Chart.yaml': ok, 'values.yaml': 'a: [' }),
  'values of 2 MiB': () =>
    chartOf({ 'Chart.yaml': ok, 'values.yaml': `a: ${'x'.repeat(2 * 1024 * 1024)}` }),
  'no name': () => chartOf({ 'Chart.yaml': 'version: 1.0.0' }),
  'no version': () => chartOf({ 'Chart.yaml': 'name: c' }),
  'a name that is a path': () => chartOf({ 'Chart.yaml': 'name: ../c\nversion: 1.0.0' }),
}

describe('charts', () => {
  for (const [title, make] of Object.entries(hostile)) {
    it(`refuses ${title} with a 400 that says why`, async () => {
      await assert.rejects(readChart(yaml, make()), (error) => {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, 400)
        assert.ok(error.message.length > 10 && error.message.length < 300, error.message)
        return true
      })
    })
  }

  it('says what Chart.yaml says', async () => {
    const chart = await readChart(yaml, goodChart())
    assert.equal(chart.name, 'Web')
    assert.equal(chart.version, '1.0.0')
    assert.equal(chart.description, 'serves pages')
    assert.deepEqual(chart.maintainers, [{ name: 'Ann', email: 'ann@example.com' }])
  })

  it('finds the kinds that a chart brings along, at the version that is stored', async () => {
    const [found, ...more] = await chartResources(yaml, await readChart(yaml, goodChart()))
    assert.deepEqual(more, [])
    assert.deepEqual(
      [found?.Group, found?.Version, found?.Resource],
      ['example.com', 'v1', 'widgets'],
    )
  })

  it('keeps templates as they are: they need not be YAML', async () => {
    const files = await archiveFiles(goodChart())
    const template = files.find(({ name }) => name === 'templates/service.yaml')
    assert.equal(Buffer.from(template?.data ?? []).toString(), 'kind: {{ .Values.kind }}\n')
  })
})

describe('packages of YAML', () => {
  it('are one object a document, empty ones left out', async () => {
    const text = 'apiVersion: v1\nkind: A\n---\n---\napiVersion: v1\nkind: B\n'
    const objects = await manifestObjects(yaml, Buffer.from(text))
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ['A', 'B'],
    )
  })

  it('need a kind in every document', async () => {
    const read = (text: string) => manifestObjects(yaml, Buffer.from(text))
    await assert.rejects(read('apiVersion: v1\n'), { code: 422 })
    await assert.rejects(read('a: ['), { code: 400 })
  })
})

describe('names', () => {
  it('come out of short chart names, else out of a digest', () => {
    assert.match(newAppName('Web'), /^web-[a-z0-9]{5}$/)
    assert.match(newAppName('a-very-long-chart-name'), /^[0-9a-f]{10}-[a-z0-9]{5}$/)
    assert.equal(versionId('web', '1.0.0'), 'web-1.0.0')
    assert.match(versionId('web', '1.0.0+1'), /^web-[0-9a-f]{12}$/)
  })

  it('of versions are in the order of Semantic Versioning, what is none first', () => {
    const order = [
      'x',
      '0.9.0',
      '1.0.0-2a',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      'v1.0.0',
      '1.2',
      '1.10.0',
      '2.0.0',
    ]
    assert.deepEqual(order.toReversed().toSorted(compareVersions), order)
  })
})
