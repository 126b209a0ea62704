import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileHeader, padding, TarScan, type TarEntry } from '../../gateway/domain/terminal/tar.ts'
import { handshakeFault } from '../../rest-compat/routes/terminal/handshake.ts'
import { readMessage, stdoutMessage } from '../../rest-compat/routes/terminal/messages.ts'
import { readParts } from '../../rest-compat/routes/terminal/multipart.ts'

test('messages are read as the original reads them', () => {
  assert.deepEqual(readMessage('{"Op":"stdin","Data":"a"}'), { op: 'stdin', data: 'a' })
  assert.deepEqual(readMessage('{"oP":"resize","ROWS":3,"cols":null}'), {
    op: 'resize',
    rows: 3,
    cols: 0,
  })
  const wrong = [
    '',
    'x',
    '[]',
    'null',
    '{"Op":"ping"}',
    '{"Op":"stdin","Data":5}',
    '{"Op":"resize","Rows":65536}',
    '{"Op":"resize","Rows":-1}',
    '{"Op":"resize","Cols":1.5}',
    '{"Op":"resize","Cols":"9"}',
  ]
  for (const text of wrong) assert.equal(readMessage(text), undefined, text)
  assert.equal(stdoutMessage('é"\n'), '{"Op":"stdout","Data":"é\\"\\n","Rows":0,"Cols":0}')
})

test('a handshake is judged in the order of the original', () => {
  const good = {
    connection: 'keep-alive, Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  assert.equal(handshakeFault(good), undefined)
  const statusOf = (change: object) => handshakeFault({ ...good, ...change })?.status
  assert.equal(statusOf({ connection: 'close', upgrade: 'x' }), 400)
  assert.equal(statusOf({ upgrade: 'spdy/3.1', 'sec-websocket-version': '8' }), 426)
  assert.equal(statusOf({ 'sec-websocket-version': '8' }), 400)
  assert.equal(statusOf({ 'sec-websocket-key': 'short' }), 400)
})

async function partsOf(pieces: Buffer[], type = 'multipart/form-data; boundary="b b"') {
  const found: { name: string; filename: string | undefined; text: string }[] = []
  async function* source() {
    yield* pieces
  }
  for await (const { name, filename, body } of readParts(source(), type)) {
    let text = ''
    for await (const chunk of body) text += chunk.toString('latin1')
    found.push({ name, filename, text })
  }
  return found
}

const BODY = [
  'preamble\r\n--b b\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue\r\n',
  '--b b  \r\ncontent-disposition: form-data; name="f"; filename="a \\"b\\".txt"\r\nContent-Type: x/y\r\n\r\n',
  'one\r\n--b\r\n\r\n--b b\r\n\r\nno headers\r\n',
  "--b b\r\nContent-Disposition: form-data; name=g; filename=x; filename*=UTF-8''%C3%A4\r\n\r\n\r\n--b b--\r\nepilogue",
].join('')

test('forms are read whatever the pieces they come in', async () => {
  const whole = Buffer.from(BODY)
  const all = await partsOf([whole])
  assert.deepEqual(all, [
    { name: 'a', filename: undefined, text: 'value' },
    { name: 'f', filename: 'a "b".txt', text: 'one\r\n--b\r\n' },
    { name: '', filename: undefined, text: 'no headers' },
    { name: 'g', filename: 'ä', text: '' },
  ])
  for (let size = 1; size < 40; size++) {
    const pieces: Buffer[] = []
    for (let at = 0; at < whole.length; at += size) pieces.push(whole.subarray(at, at + size))
    assert.deepEqual(await partsOf(pieces), all, `pieces of ${size}`)
  }
})

test('forms that are none are refused', async () => {
  const refused = async (text: string, type?: string) =>
    assert.rejects(partsOf([Buffer.from(text)], type), { name: 'ApiError', code: 400 })
  await refused('', 'multipart/form-data')
  await refused('nothing')
  await refused('--b b\r\nno end of headers')
  await refused('--b b\r\n\r\nno end of body')
  await refused('--b bx\r\n\r\n')
  await refused(`--b b\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`)
})

test('archives are followed in pieces of any size', () => {
  const data = Buffer.from('contents')
  const long = 'ä'.repeat(90)
  const archive = Buffer.concat([
    fileHeader('short', data.length),
    data,
    padding(data.length),
    fileHeader(long, 0),
    Buffer.alloc(10_240),
  ])
  for (const size of [1, 7, 512, 513, 100_000]) {
    const entries: TarEntry[] = []
    const scan = new TarScan((entry) => entries.push(entry))
    for (let at = 0; at < archive.length; at += size) scan.push(archive.subarray(at, at + size))
    assert.deepEqual(
      entries.map(({ name, type, size: bytes }) => [name, type, bytes]),
      [
        ['short', '0', 8],
        [long, '0', 0],
      ],
    )
    assert.equal(entries[0]?.dataAt, 512)
    assert.ok(scan.ended && scan.complete)
  }
})

test('archives that would write elsewhere, or are none, are broken off', () => {
  const push = (bytes: Buffer) => () => new TarScan(() => {}).push(bytes)
  for (const name of ['../up', 'a/../../up', '/absolute', `${'ü'.repeat(60)}/../x`]) {
    assert.throws(push(fileHeader(name, 0)), /unsafe name/, name)
  }
  assert.throws(push(Buffer.alloc(512, 'x')), /no archive/)
})
