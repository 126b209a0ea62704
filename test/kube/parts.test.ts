import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createBackoff } from '../../gateway/kube/backoff.ts'
import { sliceList } from '../../gateway/kube/json-slices.ts'
import { lines, LineTooLong } from '../../gateway/kube/lines.ts'
import { describeNetworkError } from '../../gateway/kube/network-error.ts'
import { parseWatchEvent } from '../../gateway/kube/watch-event.ts'

async function* chunks(...parts: string[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part, 'latin1')
}

async function collect(stream: AsyncIterable<Buffer>, limit = 100): Promise<string[]> {
  const found: string[] = []
  for await (const line of lines(stream, limit)) found.push(line)
  return found
}

describe('a list cut into items', () => {
  test('keeps each text as it came, numbers and key order included', () => {
    const items = [
      '{"metadata":{"name":"a"},"n":12345678901234567890}',
      '{"b":"]},{\\"items\\":[\\\\","a":[[{}],[]],"é":"✓"}',
    ]
    const text = `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"c"},"items":[${items.join(', ')}]}\n`
    const { head, items: found } = sliceList(Buffer.from(text))
    assert.deepEqual(found, items)
    assert.equal(head.kind, 'PodList')
    assert.deepEqual(head.metadata, { resourceVersion: '7', continue: 'c' })
  })

  test('finds items before other fields, empty, absent or null', () => {
    assert.deepEqual(sliceList(Buffer.from('{"items":[{"a":1}],"kind":"XList"}')).items, [
      '{"a":1}',
    ])
    for (const text of ['{"items":[],"kind":"XList"}', '{"kind":"XList"}', '{"items":null}']) {
      assert.deepEqual(sliceList(Buffer.from(text)).items, [])
    }
    assert.deepEqual(
      sliceList(Buffer.from('{"metadata":{"items":[{}]},"items":[{"a":1}]}')).items,
      ['{"a":1}'],
    )
  })

  test('refuses what is cut off', () => {
    const text = '{"kind":"XList","items":[{"a":"b"},{"c":"d"}]}'
    for (let length = 1; length < text.length; length++) {
      assert.throws(() => sliceList(Buffer.from(text.slice(0, length))), SyntaxError, `${length}`)
    }
  })
})

describe('lines of a stream', () => {
  test('are the same however the bytes are cut', async () => {
    const text = Buffer.from('one\n\ntwo ✓\nthree\nrest').toString('latin1')
    for (let size = 1; size <= text.length; size++) {
      const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      )
      assert.deepEqual(await collect(chunks(...parts)), ['one', '', 'two ✓', 'three'])
    }
  })

  test('are bounded', async () => {
    await assert.rejects(collect(chunks('short\n', 'x'.repeat(60), 'y'.repeat(60))), LineTooLong)
    assert.equal((await collect(chunks(`${'x'.repeat(100)}\n`))).length, 1)
  })
})

describe('a watch event', () => {
  test('keeps the text of its object', () => {
    const json = '{"metadata":{"name":"a","resourceVersion":"9"},"n":12345678901234567890}'
    const event = parseWatchEvent(`{"type":"MODIFIED","object":${json}}`)
    assert.ok(event.type !== 'ERROR')
    assert.equal(event.json, json)
    assert.equal(event.object.metadata.name, 'a')
    const spaced = parseWatchEvent('{ "object": {"metadata":{}}, "type": "ADDED" }')
    assert.equal(spaced.type, 'ADDED')
  })

  test('that makes no sense is an error', () => {
    for (const line of ['{', 'null', '{"type":"ADDED"}', '{"type":"X","object":{}}', '<html>']) {
      assert.throws(() => parseWatchEvent(line), line)
    }
  })
})

test('pauses grow between bounds and start over after a reset', () => {
  const backoff = createBackoff({ base: 100, max: 1000, random: () => 1 })
  assert.deepEqual(
    Array.from({ length: 4 }, () => backoff.next()),
    [300, 900, 1000, 1000],
  )
  backoff.reset()
  assert.equal(backoff.next(), 300)
  assert.equal(createBackoff({ base: 100, random: () => 0 }).next(), 100)
})

test('failures of the network are told in Go’s words', () => {
  const origin = new URL('https://10.0.0.1:6443')
  const of = (code: string, more: object = {}): string =>
    describeNetworkError(Object.assign(new Error('raw'), { code, ...more }), origin)
  assert.equal(of('ECONNREFUSED'), 'dial tcp 10.0.0.1:6443: connect: connection refused')
  assert.match(
    of('ENOTFOUND', { hostname: 'x' }),
    /^dial tcp: lookup x( on \S+:\d+)?: no such host$/,
  )
  assert.equal(of('UND_ERR_SOCKET'), 'EOF')
  assert.match(of('DEPTH_ZERO_SELF_SIGNED_CERT'), /^tls: failed to verify certificate: raw$/)
  assert.equal(describeNetworkError(new Error('other')), 'other')
})
