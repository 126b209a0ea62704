import assert from 'node:assert/strict'
import { on, once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { createAuthority, issue } from '../../gateway/embedded/certs.ts'
import type { WritableStore } from '../../gateway/kube/store.ts'
import { apiService, as, available, bundle, extension, reverseProxy } from './extensions.ts'
import { face, upstream, type Upstream } from './support.ts'

/** Serves a websocket that says everything back; the count of handshakes is that of `clients` ever. */
function echoing(server: Upstream['server']): { handshakes: number } {
  const seen = { handshakes: 0 }
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    seen.handshakes++
    socket.on('message', (data: Buffer) => socket.send(data.toString()))
  })
  return seen
}

async function echo(url: string, text: string, user = 'admin'): Promise<string> {
  const socket = new WebSocket(url.replace('http', 'ws'), as(user))
  await once(socket, 'open')
  socket.send(text)
  const [data] = (await once(socket, 'message')) as [Buffer]
  socket.close()
  await once(socket, 'close')
  return data.toString()
}

describe('an upstream with TLS', () => {
  const authority = createAuthority('test', new Date())
  const pair = issue(authority, 'test', {
    commonName: 'ext',
    hosts: ['127.0.0.1'],
    now: new Date(),
  })
  const twice = (text: string): string =>
    Buffer.from(Buffer.from(text).toString('base64')).toString('base64')

  test('is trusted by its caBundle or not looked at, and is a 502 otherwise; upgrades alike', async () => {
    const server = createHttps(pair, (_req, res) => res.end('safe'))
    const seen = echoing(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const other = createAuthority('other', new Date())
    const service = (group: string, trust: object) =>
      extension('APIService', group, { group, version: 'v1', url, ...trust }, available)
    await using app = await face({
      objects: {
        apiservices: [
          service('ca.io', { caBundle: twice(authority.cert) }),
          service('open.io', { insecureSkipVerify: true, caBundle: twice(other.cert) }),
          service('other.io', { caBundle: twice(other.cert) }),
          service('none.io', {}),
          service('junk.io', { caBundle: 'bm8gY2VydGlmaWNhdGU=' }),
        ],
      },
    })
    for (const group of ['ca.io', 'open.io']) {
      const response = await fetch(`${app.url}/kapis/${group}/v1/things`, as('admin'))
      assert.equal(await response.text(), 'safe', group)
      assert.equal(await echo(`${app.url}/kapis/${group}/v1/things/x/stream`, 'hi'), 'hi', group)
    }
    for (const group of ['other.io', 'none.io']) {
      const response = await fetch(`${app.url}/kapis/${group}/v1/things`, as('admin'))
      assert.equal(response.status, 502, group)
      assert.match(await response.text(), /"Error while proxying request: tls: failed to verify/)
      const socket = new WebSocket(
        `${app.url.replace('http', 'ws')}/kapis/${group}/v1/t`,
        as('admin'),
      )
      const [error] = (await once(socket, 'error')) as [Error]
      assert.match(error.message, /502/)
    }
    const junk = await fetch(`${app.url}/kapis/junk.io/v1/things`, as('admin'))
    assert.equal(junk.status, 503)
    assert.match(await junk.text(), /failed to base64 decode cabundle/)
    assert.equal(seen.handshakes, 2)
    const { body } = await app.app.metrics.render()
    assert.match(
      body,
      /^ks_facade_upstream_duration_seconds_count\{upstream="apiservice",code="1xx"\} 2$/m,
    )
    server.closeAllConnections()
    server.close()
  })
})

describe('a connection to an extension', () => {
  test('is kept for the next request, and trailers pass', async () => {
    await using ext = await upstream((_req, res) => {
      res.writeHead(200, { trailer: 'x-sum' })
      res.write('part')
      res.addTrailers({ 'x-sum': '4' })
      res.end()
    })
    await using app = await face({ objects: { apiservices: [apiService(ext.url)] } })
    for (let turn = 0; turn < 10; turn++) {
      const request = get(`${app.url}/kapis/ext.io/v1/things`, as('admin'))
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      response.resume()
      await once(response, 'end')
      assert.equal(response.trailers['x-sum'], '4')
    }
    assert.equal(ext.connections, 1)
  })

  test('ends when the client leaves', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    await using ext = await upstream((_req, res) => {
      res.write('first')
      res.once('close', end)
    })
    await using app = await face({ objects: { apiservices: [apiService(ext.url)] } })
    const request = get(`${app.url}/kapis/ext.io/v1/things`, as('admin'))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await once(response, 'data')
    request.destroy()
    await ended
  })
})

describe('ReverseProxy on the wire', () => {
  test('every directive of the request line applies, in the original’s order', async () => {
    await using target = await upstream()
    const directives = {
      method: 'PUT',
      stripPathPrefix: '/proxy/d',
      stripPathSuffix: '.html',
      rewrite: ['/old/* /new{http.request.uri.path}?from=rewrite'],
      replace: ['item thing'],
      pathRegexp: ['^/new/old/(\\w+)/(\\d+)$ /$2/$1'],
      headerUp: ['X-Set one', '+X-Set two', '-X-Gone', '-X-*Secret'],
    }
    const proxies = [reverseProxy('d', '/proxy/d/*', target.url, directives)]
    await using app = await face({ objects: { reverseproxies: proxies } })
    await fetch(`${app.url}/proxy/d/old/item/7.html?a=b`, {
      method: 'POST',
      body: 'kept',
      ...as('admin', { 'x-gone': '1' }),
    })
    const [seen] = target.seen
    assert.equal(`${seen?.method} ${seen?.url}`, 'PUT /7/thing?from=rewrite')
    assert.equal(seen?.body, 'kept')
    assert.equal(seen?.headers['x-set'], 'one, two')
    assert.equal(seen?.headers['x-gone'], undefined)
  })

  test('a redirect passes as it is, rejectForwardingRedirects or not', async () => {
    await using target = await upstream((_req, res) => {
      res.writeHead(302, { location: 'http://elsewhere.example/x' }).end()
    })
    const directives = { rejectForwardingRedirects: true }
    const proxies = [reverseProxy('r', '/proxy/r', target.url, directives)]
    await using app = await face({ objects: { reverseproxies: proxies } })
    const response = await fetch(`${app.url}/proxy/r`, { redirect: 'manual', ...as('admin') })
    assert.equal(response.status, 302)
    assert.equal(response.headers.get('location'), 'http://elsewhere.example/x')
  })

  test('with headerDown answers still stream, and upgrades still work', async () => {
    const { promise: seen, resolve: goOn } = Promise.withResolvers<void>()
    await using target = await upstream((_req, res) => {
      res.writeHead(200, { 'x-down': '1' })
      res.write('first')
      void seen.then(() => res.end('last'))
    })
    echoing(target.server)
    const directives = { headerDown: ['-X-Down', 'X-New v'] }
    const proxies = [reverseProxy('h', '/proxy/h/*', target.url, directives)]
    await using app = await face({ objects: { reverseproxies: proxies } })
    const response = await fetch(`${app.url}/proxy/h/x`, as('admin'))
    assert.equal(response.headers.get('x-down'), null)
    assert.equal(response.headers.get('x-new'), 'v')
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString()
      goOn()
    }
    assert.equal(text, 'firstlast')
    assert.equal(await echo(`${app.url}/proxy/h/ws`, 'hi'), 'hi')
  })

  test('a change of its object counts at once', async () => {
    await using first = await upstream((_req, res) => res.end('first'))
    await using second = await upstream((_req, res) => res.end('second'))
    const objects = { reverseproxies: [reverseProxy('c', '/proxy/c', first.url)] }
    await using app = await face({ objects })
    const text = async () => (await fetch(`${app.url}/proxy/c`, as('admin'))).text()
    assert.equal(await text(), 'first')
    const store = await app.app.clusters.host.caches.store({
      group: 'extensions.kubesphere.io',
      version: 'v1alpha1',
      resource: 'reverseproxies',
    })
    const moved = reverseProxy('c', '/proxy/c', second.url)
    const metadata = { name: 'c', resourceVersion: '9' }
    ;(store as WritableStore).apply('MODIFIED', { ...moved, metadata })
    assert.equal(await text(), 'second')
  })
})

describe('files of a JSBundle', () => {
  test('come with their type, ranges and validators of their host; local content has neither', async () => {
    const content = '0123456789'
    await using host = await upstream((req, res) => {
      const headers = { etag: '"v1"', 'content-type': 'text/x-of-the-host' }
      if (req.headers['if-none-match'] === '"v1"') res.writeHead(304, headers).end()
      else if (req.headers.range) {
        res.writeHead(206, { ...headers, 'content-range': 'bytes 2-4/10' }).end(content.slice(2, 5))
      } else res.writeHead(200, headers).end(req.method === 'HEAD' ? undefined : content)
    })
    const assets = {
      style: { link: '/dist/f/style.css', url: `${host.url}/style.css` },
      files: [
        { name: 'font', link: '/dist/f/font.woff', url: `${host.url}/font`, mimeType: 'font/woff' },
        { name: 'plain', link: '/dist/f/plain', url: `${host.url}/plain` },
      ],
    }
    const raw = Buffer.from(Buffer.from('local').toString('base64')).toString('base64')
    await using app = await face({ objects: { jsbundles: [bundle('f', { raw, assets })] } })
    const ask = async (file: string, init: RequestInit = {}) => {
      const response = await fetch(`${app.url}/dist/f/${file}`, init)
      return { status: response.status, headers: response.headers, text: await response.text() }
    }
    const font = await ask('font.woff')
    assert.deepEqual([font.status, font.text], [200, content])
    assert.equal(font.headers.get('content-type'), 'font/woff')
    assert.equal(font.headers.get('etag'), '"v1"')
    for (const file of ['style.css', 'plain']) {
      const { headers, text } = await ask(file)
      assert.equal(text, content)
      assert.equal(headers.get('content-type'), 'text/x-of-the-host')
    }
    const part = await ask('font.woff', { headers: { range: 'bytes=2-4' } })
    assert.deepEqual([part.status, part.text], [206, '234'])
    assert.equal(part.headers.get('content-range'), 'bytes 2-4/10')
    const same = await ask('font.woff', { headers: { 'if-none-match': '"v1"' } })
    assert.equal(same.status, 304)
    const head = await ask('font.woff', { method: 'HEAD' })
    assert.deepEqual([head.status, head.text], [200, ''])
    const local = await ask('index.js', { headers: { range: 'bytes=1-2' } })
    assert.deepEqual([local.status, local.text], [200, 'local'])
    assert.equal(local.headers.get('etag'), null)
    const localHead = await ask('index.js', { method: 'HEAD' })
    assert.equal(localHead.headers.get('content-length'), '5')
  })
})

describe('the console', () => {
  test('watches over a websocket with a foreign Origin and no subprotocol, in text frames', async () => {
    await using kube = await upstream()
    const sockets = new WebSocketServer({ server: kube.server })
    let asked: IncomingMessage | undefined
    sockets.on('connection', (socket, req) => {
      asked = req
      socket.send('{"type":"ADDED"}')
    })
    await using app = await face({ kube })
    const socket = new WebSocket(
      `${app.url.replace('http', 'ws')}/clusters/host/api/v1/watch/namespaces/n/pods?limit=10`,
      as('admin', { origin: 'http://console.example' }),
    )
    for await (const [data, binary] of on(socket, 'message') as AsyncIterable<[Buffer, boolean]>) {
      assert.equal(binary, false)
      assert.equal(data.toString(), '{"type":"ADDED"}')
      break
    }
    assert.equal(socket.protocol, '')
    assert.equal(asked?.url, '/api/v1/watch/namespaces/n/pods?limit=10')
    assert.equal(asked?.headers['sec-websocket-protocol'], undefined)
    assert.equal(asked?.headers['authorization'], 'Bearer server-own')
    socket.terminate()
    sockets.close()
  })
})
