import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createRouter } from '../../rest-compat/router.ts'
import type { Match } from '../../rest-compat/router.ts'
import type { RouteRow } from '../../rest-compat/routes/registry.ts'

function row(method: RouteRow['method'], path: string, more: Partial<RouteRow> = {}): RouteRow {
  return {
    method,
    path,
    operation: more.operation ?? `${method} ${path}`,
    summary: '',
    tags: [],
    sample: path,
    handler: () => ({ status: 200 }),
    ...more,
  }
}

function answer(match: Match): string {
  if (match.kind === 'row') return match.row.operation
  if (match.kind === 'reply') return (match.reply.body as string).split('\n')[0] ?? ''
  return 'none'
}

const router = createRouter([
  row('GET', '/k/{resources}'),
  row('GET', '/k/{resources}/{name}'),
  row('GET', '/k/metrics'),
  row('GET', '/k/namespaces/{namespace}/{resources}'),
  row('GET', '/k/namespaces/{namespace}/metrics'),
  row('PUT', '/k/{kind}/{id}'),
  row('POST', '/k/form', { consumes: ['application/x-www-form-urlencoded', 'application/json'] }),
  row('GET', '/files/{path:*}'),
  row('GET', '/num/{id:[0-9]+}'),
  row('GET', '/twice', { operation: 'first' }),
  row('GET', '/twice', { operation: 'second' }),
  row('GET', '/ping', { mux: true }),
])
const ask = (method: string, path: string, headers = {}): string =>
  answer(router.match(method, path, headers))

describe('route choice', () => {
  test('more literal segments win', () => {
    assert.equal(ask('GET', '/k/metrics'), 'GET /k/metrics')
    assert.equal(ask('GET', '/k/pods'), 'GET /k/{resources}')
    assert.equal(ask('GET', '/k/namespaces/n/metrics'), 'GET /k/namespaces/{namespace}/metrics')
    assert.equal(ask('GET', '/k/namespaces/n/pods'), 'GET /k/namespaces/{namespace}/{resources}')
    assert.equal(ask('GET', '/k/namespaces/n'), 'GET /k/{resources}/{name}')
  })

  test('a trailing slash is ignored', () => {
    assert.equal(ask('GET', '/k/metrics/'), 'GET /k/metrics')
  })

  test('parameters are given by the names of the chosen row', () => {
    const match = router.match('PUT', '/k/users/bob', {})
    assert.deepEqual(match.kind === 'row' && match.params, { kind: 'users', id: 'bob' })
    const rest = router.match('GET', '/files/a/b/c', {})
    assert.deepEqual(rest.kind === 'row' && rest.params, { path: 'a/b/c' })
  })

  test('parameter patterns decide whether a template fits', () => {
    assert.equal(ask('GET', '/num/12'), 'GET /num/{id:[0-9]+}')
    assert.equal(ask('GET', '/num/x'), 'none')
  })

  test('of two rows with the same method and path the first answers', () => {
    assert.equal(ask('GET', '/twice'), 'first')
  })

  test('a path that no template fits is left to others', () => {
    assert.equal(ask('GET', '/k/a/b/c/d'), 'none')
    assert.equal(ask('GET', '/'), 'none')
  })
})

describe('router errors, in this order', () => {
  test('405 lists the methods of all fitting templates; HEAD is not GET', () => {
    for (const method of ['DELETE', 'HEAD', 'OPTIONS']) {
      const match = router.match(method, '/k/users/bob', {})
      assert.equal(match.kind === 'reply' && match.reply.status, 405)
      assert.equal(match.kind === 'reply' && match.reply.headers?.['allow'], 'GET, PUT')
    }
  })

  test('415 for a body type that the route does not take, a missing one included', () => {
    const type = (value: string) => ({ 'content-type': value })
    assert.equal(ask('POST', '/k/form', type('application/json; charset=utf-8')), 'POST /k/form')
    assert.equal(ask('POST', '/k/form', type('text/plain')), '415: Unsupported Media Type')
    assert.equal(ask('POST', '/k/form'), '415: Unsupported Media Type')
  })

  test('406 names what every candidate offers', () => {
    const match = router.match('GET', '/twice', { accept: 'text/plain' })
    assert.equal(
      match.kind === 'reply' && match.reply.body,
      '406: Not Acceptable\n\nAvailable representations: application/json, application/json',
    )
    const accepted = [
      '*/*',
      'application/json',
      'text/html, */*;q=0.1',
      'application/json;as=Table',
    ]
    for (const accept of accepted) assert.equal(ask('GET', '/twice', { accept }), 'first')
    assert.equal(ask('GET', '/twice', { accept: 'application/*' }), '406: Not Acceptable')
  })

  test('an exact path answers any method, without its trailing slash only', () => {
    assert.equal(ask('POST', '/ping'), 'GET /ping')
    assert.equal(ask('HEAD', '/ping', { accept: 'image/png' }), 'GET /ping')
    assert.equal(ask('GET', '/ping/'), 'none')
  })
})
