import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { decodePath } from '../../gateway/lib/go-url.ts'
import { sendOnSocket } from '../../rest-compat/filters/respond.ts'
import { raw } from '../rest/support.ts'
import { listeners, startStage, ways, type Listener, type Stage, type Way } from './proxies.ts'
import type { Received } from './raw-upstream.ts'

/** What nobody asked for by itself. No credentials are in it: as a request of its own it is refused. */
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
const LAST = 'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
const IDENTITY = /^(?:x[-_]remote[-_]|impersonate[-_]|x-kubesphere-|authorization$|cookie$)/

const post = (path: string, head: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\n${head}\r\n${body}`
const get = (target: string, head = ''): string =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\n${head}\r\n`

const chunkedBody = `0\r\n\r\n${SMUGGLED}`
const length = SMUGGLED.length

/** Bodies that two parsers could end at different bytes. None gets further than the listener. */
const twofold: readonly [name: string, head: string, body: string][] = [
  [
    'a length and chunks',
    `Content-Length: ${5 + length}\r\nTransfer-Encoding: chunked\r\n`,
    chunkedBody,
  ],
  ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', chunkedBody],
  ['two lengths', `Content-Length: 0\r\nContent-Length: ${length}\r\n`, SMUGGLED],
  ['two lengths in one', `Content-Length: 0, ${length}\r\n`, SMUGGLED],
  ['a length with a sign', `Content-Length: +${length}\r\n`, SMUGGLED],
  ['a length below nothing', 'Content-Length: -1\r\n', SMUGGLED],
  ['a length in hexadecimal', `Content-Length: 0x${length.toString(16)}\r\n`, SMUGGLED],
  ['a length with a fraction', `Content-Length: ${length}.0\r\n`, SMUGGLED],
  ['a length in two words', 'Content-Length: 1 1\r\n', SMUGGLED],
  ['a length beyond all numbers', 'Content-Length: 18446744073709551616\r\n', SMUGGLED],
  ['a space before the colon', `Content-Length : ${length}\r\n`, SMUGGLED],
  ['an encoding with a space before the colon', 'Transfer-Encoding : chunked\r\n', chunkedBody],
  ['an unknown encoding', 'Transfer-Encoding: xchunked\r\n', chunkedBody],
  ['chunks that are not last', 'Transfer-Encoding: chunked, identity\r\n', chunkedBody],
  ['two encodings', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', chunkedBody],
  ['an encoding in quotes', 'Transfer-Encoding: "chunked"\r\n', chunkedBody],
  ['an encoding with a control character', 'Transfer-Encoding: \x0bchunked\r\n', chunkedBody],
  ['a folded header', 'Transfer-Encoding:\r\n chunked\r\nX-A: b\r\n', chunkedBody],
  ['a folded header of no meaning', `X-A: b\r\n Content-Length: ${length}\r\n`, SMUGGLED],
  ['a header that begins with a space', ` Content-Length: ${length}\r\n`, SMUGGLED],
  ['a bare CR in a header', `X-A: b\rContent-Length: ${length}\r\n`, SMUGGLED],
  ['a bare LF in a header', `X-A: b\nContent-Length: ${length}\r\n`, SMUGGLED],
  ['a NUL in a header', `X-A: b\0c\r\nContent-Length: ${length}\r\n`, SMUGGLED],
  ['a header without a name', `: b\r\nContent-Length: ${length}\r\n`, SMUGGLED],
  ['a size of a chunk with a sign', 'Transfer-Encoding: chunked\r\n', `+0\r\n\r\n${SMUGGLED}`],
  ['a size of a chunk in 0x', 'Transfer-Encoding: chunked\r\n', `0x0\r\n\r\n${SMUGGLED}`],
  ['a size of a chunk ended by LF', 'Transfer-Encoding: chunked\r\n', `0\n\n${SMUGGLED}`],
  ['a chunk longer than it says', 'Transfer-Encoding: chunked\r\n', `1\r\nab\r\n${chunkedBody}`],
  [
    'a length behind the last chunk',
    'Transfer-Encoding: chunked\r\n',
    `0\r\nContent-Length: ${length}\r\n\r\n${SMUGGLED}`,
  ],
]

/** Bodies with one meaning, which has to be the upstream's too. */
const plain: readonly [name: string, head: string, body: string, arrives: string][] = [
  ['a length', `Content-Length: ${length}\r\n`, SMUGGLED, SMUGGLED],
  [
    'chunks',
    'Transfer-Encoding: chunked\r\n',
    `${length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`,
    SMUGGLED,
  ],
  ['chunks by another case', 'TRANSFER-ENCODING: Chunked\r\n', '1\r\na\r\n0\r\n\r\n', 'a'],
  ['a chunk with an extension', 'Transfer-Encoding: chunked\r\n', `1;a="b"\r\na\r\n0\r\n\r\n`, 'a'],
  [
    'a trailer that names somebody',
    'Transfer-Encoding: chunked\r\nTrailer: x-remote-user\r\n',
    '1\r\na\r\n0\r\nX-Remote-User: root\r\n\r\n',
    'a',
  ],
  ['no body, though one is announced', 'Expect: 100-continue\r\nContent-Length: 0\r\n', '', ''],
  [
    'a length that belongs to this hop',
    'Connection: content-length\r\nContent-Length: 1\r\n',
    'a',
    'a',
  ],
  [
    'an encoding that belongs to this hop',
    'Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n',
    '1\r\na\r\n0\r\n\r\n',
    'a',
  ],
]

/** Headers by which a client would like to be somebody, or to be nobody. */
const claims =
  'X-Remote-User: root\r\nX-Remote-Group: system:masters\r\nX-Remote-Extra-A: b\r\nX_Remote_User: root\r\nImpersonate-User: root\r\nImpersonate-Group: system:masters\r\nCookie: a=b\r\n' +
  'Connection: x-remote-user, x-remote-group, x-kubesphere-authorization\r\n'

function told({ headers }: Received): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => IDENTITY.test(name)))
}

function demandOwn(way: Way, seen: Received | undefined): void {
  assert.ok(seen, way.name)
  const { cookie: _, ...identity } = told(seen)
  assert.deepEqual(identity, way.told, way.name)
  const names = seen.headers.map(([name]) => name)
  for (const once of ['host', 'authorization', 'x-remote-user', 'content-length']) {
    assert.ok(names.filter((name) => name === once).length <= 1, `${way.name}: ${once}`)
  }
}

function requestsBy(listener: Listener): void {
  let stage: Stage
  before(async () => {
    stage = await startStage({ listener })
  })
  after(() => stage[Symbol.asyncDispose]())

  const exchange = async (bytes: string) => {
    stage.upstream.reset()
    stage.asked.length = 0
    const answer = await raw(stage.url, bytes)
    return { answer, seen: stage.upstream.received() }
  }

  for (const way of ways) {
    it(`${way.name}: a body of two meanings goes nowhere`, async () => {
      for (const [name, head, body] of twofold) {
        const { answer, seen } = await exchange(post(way.path, head, body) + LAST)
        assert.match(answer, /^HTTP\/1\.1 400 /, name)
        // A body is streamed: its beginning may be on its way when its end turns out to be none.
        assert.ok(
          seen.every(({ target }) => target !== '/smuggled'),
          name,
        )
        assert.ok(seen.length <= 1, name)
        assert.doesNotMatch(answer.slice(9), /HTTP\/1\.1 200/, name)
      }
    })

    it(`${way.name}: a body of one meaning has that one further on`, async () => {
      for (const [name, head, body, arrives] of plain) {
        const { answer, seen } = await exchange(post(way.path, head, body) + LAST)
        assert.match(answer, /^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?200 /, name)
        const [first, ...more] = seen
        assert.deepEqual(more, [], name)
        assert.equal(first?.body, arrives, name)
        assert.equal(first?.target, way.upstreamPath, name)
        demandOwn(way, first)
      }
    })

    it(`${way.name}: the upstream hears who asks from this server alone`, async () => {
      const { seen } = await exchange(get(way.path, claims) + LAST)
      const [first, ...more] = seen
      assert.deepEqual(more, [])
      demandOwn(way, first)
    })

    it(`${way.name}: requests that follow are judged for themselves`, async () => {
      const { answer, seen } = await exchange(get(way.path) + SMUGGLED + get(way.path) + LAST)
      assert.deepEqual(
        seen.map(({ target }) => target),
        [way.upstreamPath, way.upstreamPath],
      )
      assert.match(answer, /HTTP\/1\.1 40[134] /)
    })

    it(`${way.name}: nothing follows a request that is none`, async () => {
      for (const version of [
        '',
        ' HTTP/0.9',
        ' HTTP/2.0',
        ' HTTP/1.2',
        ' HTTP/1.1 x',
        ' http/1.1',
      ]) {
        const line = `GET ${way.path}${version}\r\n`
        const { answer, seen } = await exchange(`${line}\r\n${get(way.path)}${LAST}`)
        assert.match(answer, /^HTTP\/1\.1 (?:400|505) /, line)
        assert.deepEqual(seen, [], line)
      }
    })

    it(`${way.name}: a line break in a path or query stays one character of it`, async () => {
      const split = '%0d%0aX-Remote-User:%20root%0d%0a%0d%0aGET%20/smuggled%20HTTP/1.1%0d%0a'
      const tail = way.open ? `/${split}` : ''
      const { seen } = await exchange(get(`${way.path}${tail}?a=${split}`) + LAST)
      const [first, ...more] = seen
      assert.deepEqual(more, [])
      demandOwn(way, first)
      const [path = '', query = ''] = first?.target.split('?') ?? []
      if (way.open) assert.equal(path, `${way.upstreamPath}${escaped(split)}`)
      assert.equal(new URLSearchParams(query).get('a'), decodeURIComponent(split))
    })
  }
}

function escaped(path: string): string {
  return `/${path.replaceAll('%0d', '%0D').replaceAll('%0a', '%0A')}`
}

/** Paths of which a proxy and its upstream could have different opinions, put after a path that goes somewhere. */
const confusing = [
  '//other',
  '/./other',
  '/../other',
  '/%2e%2e/other',
  '/%2E./other',
  '%2f..%2fother',
  '/..%2fother',
  '/..;/other',
  '/;a=b/../other',
  '/%252e%252e/other',
  '/%252fother',
  '/..%5cother',
  '/..\\other',
  '/%00',
  '/a%00/../other',
  '/%',
  '/%zz',
  '/%c0%ae%c0%ae/other',
  '/%c0%afother',
  '/%ef%bc%8f..%ef%bc%8fother',
  '/a%20b',
  '/a%23b',
  '/a%3fb=c',
  '/a;b',
  '/.',
  '/..',
  '/',
  '/%2f',
]

function pathsBy(listener: Listener): void {
  let stage: Stage
  before(async () => {
    stage = await startStage({ listener })
  })
  after(() => stage[Symbol.asyncDispose]())

  for (const way of ways.filter(({ open }) => open)) {
    it(`${way.name}: what was judged is what is asked`, async () => {
      for (const tail of confusing) {
        stage.upstream.reset()
        stage.asked.length = 0
        const answer = await raw(stage.url, get(`${way.path}${tail}`, 'Connection: close\r\n'))
        const seen = stage.upstream.received()
        assert.ok(seen.length <= 1, tail)
        const [first] = seen
        if (!first) {
          assert.match(answer, /^HTTP\/1\.1 40[0134] /, tail)
          continue
        }
        const path = decodePath(first.target) ?? ''
        assert.ok(path.startsWith(way.upstreamPath), tail)
        assert.doesNotMatch(path, /\/\.{1,2}(?:\/|$)|[\0]/, tail)
        assert.ok(!first.target.includes('\\'), tail)
        if (!way.judged) continue
        const suffix = path.slice(way.upstreamPath.length)
        assert.deepEqual(
          stage.asked.map(({ attributes }) => attributes.path),
          [`${way.path}${suffix}`],
          tail,
        )
      }
    })
  }

  it('an absolute target is asked for by its path, whatever host it names', async () => {
    for (const way of ways) {
      stage.upstream.reset()
      await raw(stage.url, get(`http://elsewhere.example${way.path}`, 'Connection: close\r\n'))
      const [first, ...more] = stage.upstream.received()
      assert.deepEqual(more, [])
      demandOwn(way, first)
      assert.equal(first?.target, way.upstreamPath)
      assert.doesNotMatch(JSON.stringify(first.headers), /elsewhere/)
    }
  })

  it('targets that are no paths go nowhere', async () => {
    for (const line of [
      'GET elsewhere.example:80',
      'CONNECT elsewhere.example:80',
      'GET *',
      'OPTIONS *',
      'GET api/v1/namespaces/n/pods',
      'GET ?a',
      'GET \\api\\v1\\namespaces',
    ]) {
      stage.upstream.reset()
      const answer = await raw(
        stage.url,
        `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /^HTTP\/1\.1 [34]\d\d /, line)
      assert.deepEqual(stage.upstream.received(), [], line)
    }
  })

  it('the upstream’s name is its own, however many names a request has', async () => {
    for (const way of ways) {
      stage.upstream.reset()
      await raw(stage.url, get(way.path, 'Host: y\r\nX-Forwarded-Host: z\r\nConnection: close\r\n'))
      for (const { headers } of stage.upstream.received()) {
        const hosts = headers.filter(([name]) => name === 'host').map(([, value]) => value)
        assert.deepEqual(hosts, [new URL(stage.upstream.url).host], way.name)
      }
    }
  })
}

/** What a client asks to go on with, and whether the upstream is asked for it. */
const upgrades: readonly [name: string, head: string, passed: boolean][] = [
  ['a websocket', 'Connection: Upgrade\r\nUpgrade: websocket\r\n', true],
  ['SPDY', 'Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n', true],
  [
    'h2c',
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n',
    false,
  ],
  ['h2c by the way', 'Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n', false],
  ['h2c beside a websocket', 'Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n', false],
  ['TLS', 'Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n', false],
  ['something like a websocket', 'Connection: Upgrade\r\nUpgrade: websocketx\r\n', false],
  ['a websocket that the connection does not speak of', 'Upgrade: websocket\r\n', false],
]

function upgradesBy(listener: Listener): void {
  for (const [name, head, passed] of upgrades) {
    it(`${name} is ${passed ? 'asked for' : 'a plain request'}, and nothing rides along`, async () => {
      await using stage = await startStage({
        listener,
        answer: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
      })
      for (const way of ways) {
        stage.upstream.reset()
        await raw(
          stage.url,
          get(way.path, `${head}${claims.split('Connection')[0]}`) + SMUGGLED + LAST,
        )
        const [first, ...more] = stage.upstream.received()
        assert.deepEqual(more, [], way.name)
        demandOwn(way, first)
        const names = new Set(first?.headers.map(([of]) => of))
        assert.equal(names.has('upgrade'), passed, way.name)
        assert.equal(names.has('http2-settings'), false, way.name)
      }
    })
  }

  for (const [name, answer] of [
    [
      'a bad key',
      'HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n',
    ],
    ['no upgrade at all', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    ],
  ] as const) {
    it(`a client does not get to talk to an upstream that answers a websocket with ${name}`, async () => {
      await using stage = await startStage({ listener, answer })
      for (const way of ways) {
        stage.upstream.reset()
        const head = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: !\r\n'
        const got = await raw(stage.url, get(way.path, head) + SMUGGLED)
        assert.match(got, /^HTTP\/1\.1 (?:426|502) /, way.name)
        assert.equal(stage.upstream.received().length, 1, way.name)
      }
    })
  }

  it('a header of an answer on a raw socket cannot end the answer', async () => {
    const socket = new PassThrough()
    const reply = { status: 302, headers: { location: '/a\r\nSet-Cookie: b' } }
    await assert.rejects(sendOnSocket(socket, reply), /Invalid character/)
    assert.equal(socket.read(), null)
  })
}

for (const listener of listeners) {
  describe(`requests through the proxies by ${listener}`, () => requestsBy(listener))
  describe(`paths through the proxies by ${listener}`, () => pathsBy(listener))
  describe(`upgrades through the proxies by ${listener}`, () => upgradesBy(listener))
}
