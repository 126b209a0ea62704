import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { httpServer, plainTarget, proxyTo, raw, tcpServer, until } from './support.ts'

const ASK =
  'GET /exec?command=sh HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n'
const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n'

describe('upgrades through the proxy engine', () => {
  test('dialled once, and both sides speak freely, early bytes included', async () => {
    let asked = ''
    await using up = await tcpServer((socket) => {
      socket.once('data', (head) => {
        asked = String(head)
        socket.write(`${SWITCH}hello `)
        socket.on('data', (chunk) => socket.write(`echo:${String(chunk)}`))
        socket.on('end', () => socket.end())
      })
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const got = await raw(proxy.url, `${ASK}early`, /echo:early/)
    assert.ok(got.startsWith(SWITCH))
    assert.match(got, /hello echo:early$/)
    assert.equal(up.connections, 1)
    assert.match(asked, /^GET \/exec\?command=sh HTTP\/1\.1\r\n/)
    assert.match(asked, /\r\nConnection: Upgrade\r\nUpgrade: SPDY\/3\.1\r\n/)
    assert.match(asked, new RegExp(`\r\nHost: ${up.url.host}\r\n`, 'i'))
    assert.doesNotMatch(asked, /early|keep-alive/)
    await until(() => up.open.size === 0, 'the upstream connection is closed')
  })

  test('the end of one direction leaves the other open', async () => {
    await using up = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write(SWITCH)
        let got = ''
        socket.on('data', (chunk) => (got += String(chunk)))
        socket.on('end', () => socket.end(`all of it: ${got}`))
      })
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const socket = connect({
      port: Number(proxy.url.port),
      host: proxy.url.hostname,
      allowHalfOpen: true,
    })
    let got = ''
    socket.on('data', (chunk) => (got += String(chunk)))
    socket.write(ASK)
    await until(() => got.includes('101'), 'the upgrade')
    socket.end('last words')
    await once(socket, 'end')
    assert.match(got, /all of it: last words$/)
    await until(() => up.open.size === 0 && proxy.open.size === 0, 'everything closed')
  })

  test('a client that is gone ends the upstream, and the other way round', async () => {
    await using up = await tcpServer((socket) => {
      socket.once('data', () => void socket.write(SWITCH))
      socket.once('end', () => socket.end())
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    for (const leave of ['client', 'upstream']) {
      const socket = connect(Number(proxy.url.port), proxy.url.hostname)
      socket.on('error', () => {})
      socket.write(ASK)
      await once(socket, 'data')
      if (leave === 'client') socket.resetAndDestroy()
      else for (const one of up.open) one.resetAndDestroy()
      await until(() => up.open.size === 0 && proxy.open.size === 0, `${leave} left`)
    }
  })

  test('a refusal is passed on, whatever its framing, and the connection ends', async () => {
    const answers = [
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\nX-Why: no\r\n\r\ndenied',
      'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nX-Why: no\r\n\r\n6\r\ndenied\r\n0\r\n\r\n',
    ]
    for (const answer of answers) {
      await using up = await tcpServer((socket) => {
        socket.once('data', () => void socket.write(answer))
      })
      await using target = plainTarget(up.url)
      await using proxy = await proxyTo(target)
      const got = await raw(proxy.url, ASK)
      assert.match(
        got,
        /^HTTP\/1\.1 40[34] [\s\S]*X-Why: no[\s\S]*Connection: close\r\n\r\ndenied$/,
      )
      assert.equal(up.connections, 1)
    }
  })

  test('any other answer, an endless head or none at all is a bad gateway', async () => {
    const cases: [string, RegExp][] = [
      ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', /invalid upgrade response: status code 200/],
      [`HTTP/1.1 101 X\r\nX-Long: ${'x'.repeat(80 * 1024)}\r\n\r\n`, /502 Bad Gateway/],
      ['', /502 Bad Gateway/],
    ]
    for (const [answer, expected] of cases) {
      await using up = await tcpServer((socket) => {
        socket.once('data', () => socket.end(answer))
      })
      await using target = plainTarget(up.url)
      await using proxy = await proxyTo(target)
      assert.match(await raw(proxy.url, ASK), expected)
      assert.equal(up.connections, 1)
    }
  })

  test('an upstream that stops reading stops the client', async () => {
    await using up = await httpServer(() => {})
    up.server.on('upgrade', (_req, socket) => {
      socket.pause()
      socket.write(SWITCH)
    })
    await using target = plainTarget(up.url)
    await using proxy = await proxyTo(target)
    const socket = connect(Number(proxy.url.port), proxy.url.hostname)
    socket.on('error', () => {})
    socket.write(ASK)
    await once(socket, 'data')
    const block = Buffer.alloc(1024 * 1024)
    let sent = 0
    while (sent < 256) {
      sent++
      if (!socket.write(block)) {
        const drained = once(socket, 'drain')
        const stuck = new Promise((resolve) => setTimeout(resolve, 1000, 'stuck'))
        if ((await Promise.race([drained, stuck])) === 'stuck') break
      }
    }
    assert.ok(sent < 64, `${sent} MiB were taken`)
    socket.destroy()
  })
})
