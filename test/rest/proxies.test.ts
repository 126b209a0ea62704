import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  apiService,
  as,
  available,
  bundle,
  extension,
  forged,
  reverseProxy,
  upgradeRequest,
} from './extensions.ts'
import { face, localTarget, raw, upstream } from './support.ts'

describe('APIService', () => {
  test('the caller goes along as X-Remote-*, never what the client claims to be', async () => {
    await using ext = await upstream()
    await using app = await face({ objects: { apiservices: [apiService(ext.url)] } })
    const response = await fetch(
      `${app.url}/kapis/ext.io/v1/namespaces/n/things/a%2Fb?b=2&a=1&a=0`,
      as('admin', forged),
    )
    assert.equal(await response.text(), '{"up":true}')
    const [seen] = ext.seen
    assert.equal(seen?.url, '/kapis/ext.io/v1/namespaces/n/things/a/b?a=1&a=0&b=2')
    assert.equal(seen?.headers['x-remote-user'], 'admin')
    assert.equal(seen?.headers['x-remote-group'], 'system:authenticated')
    assert.equal(seen?.headers['authorization'], 'Bearer admin')
    for (const name of ['x-remote-extra-a', 'impersonate-user', 'impersonate-group']) {
      assert.equal(seen?.headers[name], undefined)
    }
  })

  test('hole 14: on an upgrade too, which is dialled once', async () => {
    await using ext = await upstream()
    let upgrades = 0
    let user: unknown
    ext.server.on('upgrade', (req, socket) => {
      upgrades++
      user = req.headers['x-remote-user']
      socket.end("HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    })
    await using app = await face({ objects: { apiservices: [apiService(ext.url)] } })
    const answer = await raw(
      app.url,
      upgradeRequest('/kapis/ext.io/v1/teapot', { authorization: 'Bearer admin', ...forged }),
    )
    assert.match(answer, /^HTTP\/1\.1 418 /)
    assert.equal(user, 'admin')
    assert.equal(upgrades, 1)
    assert.equal(ext.connections, 1)
  })

  test('a client cannot take out what is said of it by naming it as a header of its hop', async () => {
    const names = 'x-remote-user, x-remote-group, authorization, x-kubesphere-authorization, x-mine'
    const request = (path: string, connection: string, more = '') =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nX-Mine: 1\r\nX-Kept: 1\r\nConnection: ${connection}, ${names}\r\n${more}\r\n`
    await using ext = await upstream()
    await using kube = await upstream()
    ext.server.on('upgrade', ({ method = '', url = '', headers }, socket) => {
      ext.seen.push({ method, url, headers, body: '' })
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
    const target = localTarget(ext.url, { authorization: 'Bearer stored' })
    const route = { kind: 'member', name: 'm', target, serviceProxy: true } as const
    const objects = { apiservices: [apiService(ext.url)] }
    await using app = await face({ kube, objects, routes: { m: route } })
    await raw(app.url, request('/kapis/ext.io/v1/things', 'close'))
    await raw(app.url, request('/kapis/ext.io/v1/things', 'Upgrade', 'Upgrade: websocket\r\n'))
    await raw(app.url, request('/clusters/m/version', 'close'))
    await raw(app.url, request('/api/v1/pods', 'close'))
    const [plain, upgrade, member] = ext.seen
    for (const seen of [plain, upgrade]) assert.equal(seen?.headers['x-remote-user'], 'admin')
    assert.equal(plain?.headers['x-remote-group'], 'system:authenticated')
    assert.equal(member?.headers['x-kubesphere-authorization'], '')
    assert.equal(member?.headers['authorization'], 'Bearer stored')
    assert.equal(kube.seen[0]?.headers['authorization'], 'Bearer server-own')
    for (const seen of [plain, upgrade, member, kube.seen[0]]) {
      assert.equal(seen?.headers['x-mine'], undefined)
      assert.equal(seen?.headers['x-kept'], '1')
    }
    await target[Symbol.asyncDispose]()
  })

  test('a password does not travel to an extension', async () => {
    await using ext = await upstream()
    await using app = await face({ objects: { apiservices: [apiService(ext.url)] } })
    const authorization = `Basic ${Buffer.from('admin:pw').toString('base64')}`
    await fetch(`${app.url}/kapis/ext.io/v1/things`, { headers: { authorization } })
    assert.equal(ext.seen[0]?.headers['authorization'], undefined)
    assert.equal(ext.seen[0]?.headers['x-remote-user'], 'admin')
  })

  test('one that is not available or cannot be reached says so in form B', async () => {
    await using app = await face({
      objects: {
        apiservices: [
          apiService('http://127.0.0.1:1', {}),
          extension(
            'APIService',
            'v1.down.io',
            { group: 'down.io', version: 'v1', url: 'http://127.0.0.1:1' },
            available,
          ),
        ],
      },
    })
    const off = await fetch(`${app.url}/kapis/ext.io/v1/things`, as('admin'))
    assert.equal(off.status, 503)
    assert.match(await off.text(), /"message": "apiService v1.ext.io is not available"/)
    const down = await fetch(`${app.url}/kapis/down.io/v1/things`, as('admin'))
    assert.equal(down.status, 502)
    assert.match(
      await down.text(),
      /"message": "Error while proxying request: dial tcp 127.0.0.1:1: connect: connection refused"/,
    )
  })

  test('hole 64: dot segments never reach an extension', async () => {
    await using ext = await upstream()
    await using app = await face({ objects: { apiservices: [apiService(ext.url)] } })
    for (const path of ['own/../other', 'own/%2e%2e/other', 'own%2F..%2Fother']) {
      const answer = await raw(
        app.url,
        `GET /kapis/ext.io/v1/namespaces/${path}/foos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /^HTTP\/1\.1 400 /)
    }
    assert.equal(ext.seen.length, 0)
  })
})

describe('ReverseProxy', () => {
  test('the longest matcher answers, its prefix stripped, identity headers dropped', async () => {
    await using wide = await upstream()
    await using narrow = await upstream()
    await using app = await face({
      objects: {
        reverseproxies: [
          reverseProxy('a', '/proxy/*', wide.url),
          reverseProxy('b', '/proxy/x/*', narrow.url, { stripPathPrefix: '/proxy/x' }),
        ],
      },
    })
    await fetch(`${app.url}/proxy/x/a/b?c=d`, {
      method: 'POST',
      body: 'hello',
      ...as('admin', forged),
    })
    const [seen] = narrow.seen
    assert.equal(seen?.url, '/a/b?c=d')
    assert.equal(seen?.body, 'hello')
    assert.equal(seen?.headers['x-remote-user'], undefined)
    assert.equal(wide.seen.length, 0)
  })

  test('hole 15: with authProxy the caller is stated, whatever the client claims', async () => {
    await using target = await upstream()
    const proxies = [reverseProxy('ap', '/proxy/ap/*', target.url, { authProxy: true })]
    await using app = await face({ objects: { reverseproxies: proxies } })
    await fetch(`${app.url}/proxy/ap/x`, as('admin', forged))
    assert.equal(target.seen[0]?.headers['x-remote-user'], 'admin')
    assert.equal(target.seen[0]?.headers['x-remote-group'], 'system:authenticated')
    assert.equal(target.seen[0]?.headers['x-remote-extra-a'], undefined)
  })

  test('hole 15: on an upgrade too, and without authProxy nobody is stated', async () => {
    await using target = await upstream()
    const users: unknown[] = []
    target.server.on('upgrade', (req, socket) => {
      users.push(req.headers['x-remote-user'], req.headers['impersonate-user'])
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
    const proxies = [
      reverseProxy('ap', '/proxy/ap/*', target.url, { authProxy: true }),
      reverseProxy('np', '/proxy/np/*', target.url),
    ]
    await using app = await face({ objects: { reverseproxies: proxies } })
    for (const path of ['/proxy/ap/x', '/proxy/np/x']) {
      const request = upgradeRequest(path, { authorization: 'Bearer admin', ...forged })
      assert.match(await raw(app.url, request), /^HTTP\/1\.1 403 /)
    }
    assert.deepEqual(users, ['admin', undefined, undefined, undefined])
    assert.equal(target.connections, 2)
  })

  test('directives change request and response', async () => {
    await using target = await upstream((_req, res) => {
      res.writeHead(302, { location: '/next', 'x-down': '1', 'access-control-allow-origin': '*' })
      res.end()
    })
    const directives = {
      headerUp: ['X-Up "a b"', '-X-Gone'],
      headerDown: ['-X-Down', '+X-New v'],
      rewrite: ['* /v2{http.request.uri.path}'],
      wrapTransport: true,
    }
    const proxies = [reverseProxy('d', '/proxy/d/*', target.url, directives)]
    await using app = await face({ objects: { reverseproxies: proxies } })
    const response = await fetch(`${app.url}/proxy/d/x`, {
      redirect: 'manual',
      ...as('admin', { 'x-gone': '1' }),
    })
    const [seen] = target.seen
    assert.equal(seen?.url, '/v2/proxy/d/x')
    assert.equal(seen?.headers['x-up'], 'a b')
    assert.equal(seen?.headers['x-gone'], undefined)
    assert.equal(response.headers.get('x-down'), null)
    assert.equal(response.headers.get('x-new'), 'v')
    assert.equal(response.headers.get('location'), `${target.url}/next`)
    assert.equal(response.headers.get('access-control-allow-origin'), null)
  })

  test('a prefix that takes the whole path redirects to the root', async () => {
    const proxies = [
      reverseProxy('r', '/proxy/r', 'http://127.0.0.1:1', { stripPathPrefix: '/proxy/r' }),
    ]
    await using app = await face({ objects: { reverseproxies: proxies } })
    const response = await fetch(`${app.url}/proxy/r?a=b`, { redirect: 'manual', ...as('admin') })
    assert.equal(response.status, 301)
    assert.equal(response.headers.get('location'), '/?a=b')
  })

  test('one that is not available is 503 with an empty object; one of the console is not ours', async () => {
    const off = { ...reverseProxy('o', '/proxy/o', 'http://127.0.0.1:1'), status: {} }
    const theirs = reverseProxy('c', '/proxy/c', 'http://127.0.0.1:1')
    theirs.metadata.labels = { 'kubesphere.io/reverse-proxy-target': 'ks-console' }
    await using app = await face({ objects: { reverseproxies: [off, theirs] } })
    const response = await fetch(`${app.url}/proxy/o`, as('admin'))
    assert.equal(response.status, 503)
    assert.equal(await response.text(), '{}')
    assert.equal((await fetch(`${app.url}/proxy/c`, as('admin'))).status, 404)
    assert.equal((await fetch(`${app.url}/proxy/o`, as('eve'))).status, 403)
  })
})

describe('JSBundle', () => {
  const twice = (text: string): string =>
    Buffer.from(Buffer.from(text).toString('base64')).toString('base64')
  const objects = {
    jsbundles: [
      bundle('inline', { raw: twice('console.log(1)') }),
      bundle('map', { rawFrom: { configMapKeyRef: { namespace: 'n', name: 'c', key: 'k' } } }),
      bundle('hole', { rawFrom: { configMapKeyRef: { namespace: 'n', name: 'c', key: 'x' } } }),
      bundle('secret', { rawFrom: { secretKeyRef: { namespace: 'n', name: 's', key: 'k' } } }),
      bundle('gone', { rawFrom: { configMapKeyRef: { namespace: 'n', name: 'no', key: 'k' } } }),
      bundle('once', { raw: Buffer.from('console.log(2)').toString('base64') }),
    ],
    configmaps: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'n', name: 'c' },
        data: { k: 'code' },
      },
    ],
    secrets: [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: 'n', name: 's' },
        data: { k: Buffer.from('hidden').toString('base64') },
      },
    ],
  }

  test('bundles of all local sources are served to anybody, with one type', async () => {
    await using app = await face({ objects })
    const get = async (name: string, method = 'GET') =>
      fetch(`${app.url}/dist/${name}/index.js`, { method })
    for (const [name, body] of [
      ['inline', 'console.log(1)'],
      ['once', 'console.log(2)'],
      ['map', 'code'],
      ['hole', ''],
      ['secret', 'hidden'],
    ] as const) {
      const response = await get(name)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'application/javascript; charset=utf-8')
      assert.equal(await response.text(), body)
    }
    const head = await get('inline', 'HEAD')
    assert.equal(head.headers.get('content-length'), '14')
    assert.equal(await (await get('inline', 'POST')).text(), 'console.log(1)')
    assert.equal((await get('gone')).status, 503)
    assert.match(await (await get('gone')).text(), /failed to fetch content from configMap/)
    assert.equal(await (await get('nope')).text(), '404: Page Not Found')
  })

  test('hole 33: a remote host sees no credentials, the client one Content-Type', async () => {
    await using host = await upstream((_req, res) => {
      res.setHeader('content-type', 'text/plain').end('remote')
    })
    const remote = bundle('remote', { rawFrom: { url: `${host.url}/b.js?fixed=1` } })
    await using app = await face({ objects: { jsbundles: [remote] } })
    const response = await fetch(
      `${app.url}/dist/remote/index.js?v=2`,
      as('admin', { cookie: 'a=b', ...forged }),
    )
    assert.equal(await response.text(), 'remote')
    assert.equal(response.headers.get('content-type'), 'application/javascript; charset=utf-8')
    const [seen] = host.seen
    assert.equal(seen?.url, '/b.js?v=2')
    for (const name of ['authorization', 'cookie', 'x-remote-user', 'impersonate-user']) {
      assert.equal(seen?.headers[name], undefined, name)
    }
  })
})

describe('member clusters', () => {
  test('the service proxy carries credentials, dryRun and the query of upgrades by other names', async () => {
    await using member = await upstream()
    const target = localTarget(member.url, { authorization: 'Bearer stored' })
    const route = { kind: 'member', name: 'm', target, serviceProxy: true } as const
    await using app = await face({ routes: { m: route } })
    await fetch(`${app.url}/clusters/m/kapis/x.io/v1/y?dryRun=All&a=1`, as('eve', forged))
    const [seen] = member.seen
    assert.equal(
      seen?.url,
      '/api/v1/namespaces/kubesphere-system/services/:ks-apiserver:/proxy/kapis/x.io/v1/y?a=1&dryrun=All',
    )
    assert.equal(seen?.headers['authorization'], 'Bearer stored')
    assert.equal(seen?.headers['x-kubesphere-authorization'], 'Bearer eve')
    assert.equal(seen?.headers['x-remote-user'], undefined)
    assert.equal(seen?.headers['impersonate-user'], undefined)
    assert.equal(app.asked.length, 0)
    let query: unknown
    member.server.on('upgrade', (req, socket) => {
      query = req.headers['x-kubesphere-rawquery']
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
    const answer = await raw(
      app.url,
      upgradeRequest('/clusters/m/api/v1/watch/pods?a=b', { authorization: 'Bearer eve' }),
    )
    assert.match(answer, /^HTTP\/1\.1 403 /)
    assert.equal(query, 'a=b')
    await target[Symbol.asyncDispose]()
  })

  test('a direct endpoint gets the path as it is; its 401 becomes 511, its Location absolute', async () => {
    let status = 401
    await using member = await upstream((_req, res) => {
      res.writeHead(status, { location: '/elsewhere', 'x-secret': '1' }).end('{}')
    })
    const target = localTarget(member.url)
    const route = { kind: 'member', name: 'm', target, serviceProxy: false } as const
    await using app = await face({ routes: { m: route } })
    const refused = await fetch(`${app.url}/clusters/m/version`, as('eve'))
    assert.equal(refused.status, 511)
    assert.equal(refused.headers.get('x-secret'), null)
    assert.equal(
      await refused.text(),
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"The request could not be authenticated due to a system issue.","reason":"Network Authentication Required","code":511}',
    )
    status = 302
    const moved = await fetch(`${app.url}/clusters/m/x/y`, { redirect: 'manual', ...as('eve') })
    assert.equal(moved.headers.get('location'), `${member.url}/elsewhere`)
    assert.equal(member.seen[1]?.url, '/x/y')
    assert.equal(member.seen[1]?.headers['authorization'], 'Bearer eve')
    await target[Symbol.asyncDispose]()
  })

  test('hole 62: without credentials only the always-allowed paths reach a member', async () => {
    await using member = await upstream()
    const target = localTarget(member.url, { authorization: 'Bearer stored' })
    const route = { kind: 'member', name: 'm', target, serviceProxy: true } as const
    await using app = await face({ routes: { m: route } })
    assert.equal((await fetch(`${app.url}/clusters/m/kapis/x/v1/y`)).status, 401)
    assert.equal((await fetch(`${app.url}/clusters/m/version`)).status, 200)
    assert.equal(member.seen.length, 1)
    assert.match(
      await raw(app.url, upgradeRequest('/clusters/m/api/v1/watch/pods')),
      /^HTTP\/1\.1 401 /,
    )
    await target[Symbol.asyncDispose]()
  })

  test('unknown and unready clusters are told in form B, to anybody', async () => {
    await using app = await face()
    const unknown = await fetch(`${app.url}/clusters/nope/api/v1/pods`)
    assert.equal(unknown.status, 400)
    assert.match(await unknown.text(), /"message": "cluster nope not exists"/)
    const offline = await fetch(`${app.url}/clusters/offline/api/v1/pods`)
    assert.equal(offline.status, 503)
    assert.match(await offline.text(), /"message": "cluster offline is not ready"/)
  })
})
