import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync, deflateSync, deflateRawSync } from 'node:zlib'
import { ApiError, forbidden, unauthorized } from '../../gateway/lib/errors.ts'
import { goJson, indentJson } from '../../gateway/lib/go-json.ts'
import type { Reply } from '../../rest-compat/routes/registry.ts'
import {
  emptyObjectError,
  goQuote,
  internalError,
  json,
  kubeListReply,
  listOf,
  listReply,
  notAcceptable,
  proxyFailure,
  rawStatus,
  readEntity,
  routerError,
  statusReply,
  textError,
} from '../../rest-compat/wire/index.ts'

const bodyOf = ({ body }: Reply): string => (typeof body === 'string' ? body : '')

const view = (accept?: string, userAgent = 'Go-http-client/1.1', query = '') => ({
  accept,
  userAgent,
  query: new URLSearchParams(query),
})

describe('success bodies', () => {
  test('JSON is indented by one space, HTML-safe, without a newline at the end', () => {
    const { body, headers } = json({ a: '<&>\u2028', b: [], c: {}, d: [1, { e: null }] })
    assert.equal(
      body,
      '{\n "a": "\\u003c\\u0026\\u003e\\u2028",\n "b": [],\n "c": {},\n "d": [\n  1,\n  {\n   "e": null\n  }\n ]\n}',
    )
    assert.deepEqual(headers, { 'content-type': 'application/json' })
  })

  test('a nil result has neither body nor Content-Type', () => {
    assert.deepEqual(json(undefined), { status: 200 })
    assert.deepEqual(json(null), { status: 200 })
  })

  test('text that is already JSON is laid out as if it had been parsed', () => {
    const values = [
      { a: ['x"\\', '\\"', ' {[,:]} '], b: { c: -1.5e-7, d: true, '': '' }, e: [[], {}, [[1]]] },
      'plain',
      12,
      [],
    ]
    for (const value of values) {
      assert.equal(indentJson(JSON.stringify(value), 1), goJson(value, 1))
      assert.equal(indentJson(JSON.stringify(value, null, 3), 2), goJson(value, 2))
    }
  })

  test('numbers and duplicate keys of cached text survive', () => {
    assert.equal(
      indentJson('{"n":9007199254740993,"n":1}', 1),
      '{\n "n": 9007199254740993,\n "n": 1\n}',
    )
  })

  test('lists put serialized items into the envelope', () => {
    const value = { items: [{ a: 1 }, { b: [2] }], totalItems: 7 }
    assert.equal(listReply(['{"a":1}', '{"b":[2]}'], 7).body, goJson(value, 1))
    assert.equal(listReply([], 0).body, goJson({ items: [], totalItems: 0 }, 1))
    assert.equal(listReply(null, 0).body, goJson({ items: null, totalItems: 0 }, 1))
    assert.equal(listOf([{ a: 1 }], 1).body, goJson({ items: [{ a: 1 }], totalItems: 1 }, 1))
  })

  test('Kubernetes lists sort their keys when they carry a kind', () => {
    const metadata = { continue: '3', resourceVersion: '9' }
    assert.equal(
      kubeListReply({ apiVersion: 'a/v1', kind: 'FooList', metadata }, ['{"x":1}']).body,
      goJson({ apiVersion: 'a/v1', items: [{ x: 1 }], kind: 'FooList', metadata }, 1),
    )
    assert.equal(
      kubeListReply({ metadata }, ['{"x":1}']).body,
      goJson({ metadata, items: [{ x: 1 }] }, 1),
    )
  })
})

describe('error forms', () => {
  test('A: a Status, compact with a newline', () => {
    const reply = statusReply(unauthorized('token not found in cache'), view('application/json'))
    assert.equal(reply.status, 401)
    assert.deepEqual(reply.headers, { 'content-type': 'application/json' })
    assert.equal(
      reply.body,
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"token not found in cache","reason":"Unauthorized","code":401}\n',
    )
  })

  test('A: 403 adds details and nosniff', () => {
    const error = forbidden('users.iam.kubesphere.io "bob" is forbidden', {
      kind: 'users',
      group: 'iam.kubesphere.io',
      name: 'bob',
    })
    const reply = statusReply(error, view())
    assert.equal(reply.headers?.['x-content-type-options'], 'nosniff')
    assert.match(
      bodyOf(reply),
      /"details":\{"name":"bob","group":"iam.kubesphere.io","kind":"users"\},"code":403\}\n$/,
    )
    assert.match(bodyOf(statusReply(forbidden('x'), view())), /"details":\{\},"code":403/)
  })

  test('A: curl, browsers and ?pretty get two spaces and no newline', () => {
    const error = unauthorized('no')
    const pretty = '{\n  "kind": "Status",'
    for (const agent of ['curl/8', 'Wget/1', 'Mozilla/5.0 (X11)']) {
      const body = bodyOf(statusReply(error, view(undefined, agent)))
      assert.ok(body.startsWith(pretty) && body.endsWith('}'))
    }
    assert.ok(bodyOf(statusReply(error, view('*/*', 'x', 'pretty=true'))).startsWith(pretty))
    assert.ok(bodyOf(statusReply(error, view('*/*', 'curl/8', 'pretty=0'))).endsWith('}\n'))
    assert.ok(bodyOf(statusReply(error, view('application/json;pretty=1'))).startsWith(pretty))
    assert.ok(bodyOf(statusReply(error, view('text/html'))).startsWith(pretty))
  })

  test('A: the first acceptable clause decides; YAML has sorted keys', () => {
    const error = unauthorized('no')
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io, application/json'
    assert.equal(statusReply(error, view(table)).headers?.['content-type'], 'application/json')
    const yaml = statusReply(error, view('application/yaml'))
    assert.equal(yaml.headers?.['content-type'], 'application/yaml')
    assert.equal(
      yaml.body,
      'apiVersion: v1\ncode: 401\nkind: Status\nmessage: no\nmetadata: {}\nreason: Unauthorized\nstatus: Failure\n',
    )
  })

  test('A: long lines of YAML are broken where Go breaks them', () => {
    const message =
      'workspaces.tenant.kubesphere.io is forbidden: User "system:anonymous" cannot list resource "workspaces" in API group'
    const yaml = bodyOf(statusReply(unauthorized(message), view('application/yaml')))
    const recorded = /message: '([^']*)'/.exec(yaml)?.[1]
    assert.equal(recorded, message.replace('cannot list', 'cannot\n  list'))
  })

  test('A: protobuf is what kube-apiserver 1.36 writes, byte for byte', () => {
    const error = new ApiError(404, 'NotFound', 'pods "nope" not found', {
      details: { name: 'nope', kind: 'pods' },
    })
    const typed = 'application/vnd.kubernetes.protobuf'
    const reply = statusReply(error, view(`${typed},application/json`, 'curl/8'))
    assert.equal(reply.headers?.['content-type'], typed)
    const recorded = [
      '6b3873000a0c0a027631120653746174757312490a060a0012001a0012074661696c7572651a15706f6473',
      '20226e6f706522206e6f7420666f756e6422084e6f74466f756e642a120a046e6f706512001a04706f6473',
      '280032003094031a002200',
    ]
    assert.equal((reply.body as Buffer).toString('hex'), recorded.join(''))
    const invalid = new ApiError(422, 'Invalid', 'm', {
      details: { causes: [{ reason: 'FieldValueInvalid', message: 'bad', field: 'spec' }] },
    })
    const { body } = statusReply(invalid, view(typed))
    // Strings of protobuf: a tag and a length before each.
    assert.ok(
      (body as Buffer).includes('FieldValueInvalid\u0012\u0003bad\u001a\u0004spec', 'latin1'),
    )
  })

  test('B: the Status under ErrStatus', () => {
    assert.equal(
      rawStatus(400, 'BadRequest', 'cluster foo not exists').body,
      '{\n  "ErrStatus": {\n    "metadata": {},\n    "status": "Failure",\n    "message": "cluster foo not exists",\n    "reason": "BadRequest",\n    "code": 400\n  }\n}',
    )
    const failure = proxyFailure('dial tcp 127.0.0.1:1: connect: connection refused')
    assert.equal(failure.status, 502)
    assert.equal(
      failure.body,
      '{\n  "ErrStatus": {\n    "metadata": {},\n    "message": "Error while proxying request: dial tcp 127.0.0.1:1: connect: connection refused",\n    "reason": "Bad Gateway",\n    "code": 502\n  }\n}',
    )
  })

  test('C: internal errors quote the request target', () => {
    const reply = internalError('/api/v1/watch?a="b"&c', 'bad <thing>')
    assert.equal(reply.status, 500)
    assert.equal(
      reply.body,
      'Internal Server Error: "/api/v1/watch?a=\\"b\\"&amp;c": bad &lt;thing&gt;\n',
    )
    assert.equal(goQuote('a\u0001\n'), '"a\\x01\\n"')
  })

  test('D: handler errors are escaped text with a newline', () => {
    const reply = textError(new ApiError(409, 'Conflict', 'a "b" <c>'))
    assert.equal(reply.status, 409)
    assert.equal(reply.body, 'a "b" &lt;c&gt;\n')
    assert.deepEqual(reply.headers, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    assert.equal(textError(new Error('plain')).status, 500)
    assert.equal(textError(new Error('plain'), 400).status, 400)
  })

  test('E: router errors have no newline', () => {
    assert.equal(routerError(404).body, '404: Page Not Found')
    assert.equal(routerError(405, ['GET', 'POST']).headers?.['allow'], 'GET, POST')
    assert.equal(
      notAcceptable(['application/json', 'application/json']).body,
      '406: Not Acceptable\n\nAvailable representations: application/json, application/json',
    )
  })

  test('F: an empty object', () => {
    assert.deepEqual(emptyObjectError(), {
      status: 503,
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
  })
})

describe('request entities', () => {
  const type = (contentType: string, encoding?: string) => ({
    'content-type': contentType,
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  })
  const bytes = (text: string): Uint8Array => Buffer.from(text)
  const refused =
    (message: string, code = 400) =>
    (error: unknown) =>
      error instanceof ApiError && error.code === code && error.message === message

  test('JSON types are read by name or by substring, the rest of the body ignored', async () => {
    for (const name of [
      'application/json',
      'application/json; charset=utf-8',
      'application/merge-patch+json',
      'application/json-patch+json',
    ]) {
      assert.deepEqual(await readEntity(type(name), bytes('{"a":1} trailing')), { a: 1 })
    }
  })

  test('other types, empty and broken bodies are refused in the words of the original', async () => {
    await assert.rejects(
      readEntity({}, bytes('{}')),
      refused('[ServiceError:400] Unable to unmarshal content of type:'),
    )
    await assert.rejects(
      readEntity(type('text/plain'), bytes('{}')),
      refused('[ServiceError:400] Unable to unmarshal content of type:text/plain'),
    )
    for (const [text, message] of [
      ['', 'EOF'],
      ['  ', 'EOF'],
      ['{', 'unexpected EOF'],
      ['{"a":}', "invalid character '}' looking for beginning of value"],
      ['xyz', "invalid character 'x' looking for beginning of value"],
      ['{"a" 1}', "invalid character '1' after object key"],
      ['[1 2]', "invalid character '2' after array element"],
      ['nul1', "invalid character '1' in literal null (expecting 'l')"],
      ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
      ['"a\tb"', "invalid character '\\t' in string literal"],
      [String.raw`"\x"`, "invalid character 'x' in string escape code"],
    ] as const) {
      await assert.rejects(readEntity(type('application/json'), bytes(text)), refused(message))
    }
  })

  test('gzip and deflate are undone, within a bound', async () => {
    const body = bytes('{"a":1}')
    for (const [encoding, packed] of [
      ['gzip', gzipSync(body)],
      ['deflate', deflateSync(body)],
      ['deflate', deflateRawSync(body)],
    ] as const) {
      assert.deepEqual(await readEntity(type('application/json', encoding), packed), { a: 1 })
    }
    const bomb = gzipSync(Buffer.alloc(1024 * 1024, 32))
    await assert.rejects(
      readEntity(type('application/json', 'gzip'), bomb, 1024),
      refused('http: request body too large', 413),
    )
    await assert.rejects(
      readEntity(type('application/json', 'gzip'), body),
      refused('gzip: invalid header'),
    )
  })
})
