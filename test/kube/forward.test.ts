import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { httpServer, plainTarget, proxyTo, raw, tcpServer, until } from './support.ts'

const MIB = 1024 * 1024

describe('requests through the proxy engine', () => {
  test('hop-by-hop headers stay on their hop, X-Forwarded-For grows', async () => {
    let seen: IncomingMessage['headers'] = {}
    await using up = await httpServer((req, res) => {
      seen = req.headers
      res.setHeader('Connection', 'X-Secret')
      res.setHeader('X-Secret', '1')
      res.setHeader('X-Kept', ['a', 'b'])
      res.end('ok')
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const answer = await raw(
      proxy.url,
      'GET /a%2Fb?z=1&a=%20 HTTP/1.1\r\nHost: client.example\r\nConnection: close, X-Drop\r\nX-Drop: 1\r\n' +
        'Proxy-Authorization: Basic eA==\r\nTE: gzip, trailers\r\nX-Forwarded-For: 10.0.0.1\r\nX-Stay: yes\r\nExpect: 100-continue\r\n\r\n',
    )
    for (const name of ['x-drop', 'proxy-authorization', 'expect']) {
      assert.equal(seen[name], undefined, name)
    }
    assert.equal(seen['te'], 'trailers')
    assert.equal(seen['x-stay'], 'yes')
    assert.equal(seen['user-agent'], undefined)
    assert.equal(seen['x-forwarded-for'], '10.0.0.1, 127.0.0.1')
    assert.equal(seen.host, up.url.host)
    assert.match(answer, /X-Kept: a\r\nX-Kept: b\r\n/)
    assert.doesNotMatch(answer, /X-Secret: 1/)
  })

  test('each piece of an answer passes at once, headers before the first', async () => {
    const { promise, resolve } = Promise.withResolvers<(text: string) => void>()
    await using up = await httpServer((_req, res) => {
      res.flushHeaders()
      resolve((text) => void res.write(text))
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const response = await fetch(proxy.url)
    const write = await promise
    const reader = response.body?.getReader()
    for (const text of ['{"type":"ADDED"}\n', '{"type":"DELETED"}\n']) {
      write(text)
      const read = await reader?.read()
      assert.equal(Buffer.from(read?.value ?? []).toString(), text)
    }
    await reader?.cancel()
  })

  test('trailers and early hints pass', async () => {
    await using up = await httpServer((_req, res) => {
      res.writeEarlyHints({ link: '</s.css>; rel=preload' })
      res.writeHead(200, { Trailer: 'X-Sum' })
      res.write('body')
      res.addTrailers({ 'X-Sum': '42' })
      res.end()
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const answer = await raw(proxy.url, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert.match(answer, /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/s\.css>; rel=preload\r\n\r\n/i)
    assert.match(answer, /HTTP\/1\.1 200 OK\r\nTrailer: X-Sum\r\n/)
    assert.match(answer, /4\r\nbody\r\n0\r\nx-sum: 42\r\n\r\n$/i)
  })

  test('HEAD, 204, 304 and redirects pass as they are', async () => {
    await using up = await httpServer((req, res) => {
      const status = Number(req.url?.slice(1))
      res.writeHead(status, status === 302 ? { location: '/next' } : { etag: '"x"' })
      if (req.method === 'HEAD' || status === 204 || status === 304) res.end()
      else res.end('text')
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const ask = (method: string, path: string) =>
      fetch(new URL(path, proxy.url), { method, redirect: 'manual' })
    const head = await ask('HEAD', '/200')
    assert.equal(head.headers.get('etag'), '"x"')
    assert.equal(await head.text(), '')
    for (const status of [204, 304]) {
      const response = await ask('GET', `/${status}`)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('transfer-encoding'), null)
    }
    const redirect = await ask('GET', '/302')
    assert.equal(redirect.status, 302)
    assert.equal(redirect.headers.get('location'), '/next')
  })

  test('a head can be changed or answered in its place', async () => {
    await using up = await httpServer((_req, res) => {
      res.writeHead(401, { 'x-inner': '1' })
      res.end('inner')
    })
    await using target = plainTarget(up.url)
    await using changed = await proxyTo(target, {
      onResponse: (status, headers) => ({ status, headers: { ...headers, 'x-inner': '2' } }),
    })
    await using replaced = await proxyTo(target, {
      onResponse: () => ({ replace: { status: 511, headers: { 'x-outer': '1' }, body: 'outer' } }),
    })
    const one = await fetch(changed.url)
    assert.equal(one.headers.get('x-inner'), '2')
    assert.equal(await one.text(), 'inner')
    const other = await fetch(replaced.url)
    assert.equal(other.status, 511)
    assert.equal(other.headers.get('x-inner'), null)
    assert.equal(await other.text(), 'outer')
  })
})

describe('bodies', () => {
  test('a slow reader slows the upstream, and memory stays flat', async () => {
    let sent = 0
    let stopped = false
    const block = Buffer.alloc(MIB, 'x')
    await using up = await httpServer((_req, res) => {
      const more = (): void => {
        while (sent < 512 * MIB) {
          sent += block.length
          if (!res.write(block)) return void res.once('drain', more)
        }
        res.end()
      }
      res.once('close', () => (stopped = true))
      more()
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const asked = request(proxy.url).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    // Whoever does not read gets what fits into buffers on the way, and no more.
    let before = -1
    while (before !== sent) {
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    assert.ok(sent < 64 * MIB, `${sent} bytes were read ahead`)
    const start = process.memoryUsage().rss
    let most = 0
    let got = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      got += chunk.length
      most = Math.max(most, process.memoryUsage().rss)
    }
    assert.equal(got, 512 * MIB)
    assert.ok(most - start < 128 * MIB, `grew by ${(most - start) / MIB} MiB`)
    await until(() => stopped, 'upstream done')
  })

  test('an upload is streamed, and slowed by an upstream that does not read', async () => {
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
    let length: string | undefined
    await using up = await httpServer((req, res) => {
      length = req.headers['content-length']
      resolve(req)
      let size = 0
      req.on('data', (chunk: Buffer) => (size += chunk.length)).pause()
      req.on('end', () => res.end(String(size)))
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const total = 64 * MIB
    const asked = request(proxy.url, { method: 'PUT', headers: { 'content-length': total } })
    let written = 0
    const block = Buffer.alloc(MIB)
    const more = (): void => {
      while (written < total) {
        written += block.length
        if (!asked.write(block)) return void asked.once('drain', more)
      }
      asked.end()
    }
    more()
    const reading = await promise
    let before = -1
    while (before !== written) {
      before = written
      await new Promise((settled) => setTimeout(settled, 200))
    }
    assert.ok(written < 40 * MIB, `${written} bytes were taken`)
    reading.resume()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
    assert.equal(Buffer.concat(chunks).toString(), String(total))
    assert.equal(length, String(total))
  })

  test('no body is sent where the client sent none', async () => {
    const seen: IncomingMessage['headers'][] = []
    await using up = await httpServer((req, res) => {
      seen.push(req.headers)
      res.end()
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    await fetch(proxy.url, { method: 'DELETE' })
    await fetch(proxy.url, { method: 'DELETE', body: '{}' })
    assert.equal(seen[0]?.['transfer-encoding'], undefined)
    assert.equal(seen[1]?.['content-length'], '2')
  })

  test('an answer that comes before the upload is over reaches the client', async () => {
    await using up = await httpServer((_req, res) => {
      res.writeHead(413, { connection: 'close' })
      res.end('too large')
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const socket = connect(Number(proxy.url.port), proxy.url.hostname)
    let got = ''
    socket.on('data', (chunk) => (got += String(chunk)))
    socket.on('error', () => {})
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nsome')
    await until(() => got.includes('too large'), 'the 413')
    assert.match(got, /^HTTP\/1\.1 413 /)
    socket.destroy()
  })
})

describe('when a side goes away', () => {
  test('an upstream that breaks off in the middle breaks the client’s connection', async () => {
    await using up = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy())
      })
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const response = await fetch(proxy.url)
    assert.equal(response.status, 200)
    await assert.rejects(response.text())
  })

  test('a client that leaves ends the upstream’s work', async () => {
    let closed = false
    await using up = await httpServer((_req, res) => {
      res.write('first')
      res.once('close', () => (closed = true))
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const abort = new AbortController()
    const response = await fetch(proxy.url, { signal: abort.signal })
    abort.abort()
    await assert.rejects(response.text())
    await until(() => closed, 'upstream closed')
  })

  test('a client that leaves in the middle of an upload ends it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let aborted = false
    await using up = await httpServer((req) => {
      req.once('close', () => (aborted = true))
      req.once('data', () => resolve())
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const socket = connect(Number(proxy.url.port), proxy.url.hostname)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome')
    await promise
    socket.destroy()
    await until(() => aborted, 'upload ended')
  })

  test('no answer at all is a ForwardError in Go’s words', async () => {
    const closed = await tcpServer(() => {})
    const { url } = closed
    await closed[Symbol.asyncDispose]()
    await using target = plainTarget(url)
    await using proxy = await proxyTo(target)
    for (const init of [{}, { method: 'POST', body: 'x'.repeat(100_000) }]) {
      const response = await fetch(proxy.url, init)
      assert.equal(response.status, 502)
      assert.equal(
        await response.text(),
        `ForwardError: dial tcp ${url.host}: connect: connection refused`,
      )
    }
  })

  test('a kept connection that died meanwhile costs a reader nothing', async () => {
    let requests = 0
    await using up = await tcpServer((socket) => {
      socket.once('data', () => {
        requests++
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        // Takes the next request on this connection to its grave.
        socket.once('data', () => socket.destroy())
      })
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    for (let round = 0; round < 3; round++) {
      const response = await fetch(proxy.url)
      assert.equal(response.status, 200)
      assert.equal(await response.text(), 'ok')
    }
    assert.equal(requests, 3)
  })
  test('a read is asked for again once at most, a write never', async () => {
    let requests = 0
    await using up = await tcpServer((socket) => {
      socket.once('data', () => {
        requests++
        socket.destroy()
      })
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const asked: number[] = []
    for (const init of [{}, { method: 'POST', body: 'x' }]) {
      const before = requests
      assert.equal((await fetch(proxy.url, init)).status, 502)
      asked.push(requests - before)
    }
    assert.deepEqual(asked, [2, 1])
  })
})
