import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { chartFiles } from '../../gateway/domain/platform/archive.ts'

function entry(name: string, data: string, kind = '0'): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write(`${Buffer.byteLength(data).toString(8).padStart(11, '0')}\0`, 124)
  header.write(kind, 156)
  header.write('ustar\0', 257)
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(data) / 512) * 512)
  body.write(data)
  return Buffer.concat([header, body])
}

function chart(...entries: Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]))
}

test('a chart lists its regular files below its folder, in order, without byte order marks', async () => {
  const long = `c/${'d/'.repeat(60)}x`
  const files = await chartFiles(
    chart(
      entry('c/', '', '5'),
      entry('c/Chart.yaml', '\ufeffname: c'),
      entry('longlink', `${long}\0`, 'L'),
      entry('short', 'deep'),
      entry('c/empty', ''),
    ),
  )
  assert.deepEqual(
    files.map(({ name, data }) => [name, Buffer.from(data).toString()]),
    [
      ['Chart.yaml', 'name: c'],
      [long.slice(2), 'deep'],
      ['empty', ''],
    ],
  )
})

test('what is no chart, or points out of its folder, is refused', async () => {
  for (const archive of [
    Buffer.from('plain text'),
    chart(),
    chart(entry('../x', 'a')),
    chart(entry('c/../../x', 'a')),
    chart(entry('/etc/x', 'a')),
    chart(entry('Chart.yaml', 'a')),
    gzipSync(entry('c/x', 'a'.repeat(300)).subarray(0, 600)),
  ]) {
    await assert.rejects(chartFiles(archive), { name: 'ApiError', code: 500 })
  }
})
