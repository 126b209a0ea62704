import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  applyHeaderRules,
  identityHeaders,
  rewrite,
  upstreamOf,
  withoutIdentity,
} from '../../gateway/domain/extensions/index.ts'
import type { Directives } from '../../gateway/domain/extensions/index.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import {
  cleanPath,
  decodePath,
  encodeQuery,
  escapePath,
  hasDotSegment,
  parseQuery,
  reencodeQuery,
} from '../../gateway/lib/go-url.ts'

function line(directives: Directives, path: string, rawQuery = 'q=1'): string {
  const made = rewrite(directives, 'GET', { path, rawQuery })
  if (made.kind === 'failed') return `failed ${made.directive}`
  return `${made.method} ${made.line.path}?${made.line.rawQuery}`
}

describe('directives of a ReverseProxy', () => {
  test('prefix and suffix are stripped once, literally, only where present', () => {
    assert.equal(line({ stripPathPrefix: '/p' }, '/p/p/a'), 'GET /p/a?q=1')
    assert.equal(line({ stripPathPrefix: '/x' }, '/p/a'), 'GET /p/a?q=1')
    assert.equal(line({ stripPathSuffix: '.js' }, '/a.js'), 'GET /a?q=1')
    assert.equal(line({ stripPathPrefix: '/p' }, '/p'), 'GET ?q=1')
  })

  test('the method is replaced', () => {
    assert.equal(line({ method: 'POST' }, '/a'), 'POST /a?q=1')
  })

  test('rewrite sets path and query where the pattern fits the lower-cased path', () => {
    assert.equal(line({ rewrite: ['/old/* /new'] }, '/old/x'), 'GET /new?q=1')
    assert.equal(line({ rewrite: ['* /v2{http.request.uri.path}?a=b'] }, '/x'), 'GET /v2/x?a=b')
    assert.equal(line({ rewrite: ['*.JS /n'] }, '/a.JS'), 'GET /a.JS?q=1')
    assert.equal(line({ rewrite: ['*.js /n'] }, '/a.JS'), 'GET /n?q=1')
    assert.equal(line({ rewrite: ['*mid* /n'] }, '/a/mid/b'), 'GET /n?q=1')
    assert.equal(line({ rewrite: ['/a/?/c /n'] }, '/a/b/c'), 'GET /n?q=1')
    assert.equal(line({ rewrite: ['/only-a-pattern'] }, '/a'), 'GET /a?q=1')
    assert.equal(line({ rewrite: ['* /{unknown.thing}'] }, '/a'), 'failed Rewrite')
  })

  test('replace works on path and query, pathRegexp on the path', () => {
    assert.equal(line({ replace: ['a b'] }, '/xa//a', 'a=a'), 'GET /xb/b?b=b')
    assert.equal(line({ pathRegexp: ['^/v(\\d+)/ /api/$1/'] }, '/v2/x'), 'GET /api/2/x?q=1')
    assert.equal(line({ pathRegexp: ['( /x'] }, '/v2/x'), 'GET /v2/x?q=1')
    assert.equal(line({ pathRegexp: ['^/a /${1}'] }, '/a'), 'failed PathRegexp')
  })

  test('header rules set, add, delete, and cannot frame a message anew', () => {
    const headers = { 'x-a': '1', 'x-b-foo': '2', host: 'h' }
    assert.deepEqual(
      applyHeaderRules(headers, ['X-A "new value"', '+X-A second', '-*Foo', '-X-B-*', 'novalue']),
      { 'x-a': ['new value', 'second'], 'x-b-foo': '2', host: 'h' },
    )
    assert.deepEqual(applyHeaderRules(headers, ['-*foo']), headers)
    assert.deepEqual(applyHeaderRules(headers, ['-foo*']), { 'x-a': '1', host: 'h' })
    assert.deepEqual(
      applyHeaderRules(headers, ['Transfer-Encoding chunked', 'Content-Length 0', 'Bad\u0000 x']),
      headers,
    )
  })
})

describe('identity headers', () => {
  test('whatever a client says of itself is dropped', () => {
    assert.deepEqual(
      withoutIdentity({
        'x-remote-user': 'root',
        'x-remote-group': ['system:masters'],
        'x-remote-extra-scopes': 'all',
        'x-remote-uid': '1',
        x_remote_user: 'root',
        'x-remote_extra_scopes': 'all',
        impersonate_group: 'system:masters',
        'impersonate-user': 'nobody',
        'impersonate-extra-x': 'y',
        'x-remote-addr': 'kept',
        accept: '*/*',
      }),
      { 'x-remote-addr': 'kept', accept: '*/*' },
    )
  })

  test('the caller is stated with groups and extras', () => {
    const user = { name: 'u', uid: '', groups: ['g1', 'g2'], extra: { 'a/b': ['1', '2'] } }
    assert.deepEqual(identityHeaders(user), {
      'x-remote-user': 'u',
      'x-remote-group': ['g1', 'g2'],
      'x-remote-extra-a%2fb': ['1', '2'],
    })
  })
})

describe('endpoints', () => {
  test('a URL or a service gives the address', () => {
    assert.equal(upstreamOf({ url: 'http://h:1/p?q' }, 'double').url.href, 'http://h:1/p?q')
    const service = { name: 's', namespace: 'n', path: '/x' }
    assert.equal(upstreamOf({ service }, 'double').url.href, 'https://s.n.svc/x')
    const port = { ...service, port: 8443 }
    assert.equal(upstreamOf({ service: port }, 'double').url.href, 'https://s.n.svc:8443/x')
  })

  test('what cannot be dialled or trusted is refused', () => {
    for (const endpoint of [
      {},
      { url: 'file:///x' },
      { url: 'nope' },
      { url: 'https://h', caBundle: 'AAAA' },
    ]) {
      assert.throws(
        () => upstreamOf(endpoint, 'double'),
        (error) => error instanceof ApiError && error.code === 503,
      )
    }
  })

  test('caBundle is base64 once more than JSON says, but for bundles', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n'
    const once = Buffer.from(pem).toString('base64')
    const twice = Buffer.from(once).toString('base64')
    assert.equal(upstreamOf({ url: 'https://h', caBundle: once }, 'single').ca, pem)
    assert.equal(upstreamOf({ url: 'https://h', caBundle: twice }, 'double').ca, pem)
    const insecure = { url: 'https://h', caBundle: twice, insecureSkipVerify: true }
    assert.equal(upstreamOf(insecure, 'double').ca, undefined)
  })
})

describe('URLs in Go’s manner', () => {
  test('a path is decoded once and escaped anew', () => {
    assert.equal(escapePath(decodePath('/a%2Fb%20c/%61!*') ?? ''), '/a/b%20c/a%21%2A')
    assert.equal(escapePath('/é;x?'), '/%C3%A9%3Bx%3F'.replace('%3B', ';'))
    assert.equal(decodePath('/%zz'), undefined)
    assert.equal(decodePath('/%ff'), undefined)
  })

  test('a query is sorted by key, broken pairs dropped', () => {
    assert.equal(reencodeQuery('b=2&a=1&b=1&c'), 'a=1&b=2&b=1&c=')
    assert.equal(reencodeQuery('a=%zz&b=1;2&c=x+y%2B'), 'c=x+y%2B')
    assert.equal(reencodeQuery('x=~*'), 'x=~%2A')
    assert.deepEqual(parseQuery('a=b=c&&d'), [
      ['a', 'b=c'],
      ['d', ''],
    ])
    assert.equal(encodeQuery([['k', 'ä ']]), 'k=%C3%A4+')
  })

  test('paths are cleaned as ServeMux does and dot segments found', () => {
    assert.equal(cleanPath('//a///b/../c/'), '/a/c/')
    assert.equal(cleanPath('/a/.'), '/a/')
    assert.equal(cleanPath('/'), '/')
    for (const path of ['/a/../b', '/..', '/a/.', '/./a']) assert.ok(hasDotSegment(path), path)
    for (const path of ['/a/..b', '/.well-known/x', '/a...', '/a/.../b']) {
      assert.ok(!hasDotSegment(path), path)
    }
  })
})
