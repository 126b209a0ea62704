import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Command, ready } from './command.ts'
import { ask, bearer, graph, login, open, raw, type Answer } from './http.ts'

let server: Command
let url: string
let token: string

before(async () => {
  server = Command.main(['start', '--port', '0', '--no-demo'])
  const banner = await ready(server)
  url = banner.url
  token = await login(url, 'admin', banner.password)
})

after(async () => {
  await alive()
  const { code, stderr } = await server.stop('SIGINT')
  assert.equal(code, 0, stderr)
  // Progress lines are all that it may have said.
  assert.doesNotMatch(stderr, /"level":(?:50|60)|Unhandled|^ {4}at /m)
})

/** Whatever a test did, the same process goes on answering. */
async function alive(): Promise<void> {
  assert.ok(server.running, server.stderr)
  const { status, text } = await ask(`${url}/healthz`)
  assert.deepEqual([status, text], [200, 'ok'])
}

beforeEach(alive)

const templates = '/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates'
const configMaps = '/api/v1/namespaces/default/configmaps'

function send(path: string, body: string, type = 'application/json'): Promise<Answer> {
  const headers = { ...bearer(token), 'content-type': type }
  return ask(`${url}${path}`, { method: 'POST', headers, body })
}

function get(path: string, headers: Record<string, string> = bearer(token)): Promise<Answer> {
  return ask(`${url}${path}`, { headers })
}

/** A GET whose target goes out as it is written here. */
function target(path: string): Promise<string> {
  const head = `Host: x\r\nAuthorization: Bearer ${token}\r\nConnection: close`
  return raw(url, Buffer.from(`GET ${path} HTTP/1.1\r\n${head}\r\n\r\n`, 'latin1'))
}

interface Status {
  kind: string
  reason: string
  code: number
}

describe('a request without sense gets its status and a body of the face that it asked', () => {
  it('credentials that are none are a Status 401 on REST and UNAUTHENTICATED on the graph', async () => {
    for (const authorization of ['Bearer nonsense', 'Bearer a.b.c', 'Basic %%%', 'Magic wand']) {
      for (const path of ['/kapis/iam.kubesphere.io/v1beta1/users', '/api/v1/namespaces']) {
        const { status, type, text } = await get(path, { authorization })
        assert.deepEqual([status, type], [401, 'application/json'], `${authorization} ${path}`)
        const { kind, reason, code } = JSON.parse(text) as Status
        assert.deepEqual([kind, reason, code], ['Status', 'Unauthorized', 401])
      }
      const headers = { authorization, 'content-type': 'application/json' }
      const body = '{"query":"{ me { name } }"}'
      const { status, text } = await ask(`${url}/graphql`, { method: 'POST', headers, body })
      assert.equal(status, 401, authorization)
      assert.match(text, /"code":"UNAUTHENTICATED"/)
    }
  })

  it('bodies that are no JSON, or of another shape, are 400', async () => {
    for (const body of [
      '{"metadata":',
      'nonsense',
      '',
      '[]',
      'null',
      '7',
      '{"metadata":{"name":5}}',
    ]) {
      const { status, type, text } = await send(templates, body)
      assert.deepEqual([status, type], [400, 'text/plain'], `${body}: ${text}`)
      assert.ok(text.trim().length > 2, body)
    }
    const passed = await send(configMaps, '{"metadata":')
    assert.equal(passed.status, 400)
    assert.equal((JSON.parse(passed.text) as Status).reason, 'BadRequest')
    for (const body of ['{"query":', '[1,2]', '{}', '{"query":7}', '"x"']) {
      const { status, text } = await send('/graphql', body)
      assert.equal(status, 400, `${body}: ${text}`)
      assert.match(text, /^\{"errors":\[\{"message":/)
    }
  })

  it('content types that nobody reads are 400 or 415, as each face says it', async () => {
    const rest = await send(templates, 'a,b', 'text/csv')
    assert.deepEqual([rest.status, rest.type], [400, 'text/plain'])
    assert.match(rest.text, /Unable to unmarshal content of type:text\/csv/)
    const passed = await send(configMaps, 'a,b', 'text/csv')
    assert.deepEqual([passed.status, passed.type], [415, 'application/json'])
    const asked = await send('/graphql', '{ me { name } }', 'text/plain')
    assert.deepEqual([asked.status, asked.type], [415, 'application/json'])
    assert.match(asked.text, /"code":"UNSUPPORTED_MEDIA_TYPE"/)
  })

  it('kinds, groups and paths that do not exist are 404', async () => {
    for (const path of [
      '/kapis/resources.kubesphere.io/v1alpha3/unicorns',
      '/kapis/farm.example/v1/unicorns',
      '/apis/farm.example/v1/unicorns',
      '/api/v1/unicorns',
      '/nowhere',
    ]) {
      const { status, text } = await get(path)
      assert.equal(status, 404, `${path}: ${text}`)
      assert.ok(text.length > 0)
    }
    const kind = { group: 'farm.example', version: 'v1', kind: 'Unicorn' }
    const query = 'query ($kind: KindRef!) { resources(kind: $kind, first: 1) { nodes { yaml } } }'
    const { codes, text } = await graph(url, token, query, { kind })
    assert.equal(codes.length, 1, text)
    assert.match(String(codes[0]), /NOT_FOUND|BAD_USER_INPUT|KIND/, text)
  })

  it('documents that do not parse, fields that do not exist and variables of another type have codes', async () => {
    const users = 'query ($n: Int!) { users(first: $n) { nodes { name } } }'
    const table: [string, object, string][] = [
      ['{ me {', {}, 'GRAPHQL_PARSE_FAILED'],
      ['{ me { shoeSize } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
      ['mutation { explode }', {}, 'GRAPHQL_VALIDATION_FAILED'],
      [users, { n: 'many' }, 'BAD_USER_INPUT'],
      [users, {}, 'BAD_USER_INPUT'],
      [users, { n: -1 }, 'BAD_USER_INPUT'],
    ]
    for (const [query, variables, code] of table) {
      const { codes, text } = await graph(url, token, query, variables)
      assert.deepEqual(codes, [code], `${query}: ${text}`)
      assert.doesNotMatch(text, /stacktrace|node_modules/)
    }
    const accept = { accept: 'application/graphql-response+json' }
    const headers = { ...bearer(token), ...accept, 'content-type': 'application/json' }
    const body = JSON.stringify({ query: '{ me {' })
    const { status } = await ask(`${url}/graphql`, { method: 'POST', headers, body })
    assert.equal(status, 400, 'the media type of its own lets the status speak')
  })

  it('methods that a path does not have are 405 with those that it has', async () => {
    const graphAnswer = await ask(`${url}/graphql`, { method: 'PUT', headers: bearer(token) })
    assert.deepEqual([graphAnswer.status, graphAnswer.headers.get('allow')], [405, 'GET, POST'])
    const rest = await ask(`${url}${templates}`, { method: 'PUT', headers: bearer(token) })
    assert.equal(rest.status, 405)
    assert.match(rest.headers.get('allow') ?? '', /POST/)
  })
})

describe('sizes have bounds', () => {
  it('a body over the limit is 413 on every way in', async () => {
    const large = 'x'.repeat(5 * 1024 * 1024)
    const json = JSON.stringify({ a: large })
    const ways: [string, string, string?][] = [
      [templates, json],
      ['/kapis/iam.kubesphere.io/v1beta1/users', json],
      ['/kapis/cluster.kubesphere.io/v1alpha1/labels', json],
      ['/graphql', JSON.stringify({ query: `# ${large}` })],
      [configMaps, JSON.stringify({ data: { large } })],
      ['/oauth/token', `a=${large}`, 'application/x-www-form-urlencoded'],
    ]
    for (const [path, body, type] of ways) {
      const { status, text } = await send(path, body, type)
      assert.equal(status, 413, `${path}: ${text.slice(0, 200)}`)
      assert.match(text, /too large/i, path)
    }
  })

  it('a head of what Go takes passes, one beyond a mebibyte is 431', async () => {
    const selector = encodeURIComponent(`a in (${'b,'.repeat(20_000)}b)`)
    const long = await target(
      `/kapis/resources.kubesphere.io/v1alpha3/namespaces?labelSelector=${selector}`,
    )
    assert.match(long, /^HTTP\/1\.1 200 /)
    const cookie = `Cookie: ${'c'.repeat(1_100_000)}`
    const refused = await raw(url, `GET /healthz HTTP/1.1\r\nHost: x\r\n${cookie}\r\n\r\n`)
    assert.match(refused, /^HTTP\/1\.1 431 .*\r\n\r\n431 Request Header Fields Too Large$/s)
    assert.match(await target(`/${'p'.repeat(1_100_000)}`), /^HTTP\/1\.1 431 /)
    assert.match(await target(`/${'p'.repeat(200_000)}`), /^HTTP\/1\.1 404 /)
  })
})

describe('paths are what they are judged as', () => {
  for (const [what, paths] of Object.entries({
    'broken percent escapes': ['/api/v1/namespaces/%zz', '/kapis/x/%', '/oauth/%e'],
    'bytes that are no text': [
      '/healthz%00',
      '/api/v1/namespaces/a%00b',
      '/graphql%00',
      '/api/\0v1',
    ],
    'dot segments': [
      '/api/v1/../v1/namespaces',
      '/healthz/../api/v1/secrets',
      '/api/v1/namespaces/%2e%2e/secrets',
      '/kapis/resources.kubesphere.io/v1alpha3/../../secrets',
      '/dist/../../etc/passwd',
    ],
    'targets that are no path': ['api/v1', '/api/v1/namespaces/\u00e9 x'],
  })) {
    it(`${what} are 400`, async () => {
      for (const path of paths) {
        const answer = await target(path)
        assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/, JSON.stringify(path))
        assert.match(answer, /content-type: text\/plain; charset=utf-8\r\n/i, path)
        assert.match(answer, /\r\n\r\n.+/s, `${path} has a body`)
      }
    })
  }

  it('dot segments and double slashes lead no stranger past the authorizer', async () => {
    for (const path of [
      '//api/v1/secrets',
      '/graphql/../api/v1/secrets',
      '/healthz//../api/v1/secrets',
    ]) {
      const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      assert.match(answer, /^HTTP\/1\.1 (?:307|40[0134]) /, path)
      assert.doesNotMatch(answer, /SecretList/)
    }
  })
})

describe('connections that do not speak HTTP, or not to the end', () => {
  it('garbage is 400 and the end of that connection', async () => {
    const body = `POST ${configMaps} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`
    for (const bytes of [
      'hello\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET /healthz HTTP/1.1\r\n\r\n',
      'GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
      `${body}Content-Length: many\r\n\r\n`,
      `${body}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${body}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`,
    ]) {
      const answer = await raw(url, bytes)
      assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/, JSON.stringify(bytes))
      assert.match(answer, /\r\n\r\n400 Bad Request/, JSON.stringify(bytes))
    }
    const tunnel = await raw(url, 'CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n')
    assert.match(tunnel, /^HTTP\/1\.1 405 Method Not Allowed\r\n/)
  })

  it('a client that has said everything and closed its side still gets its answer', async () => {
    const socket = await open(url)
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.end('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'close')
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n.*ok$/s)
  })

  it('clients that stop half-way, or vanish, hold up nobody', async () => {
    const head = `Host: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
    const starts = [
      '',
      'GET /hea',
      `POST /graphql HTTP/1.1\r\n${head}Content-Length: 500\r\n\r\n{"query"`,
      `POST ${configMaps} HTTP/1.1\r\n${head}Content-Length: 500\r\n\r\n{"kind"`,
      `POST ${templates} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"kin`,
    ]
    const sockets = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const socket = await open(url)
        socket.write(starts[index % starts.length] ?? '')
        return socket
      }),
    )
    await alive()
    assert.equal((await get(configMaps)).status, 200)
    for (const [index, socket] of sockets.entries()) {
      if (index % 2) socket.resetAndDestroy()
      else socket.destroy()
    }
    await alive()
    const { status, data } = await graph(url, token, '{ me { name } }')
    assert.deepEqual([status, data], [200, { me: { name: 'admin' } }])
  })
})
