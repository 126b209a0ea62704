import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allRoutes } from '../../rest-compat/routes/index.ts'
import type { RouteRow } from '../../rest-compat/routes/registry.ts'
import { face, raw, upstream } from './support.ts'

const as = (user: string, headers: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${user}`, ...headers },
})

const row = (path: string, handler: RouteRow['handler']): RouteRow => ({
  method: 'GET',
  path,
  operation: path,
  summary: '',
  tags: [],
  sample: path,
  handler,
})

describe('the chain', () => {
  test('layers stand in the order of the contract', async () => {
    await using app = await face()
    assert.deepEqual(app.rest.layers, [
      'global',
      'request-info',
      'authentication',
      'fairness',
      'multicluster',
      'authorization',
      'js-bundle',
      'reverse-proxy',
      'api-service',
      'kube-api',
      'container',
      'dynamic-resource',
      'not-found',
    ])
  })

  test('every route, for anybody, is judged before it answers', async () => {
    await using app = await face({ allow: () => false })
    const open =
      /^\/(?:oauth\/|dist\/|version$|metrics$|livez$|healthz$|readyz$|openapi\/v[23]$|\.well-known\/openid-configuration$)/
    for (const { method, sample } of allRoutes) {
      const path = sample.split('?')[0] ?? ''
      if (open.test(path)) continue
      for (const user of [undefined, 'eve', 'admin']) {
        app.asked.length = 0
        const init = user === undefined ? {} : as(user)
        const response = await fetch(app.url + sample, { method, redirect: 'manual', ...init })
        await response.body?.cancel()
        assert.equal(response.status, 403, `${method} ${sample} as ${user}`)
        assert.equal(app.asked.length, 1, `${method} ${sample} asked the authorizer once`)
        assert.equal(app.asked[0]?.user.name, user ?? 'system:anonymous')
      }
    }
  })

  test('a path that no route knows is judged too', async () => {
    await using app = await face()
    assert.equal((await fetch(`${app.url}/nope`, as('eve'))).status, 403)
    const missing = await fetch(`${app.url}/nope`, as('admin'))
    assert.equal(missing.status, 404)
    assert.equal(await missing.text(), '404: Page Not Found')
    assert.equal(missing.headers.get('content-type'), 'text/plain; charset=utf-8')
  })

  test('credentials that are no good are refused everywhere, open paths included', async () => {
    await using app = await face()
    for (const path of ['/version', '/kapis/a.io/v1/b', '/dist/x']) {
      const response = await fetch(app.url + path, as('bad'))
      assert.equal(response.status, 401)
      assert.equal(
        ((await response.json()) as { message: string }).message,
        'token not found in cache',
      )
    }
  })

  test('the authorizer’s word is final: what it denies says so, what it leaves open is denied', async () => {
    const path = '/kapis/iam.kubesphere.io/v1beta1/users'
    for (const [verdict, wanted] of [
      [
        { decision: 'Deny', reason: 'Everything is forbidden.' },
        /scope: Everything is forbidden\."/,
      ],
      [{ decision: 'NoOpinion', reason: '' }, /at the cluster scope","reason":"Forbidden"/],
    ] as const) {
      await using app = await face({ app: { authorizer: { authorize: async () => verdict } } })
      for (const url of [path, '/api/v1/pods', '/proxy/x', '/nope']) {
        assert.equal((await fetch(app.url + url, as('admin'))).status, 403, url)
      }
      assert.match(await (await fetch(app.url + path, as('admin'))).text(), wanted)
      assert.equal((await fetch(`${app.url}/livez`)).status, 200)
    }
  })

  test('an unexpected error is a 500 without details and a log line', async () => {
    const rows = [
      row('/boom', () => {
        throw new TypeError('secret detail')
      }),
    ]
    await using app = await face({ rows })
    const response = await fetch(`${app.url}/boom?x=1`, as('admin'))
    assert.equal(response.status, 500)
    const text = await response.text()
    assert.equal(text, 'Internal Server Error: "/boom?x=1": unexpected error\n')
    assert.match(app.log.join(''), /secret detail/)
    assert.equal((await fetch(`${app.url}/nope`, as('admin'))).status, 404)
  })

  test('unclean paths are redirected after they were judged, dot segments refused before', async () => {
    await using app = await face()
    const double = await raw(
      app.url,
      'GET //kapis//a.io/v1/b?c=d HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nConnection: close\r\n\r\n',
    )
    assert.match(double, /^HTTP\/1\.1 307 /)
    assert.match(double, /^location: \/kapis\/a\.io\/v1\/b\?c=d\r$/im)
    assert.match(double, /<a href="\/kapis\/a.io\/v1\/b\?c=d">Temporary Redirect<\/a>\.\n\n$/)
    const denied = await raw(
      app.url,
      'GET //kapis//a.io/v1/b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer eve\r\nConnection: close\r\n\r\n',
    )
    assert.match(denied, /^HTTP\/1\.1 403 /)
    app.asked.length = 0
    for (const path of ['/a/../b', '/a/%2e%2e/b', '/a/.%2E/b', '/..', '/a/.', '/a%2F..%2Fb']) {
      const answer = await raw(
        app.url,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /^HTTP\/1\.1 400 /, path)
    }
    assert.equal(app.asked.length, 0)
  })

  test('a query is read as Go reads it: pairs with a semicolon or a broken escape do not count', async () => {
    const echo = row('/kapis/a.b/v1/query', ({ query }) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([...query]),
    }))
    await using app = await face({ rows: [echo] })
    const pairs = async (query: string) => {
      const response = await fetch(`${app.url}/kapis/a.b/v1/query?${query}`, as('admin'))
      return response.json()
    }
    const rows: [query: string, pairs: [string, string][]][] = [
      ['a=1;b=2', []],
      ['a=1;b=2&c=3', [['c', '3']]],
      [
        'name=x%3By&b=1+2',
        [
          ['name', 'x;y'],
          ['b', '1 2'],
        ],
      ],
      [
        'a=%zz&b=100%25&c',
        [
          ['b', '100%'],
          ['c', ''],
        ],
      ],
      ['&&a=b=c&', [['a', 'b=c']]],
    ]
    for (const [query, expected] of rows) assert.deepEqual(await pairs(query), expected, query)
  })

  test('hole 60: paths cut short get an answer and leave the connection sound', async () => {
    await using app = await face()
    for (const path of [
      '/clusters/x/api',
      '/clusters/x/api/v1',
      '/clusters/x/kapi',
      '/api/clusters/x/v1',
      '/clusters//kapis',
      '/clusters//apis',
    ]) {
      const response = await fetch(app.url + path)
      assert.ok([400, 403, 404].includes(response.status), `${path}: ${response.status}`)
      await response.text()
    }
    const broken = await raw(app.url, 'GET /a%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    assert.match(broken, /^HTTP\/1\.1 400 /)
    const watch = await fetch(`${app.url}/api/v1/watch`)
    assert.equal(watch.status, 500)
    assert.equal(
      await watch.text(),
      'Internal Server Error: "/api/v1/watch": failed to crate RequestInfo: unable to determine kind and namespace from url: /api/v1/watch\n',
    )
  })
})

describe('health', () => {
  test('liveness answers any method, verbose and excluded checks in text', async () => {
    await using app = await face()
    const plain = await fetch(`${app.url}/healthz`, { method: 'POST' })
    assert.equal(await plain.text(), 'ok')
    assert.equal(plain.headers.get('x-content-type-options'), 'nosniff')
    const head = await fetch(`${app.url}/healthz`, { method: 'HEAD' })
    assert.equal(head.status, 200)
    const text = async (path: string) => (await fetch(app.url + path)).text()
    assert.equal(await text('/livez?verbose'), '[+]ping ok\nlivez check passed\n')
    assert.equal(
      await text('/healthz?verbose&exclude=ping&exclude=foo'),
      '[+]ping excluded: ok\nwarn: some health checks cannot be excluded: no matches for "foo"\nhealthz check passed\n',
    )
    assert.equal((await fetch(`${app.url}/healthz/ping`)).status, 403)
  })

  test('readiness follows the caches and is open to probes', async () => {
    const checks = [{ name: 'cache users', ok: false }]
    await using app = await face({ app: { readiness: () => ({ ready: false, checks }) } })
    const response = await fetch(`${app.url}/readyz`)
    assert.equal(response.status, 503)
    assert.match(await response.text(), /^\[-\]cache users failed/)
    await using ready = await face()
    assert.equal(await (await fetch(`${ready.url}/readyz`)).text(), 'ok')
  })

  test('version carries what kube-apiserver says of itself, asked once', async () => {
    await using kube = await upstream((_req, res) => {
      res.setHeader('content-type', 'application/json').end('{"major":"1","gitVersion":"v1.36.3"}')
    })
    await using app = await face({ kube })
    for (const _ of [1, 2]) {
      const version = (await (await fetch(`${app.url}/version`)).json()) as Record<string, unknown>
      assert.deepEqual(version['kubernetes'], { major: '1', gitVersion: 'v1.36.3' })
      assert.match(String(version['gitVersion']), /^v4\./)
    }
    assert.equal(kube.seen.length, 1)
  })

  test('metrics are scraped without credentials, requests labelled by what they asked for', async () => {
    await using app = await face()
    await (await fetch(`${app.url}/kapis/iam.kubesphere.io/v1beta1/users/x`)).text()
    const body = await (await fetch(`${app.url}/metrics`)).text()
    assert.match(
      body,
      /ks_server_request_total\{verb="get",group="iam.kubesphere.io",version="v1beta1",resource="users",code="403"\} 1/,
    )
  })
})

describe('documents', () => {
  test('OpenAPI 2 and 3 describe every route once', async () => {
    await using app = await face()
    const v3 = (await (await fetch(`${app.url}/openapi/v3`)).json()) as {
      openapi: string
      paths: Record<string, Record<string, { operationId: string }>>
    }
    assert.equal(v3.openapi, '3.0.0')
    const described = new Set(
      Object.entries(v3.paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    )
    for (const { method, path } of allRoutes) {
      assert.ok(described.has(`${method} ${path.replace(/\{(\w+):[^}]*\}/g, '{$1}')}`), path)
    }
    const v2 = await fetch(`${app.url}/openapi/v2`)
    assert.equal(v2.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.equal(((await v2.json()) as { swagger: string }).swagger, '2.0')
  })
})
