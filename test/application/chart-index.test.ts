import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { readIndex } from '../../gateway/domain/application/chart-index.ts'
import { createYamlReader } from '../../gateway/lib/yaml/index.ts'

const { signal } = new AbortController()
const yaml = createYamlReader()
const read = (text: string) => readIndex(yaml, Buffer.from(text), signal)

after(() => yaml[Symbol.asyncDispose]())

/** As `helm repo index` writes it. */
const written = `apiVersion: v1
entries:
  alpine:
  - apiVersion: v2
    created: "2026-01-02T03:04:05Z"
    description: |
      Several lines:
      - with a dash
      # and a hash

      and an empty one
    digest: 705ebc5d83cd
    home: https://example.com
    maintainers:
    - email: ann@example.com
      name: Ann
    name: alpine
    urls:
    - https://example.com/alpine-0.2.0.tgz
    - https://mirror.example.com/alpine-0.2.0.tgz
    version: 0.2.0
  - name: alpine
    urls: [alpine-0.1.0.tgz]
    version: 0.1.0
  "quoted":
    - {name: quoted, version: 1, urls: [quoted.tgz]}
  none: []
generated: "2026-01-02T03:04:05Z"
`

describe('an index of a chart repository', () => {
  it('is read as Helm writes it, texts of many lines and other styles included', async () => {
    const charts = await read(written)
    assert.deepEqual(
      charts.map(({ name, versions }) => [name, versions.map(({ version }) => version)]),
      [
        ['alpine', ['0.2.0', '0.1.0']],
        ['quoted', ['1']],
        ['none', []],
      ],
    )
    const [first] = charts[0]?.versions ?? []
    assert.equal(
      first?.description,
      'Several lines:\n- with a dash\n# and a hash\n\nand an empty one\n',
    )
    assert.equal(first.url, 'https://example.com/alpine-0.2.0.tgz')
    assert.equal(first.digest, '705ebc5d83cd')
    assert.deepEqual(first.maintainers, [{ name: 'Ann', email: 'ann@example.com' }])
  })

  it('may have Windows line ends, comments, its entries last, or be JSON', async () => {
    const expected = await read(written)
    assert.deepEqual(await read(written.replaceAll('\n', '\r\n')), expected)
    const turned = `# made by hand\ngenerated: now\n${written.replace('entries:', 'entries: # all')}`
    assert.deepEqual(await read(turned), expected)
    const entries = { a: [{ version: '1.0.0', urls: ['a.tgz'] }], b: null }
    const [a, b] = await read(JSON.stringify({ entries }))
    assert.deepEqual([a?.versions.length, b?.versions.length], [1, 0])
  })

  it('may be empty', async () => {
    assert.deepEqual(await read('apiVersion: v1\nentries: {}\n'), [])
    assert.deepEqual(await read('entries:\n'), [])
  })

  it('leaves out what has no version or no archive, and texts too long for an object', async () => {
    const entries = {
      a: [null, 'x', {}, { version: '1' }, { urls: ['a.tgz'] }, { version: '2', urls: [7] }],
      b: [{ version: '1', urls: ['b.tgz'], icon: 'x'.repeat(100_000), maintainers: [null, 'x'] }],
    }
    const [a, b] = await read(JSON.stringify({ entries }))
    assert.deepEqual(
      a?.versions.map(({ url }) => url),
      ['7'],
    )
    assert.deepEqual([b?.versions[0]?.icon, b?.versions[0]?.maintainers], ['', [{}, {}]])
  })

  const laughs = Array.from({ length: 9 }, (_, index) => {
    const items = Array.from({ length: 9 }, () => (index === 0 ? 'ha' : `*a${index - 1}`))
    return `    a${index}: &a${index} [${items.join(', ')}]`
  }).join('\n')
  const refused: Readonly<Record<string, () => string>> = {
    'a page': () => '<!doctype html><title>Not found</title>',
    nothing: () => '',
    'no entries': () => 'apiVersion: v1\n',
    'entries that are a list': () => 'entries:\n- a\n- b\n',
    'a chart that is a text': () => 'entries:\n  a: text\n',
    'bad YAML': () => 'entries:\n  a:\n  - name: [\n    version: }\n',
    'aliases that multiply': () => `entries:\n  a:\n  - name: a\n${laughs}\n`,
    'an alias of another part': () => 'entries:\n  a:\n  - &x {version: 1}\n  b:\n  - *x\n',
    'one version of a megabyte': () => `entries:\n  a:\n  - name: ${'x'.repeat(1024 * 1024)}\n`,
    'brackets without end': () => `entries: ${'['.repeat(200_000)}`,
    '60,000 versions': () => {
      const one = { version: '1', urls: ['a'] }
      return JSON.stringify({ entries: { a: Array.from({ length: 60_000 }, () => one) } })
    },
    'JSON that ends early': () => '{"entries": {"a": [',
    'much JSON': () => `{"a": "${'x'.repeat(9 * 1024 * 1024)}"}`,
  }
  for (const [title, make] of Object.entries(refused)) {
    it(`is not ${title}: a 400 says so`, async () => {
      await assert.rejects(read(make()), (error: { code?: number; message?: string }) => {
        assert.equal(error.code, 400)
        assert.match(error.message ?? '', /^the index of the repository cannot be used: /)
        return true
      })
    })
  }

  it('lets others have their turn, and ends when nobody waits any more', async () => {
    const item = (index: number) => `  - {name: a, version: 1.0.${index}, urls: [a.tgz]}`
    const items = Array.from({ length: 5000 }, (_, index) => item(index))
    const text = `entries:\n  a:\n${items.join('\n')}\n`
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const [chart] = await read(text)
    clearInterval(timer)
    assert.equal(chart?.versions.length, 5000)
    assert.ok(turns > 10, `${turns} turns`)
    const left = AbortSignal.abort(new Error('left'))
    await assert.rejects(readIndex(yaml, Buffer.from(text), left), /left/)
  })
})
