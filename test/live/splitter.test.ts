import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSplitter, type SplitterOptions } from '../../gateway/domain/logs/splitter.ts'
import type { LogLine } from '../../gateway/domain/logs/types.ts'

const at = (nanos: number) => `2026-01-02T03:04:05.${String(nanos).padStart(9, '0')}Z`

/** Splits a text that comes in pieces of `size` bytes. */
function split(text: string | Buffer, size: number, options: SplitterOptions = {}) {
  const splitter = createSplitter(options)
  const bytes = Buffer.from(text)
  const lines: LogLine[] = []
  let dropped = 0
  for (let from = 0; from < bytes.length; from += size) {
    lines.push(...splitter.push(bytes.subarray(from, from + size)))
    dropped += splitter.takeDropped()
  }
  lines.push(...splitter.end())
  return { lines, dropped: dropped + splitter.takeDropped(), position: splitter.position }
}

const texts = (lines: readonly LogLine[]) =>
  lines.map(({ bytes, continues }) => bytes.toString() + (continues ? '…' : ''))

describe('lines of a log', () => {
  it('are the same however the bytes come', () => {
    const log = [
      `${at(1)} one`,
      `${at(2)} `,
      `${at(3)} two words`,
      'no time',
      '',
      `${at(4)} 日本\r`,
      'end',
    ].join('\n')
    const whole = split(log, 1_000)
    assert.deepEqual(texts(whole.lines), ['one', '', 'two words', 'no time', '', '日本\r', 'end'])
    const times = [at(1), at(2), at(3), null, null, at(4), null]
    assert.deepEqual(
      whole.lines.map(({ time }) => time),
      times,
    )
    for (let size = 1; size < 40; size++) assert.deepEqual(split(log, size).lines, whole.lines)
  })

  it('know times as runtimes write them, and nothing else', () => {
    for (const time of [
      '2026-01-02T03:04:05Z',
      '2026-01-02T03:04:05.1Z',
      '2026-01-02T03:04:05.123456789+08:00',
    ]) {
      const [line] = split(`${time} x\n`, 99).lines
      assert.deepEqual([line?.time, String(line?.bytes)], [time, 'x'])
    }
    for (const text of [
      '2026-01-02T03:04:05 x',
      '2026-13-02T03:04:05Z x',
      '2026-01-02T03:04:05.Z x',
    ]) {
      const [line] = split(`${text}\n`, 99).lines
      assert.deepEqual([line?.time, String(line?.bytes)], [null, text])
    }
  })

  it('are split between characters where they are long, and joined give what was written', () => {
    const body = 'aé日😀'.repeat(40_000)
    const { lines } = split(`${at(1)} ${body}\n${at(2)} next\n`, 10_007)
    assert.equal(texts(lines.slice(0, -1)).join('').replaceAll('…', ''), body)
    assert.ok(lines.length > 6)
    for (const { bytes, time } of lines) {
      assert.ok(bytes.length <= 65_536)
      assert.doesNotMatch(bytes.toString(), /\uFFFD/)
      assert.ok(time)
    }
    assert.deepEqual(
      lines.map(({ continues }) => continues),
      [...lines.slice(2).map(() => true), false, false],
    )
  })

  it('are split anywhere where they are no text', () => {
    const body = Buffer.alloc(200_000, 0x80)
    const { lines } = split(Buffer.concat([Buffer.from(`${at(1)} `), body]), 9_999)
    assert.deepEqual(Buffer.concat(lines.map(({ bytes }) => bytes)), body)
  })

  it('are those that match, long ones from where they could be kept', () => {
    const match = Buffer.from('needle')
    const log = `${at(1)} hay\n${at(2)} a needle\n${at(3)} hay${'x'.repeat(3_000_000)}\n`
    const short = split(log, 60_000, { match })
    assert.deepEqual([texts(short.lines), short.dropped], [['a needle'], 0])
    const long = split(`${at(1)} ${'x'.repeat(3_000_000)}needle!\n`, 60_000, { match })
    const given = long.lines.reduce((sum, { bytes }) => sum + bytes.length, 0)
    assert.equal(given + long.dropped, 3_000_007)
    assert.ok(long.dropped > 1_000_000)
    assert.match(String(long.lines.at(-1)?.bytes), /xneedle!$/)
  })

  it('go on after what was given, when they are told again', () => {
    const long = 'y'.repeat(150_000)
    const log = `${at(1)} a\n${at(2)} b\n${at(2)} c\n${at(2)} ${long}\n${at(2)} d\n${at(3)} e\n`
    const whole = texts(split(log, 4_096).lines)
    for (let end = 20; end < log.length; end += 777) {
      const first = createSplitter()
      const before = first.push(Buffer.from(log.slice(0, end)))
      // The API server knows seconds: everything is told again.
      const { lines } = split(log, 4_096, { after: first.position })
      const joined = texts([...before, ...lines]).join('|')
      assert.equal(joined.replaceAll('…|', ''), whole.join('|').replaceAll('…|', ''), String(end))
    }
  })
})
