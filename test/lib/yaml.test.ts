import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { createYamlReader, parseDocuments, YamlError } from '../../gateway/lib/yaml/index.ts'

const bounds = { aliases: 20, documents: 10 }
const reader = createYamlReader()
after(() => reader[Symbol.asyncDispose]())

const long = (line: (index: number) => string, characters = 64 * 1024): string => {
  const lines: string[] = []
  for (let size = 0; size < characters; size += lines.at(-1)?.length ?? 1) {
    lines.push(line(lines.length))
  }
  return lines.join('')
}
const read = (text: string) => reader.documents(text, bounds)

describe('YAML of callers', () => {
  it('is read alike, short and long', async () => {
    const short = 'a: 1\n---\nb: [x, *y]\n'.replace('*y', '"y"')
    assert.deepEqual(await read(short), [{ a: 1 }, { b: ['x', 'y'] }])
    const [first, ...rest] = await read(`${long((at) => `k${at}: v${at}\n`)}---\n${short}`)
    assert.equal((first as Record<string, string>)['k1000'], 'v1000')
    assert.deepEqual(rest, [{ a: 1 }, { b: ['x', 'y'] }])
    assert.deepEqual(await read(''), [])
  })

  it('keeps every digit where that is asked for', async () => {
    const wide = { ...bounds, wide: true }
    const [value] = await reader.documents(
      `${long(() => '# nothing\n')}a: 9007199254740993\n`,
      wide,
    )
    assert.deepEqual(value, { a: 9007199254740993n })
  })

  it('may name a member __proto__, which is a member like others', async () => {
    for (const text of ['__proto__: {a: 1}\n', `${long(() => '# nothing\n')}__proto__: {a: 1}\n`]) {
      const [value] = await read(text)
      assert.deepEqual(Object.keys(value as object), ['__proto__'])
      assert.equal(Object.getPrototypeOf(value), Object.prototype)
      assert.equal((value as { a?: number }).a, undefined)
    }
  })

  it('with a key twice, too many aliases or documents, or no YAML, is refused by its document', async () => {
    const refused: readonly [text: string, document: number, why: RegExp][] = [
      ['a: 1\n---\nb: 1\nb: 2\n', 1, /keys must be unique: b/],
      ['a: &a [x, x]\nb: [' + '*a, '.repeat(30) + ']\n', 0, /alias count/],
      ['a: *nothing\n', 0, /alias/],
      ['---\n'.repeat(12), 10, /at most 10 documents/],
      ['a: [\n', 0, /./],
      ['['.repeat(10_000), 0, /./],
    ]
    for (const padding of ['', long(() => '# nothing\n')]) {
      for (const [text, document, why] of refused) {
        await assert.rejects(read(padding + text), (error) => {
          assert.ok(error instanceof YamlError, String(error))
          assert.match(error.message, why)
          assert.equal(error.document, document)
          return true
        })
      }
    }
  })

  it('with many keys in one map is read in one pass over them', () => {
    const text = `{${long((at) => `k${at}: 1,`, 512 * 1024)}}`
    const [value] = parseDocuments(text, bounds)
    assert.ok(Object.keys(value as object).length > 50_000)
  })

  it('that takes too long is given up, and the next is read by a new thread', async () => {
    await using hasty = createYamlReader({ ms: 1, waiting: 5 })
    await assert.rejects(hasty.documents(`"${'x\n'.repeat(500_000)}"`, bounds), {
      message: 'it takes too long to be read',
    })
    await using patient = createYamlReader({ ms: 60_000, waiting: 5 })
    assert.deepEqual(await patient.documents(`${long(() => '# nothing\n')}a: 1\n`, bounds), [
      { a: 1 },
    ])
  })

  it('waits for its turn up to a bound, and not for who has left', async () => {
    await using small = createYamlReader({ ms: 60_000, waiting: 1 })
    const text = `${long(() => '# nothing\n')}a: 1\n`
    const ends = new AbortController()
    const first = small.documents(text, bounds)
    const second = small.documents(text, bounds, ends.signal)
    await assert.rejects(small.documents(text, bounds), { code: 503 })
    ends.abort(new Error('left'))
    await assert.rejects(second, /left/)
    assert.deepEqual(await first, [{ a: 1 }])
    assert.deepEqual(await small.documents(text, bounds), [{ a: 1 }])
  })
})
