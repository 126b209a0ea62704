import assert from 'node:assert/strict'
import { on, once } from 'node:events'
import { PassThrough } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { ask, bearer, eventually, login } from '../e2e/http.ts'
import { startTestPlane } from '../env/plane.ts'
import { APISERVICES } from '../graphql/extension/start.ts'
import { apiService } from '../rest/extensions.ts'
import { upstream, type Upstream } from '../rest/support.ts'
import { cluster, CLUSTERS } from '../rest/two-clusters.ts'
import { startCollector, tree, type Collected, type Collector } from './collector.ts'

const PASSWORD = 'Pa55word-of-traces'
const SECRET = 'secret-that-signs-tokens'
const HIDDEN = 'hidden-in-a-secret'
const QUERIED = 'queried-by-label'

/** The trace and the span that a caller has. */
const caller = (trace: string, flags = '01') => ({
  traceparent: `00-${trace.padStart(32, '0')}-b7ad6b7169203331-${flags}`,
})
const traceOf = (trace: string) => trace.padStart(32, '0')

interface Line {
  readonly requestId?: string
  readonly trace?: string
  readonly msg: string
  readonly parts?: Record<string, number>
}

describe('a host, a member and an extension that are traced', () => {
  let plane: Plane
  let collector: Collector
  let extension: Upstream
  let host: Facade
  let member: Facade
  let token: string
  let logged = ''
  let spans: readonly Collected[] = []
  const seen = { socket: [] as string[] }

  const lines = () =>
    logged
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
  const get = (path: string, headers: Record<string, string> = {}) =>
    ask(host.server.url + path, { headers: { ...bearer(token), ...headers } })
  const graph = (query: string, variables: object, headers: Record<string, string>) =>
    ask(`${host.server.url}/graphql`, {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    })

  function start(role: 'host' | 'member'): Promise<Facade> {
    const destination = new PassThrough().setEncoding('utf8')
    destination.on('data', (text: string) => (logged += text))
    const config = defaultConfig({
      kubernetes: { kubeconfig: plane.kubeconfigPath },
      server: { bindAddress: '127.0.0.1', insecurePort: 0 },
      multicluster: { clusterRole: role, hostClusterName: 'host' },
      authentication: {
        multipleLogin: true,
        issuer: { jwtSecret: SECRET, ...(role === 'member' ? { accessTokenMaxAgeMs: 0 } : {}) },
      },
      facade: {
        slowRequestMs: 1,
        // Only what a caller records.
        tracing: { endpoint: collector.url, sampleRatio: 0, serviceName: role },
      },
    })
    const log = createLogger({ level: 'debug', destination })
    if (role === 'member') return startFacade(config, { log })
    return startFacade(config, {
      log,
      reconcile: async (clusters) => {
        await seed(clusters.host.client, { demo: false, adminPassword: PASSWORD, log })
        const access = (name: string) => clusters.access(name)
        return startControllers({ host: clusters.host, log, now: Date.now, config, access })
      },
    })
  }

  before(async () => {
    collector = await startCollector()
    extension = await upstream()
    plane = await startTestPlane({ nodes: 0 })
    host = await start('host')
    member = await start('member')
    token = await login(host.server.url, 'admin', PASSWORD)
    const { client } = host.app.clusters.host
    await client.create(CLUSTERS, cluster('member', { kubesphereAPIEndpoint: member.server.url }))
    await client.create(APISERVICES, apiService(extension.url))
    await client.create({ group: '', version: 'v1', resource: 'secrets' } as const, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hidden', namespace: 'default' },
      stringData: { key: HIDDEN },
    })
    await eventually(
      'the member and the extension are known',
      async () => [
        (await get('/clusters/member/version')).status,
        (await get('/kapis/ext.io/v1/things')).status,
      ],
      (statuses) => statuses.every((status) => status === 200),
    )
  })

  after(async () => {
    await member?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
    await plane?.[Symbol.asyncDispose]()
    await extension?.[Symbol.asyncDispose]()
    await collector?.[Symbol.asyncDispose]()
  })

  test('requests of both faces are answered, and carry one id to whom they ask', async () => {
    const list = await get(`/kapis/iam.kubesphere.io/v1beta1/users?labelSelector=${QUERIED}`, {
      ...caller('1'),
      'x-request-id': 'list-1',
    })
    assert.equal(list.status, 200)
    assert.equal(list.headers.get('x-request-id'), 'list-1')

    const passed = await get('/api/v1/namespaces/default/configmaps?limit=5', caller('2'))
    assert.equal(passed.status, 200)
    assert.match(passed.headers.get('audit-id') ?? '', /^[\da-f-]{36}\.1$/)

    const secret = await get('/api/v1/namespaces/default/secrets/hidden', caller('3'))
    assert.match(secret.text, new RegExp(Buffer.from(HIDDEN).toString('base64')))

    const hop = await get('/clusters/member/api/v1/namespaces/default/configmaps', {
      ...caller('4'),
      'x-request-id': 'hop-4',
    })
    assert.equal(hop.status, 200)

    assert.equal((await get('/kapis/ext.io/v1/things', caller('5'))).status, 200)
    const untraced = extension.seen.find(({ headers }) => headers['traceparent'] === undefined)
    assert.ok(untraced && !('x-request-id' in untraced.headers), 'as from the original')
    const told = extension.seen.at(-1)?.headers
    assert.match(String(told?.['x-request-id']), /^[\da-f-]{36}$/)
    assert.match(String(told?.['traceparent']), new RegExp(`^00-${traceOf('5')}-[\\da-f]{16}-01$`))

    const many = await graph(
      `query Many($hidden: String!) {
        me { name }
        configMaps(first: 2) { nodes { metadata { name } } }
        secret(namespace: "default", name: $hidden) { data }
        other: secret(cluster: "member", namespace: "default", name: $hidden) { data }
      }`,
      { hidden: 'hidden' },
      { ...caller('6'), 'x-request-id': 'graph-6' },
    )
    assert.equal(many.headers.get('x-request-id'), 'graph-6')
    assert.equal((JSON.parse(many.text) as { errors?: unknown }).errors, undefined, many.text)
    assert.match(many.text, new RegExp(Buffer.from(HIDDEN).toString('base64')))

    const loggedIn = await ask(`${host.server.url}/oauth/token`, {
      method: 'POST',
      headers: caller('7'),
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: 'kubesphere',
        client_secret: 'kubesphere',
        username: 'admin',
        password: PASSWORD,
      }),
    })
    assert.equal(loggedIn.status, 200)

    const stranger = await ask(`${host.server.url}/kapis/iam.kubesphere.io/v1beta1/users`, {
      headers: { authorization: 'Bearer forged-token', 'x-request-id': 'stranger-8' },
    })
    assert.equal(stranger.status, 401)
    assert.equal(stranger.headers.get('x-request-id'), 'stranger-8')

    await get('/kapis/iam.kubesphere.io/v1beta1/users', caller('9', '00'))
  })

  test('operations of a socket have ids of their own', async (t) => {
    const socket = new WebSocket(
      `${host.server.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      { headers: { 'x-request-id': 'socket', ...caller('10') } },
    )
    await once(socket, 'open')
    const messages = on(socket, 'message', { signal: t.signal })
    const next = async (): Promise<string> => {
      const { value } = (await messages.next()) as { value: [Buffer] }
      return value[0].toString()
    }
    const send = (message: object) => socket.send(JSON.stringify(message))
    send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    assert.match(await next(), /connection_ack/)
    for (const id of ['1', '2']) {
      const query = 'mutation { renewSession(token: "forged") { __typename } }'
      send({ id, type: 'subscribe', payload: { query } })
      const answer = await next()
      const [, requestId = ''] = /"requestId":"([^"]+)"/.exec(answer) ?? []
      assert.match(requestId, /^[\da-f-]{36}$/, answer)
      seen.socket.push(requestId)
      assert.match(await next(), /"complete"/)
    }
    assert.notEqual(seen.socket[0], seen.socket[1])
    send({
      id: '3',
      type: 'subscribe',
      payload: { query: 'subscription { schemaChanged { hash } }' },
    })
    assert.match(await next(), /"next"/)
    socket.close()
    await once(socket, 'close')
  })

  test('every line of a request has its id, before it is known who asks too', async () => {
    const access = async (path: string) =>
      eventually(
        `the line of ${path}`,
        async () => lines().filter(({ msg }) => msg.includes(path)),
        (found) => found.length > 0,
      )
    const refused = (await access('/v1beta1/users HTTP/1.1" 401')).map(({ requestId }) => requestId)
    assert.deepEqual(refused, ['stranger-8'])
    const hop = await access('/api/v1/namespaces/default/configmaps HTTP/1.1" 200')
    assert.equal(hop.filter(({ requestId }) => requestId === 'hop-4').length, 2, 'host and member')
    assert.ok(lines().some(({ trace }) => trace === traceOf('6')))
  })

  test('a slow request is told with what it spent its time on', async () => {
    const slow = await eventually(
      'lines of slow requests',
      async () => lines().filter(({ msg }) => msg === 'a slow request'),
      (found) => found.some(({ parts }) => parts?.['upstream'] !== undefined),
    )
    for (const { requestId } of slow) assert.ok(requestId)
    assert.ok(slow.some(({ parts }) => parts?.['authentication'] !== undefined))
  })

  test('the collector has the tree of each trace, and one trace runs through host and member', async () => {
    await host[Symbol.asyncDispose]()
    await member[Symbol.asyncDispose]()
    spans = collector.spans
    const configMaps = 'GET /api/{version}/namespaces/{namespace}/{resource}'
    const authorized = ['  host: authentication', '  host: authorization']
    assert.deepEqual(tree(spans, traceOf('1')), [
      'host: GET /kapis/iam.kubesphere.io/v1beta1/users',
      '  host: ListUsers',
      ...authorized,
    ])
    assert.deepEqual(tree(spans, traceOf('2')), [
      `host: ${configMaps}`,
      `  host: ${configMaps}`,
      ...authorized,
    ])
    assert.deepEqual(tree(spans, traceOf('4')), [
      'host: GET /clusters/{cluster}/api/{version}/namespaces/{namespace}/{resource}',
      '  host: GET /clusters/{cluster}/api/{version}/namespaces/{namespace}/{resource}',
      `    member: ${configMaps}`,
      `      member: ${configMaps}`,
      '      member: authentication',
      '      member: authorization',
      '  host: authentication',
    ])
    assert.deepEqual(tree(spans, traceOf('5')), [
      'host: GET /kapis/{group}/{version}/{resource}',
      '  host: GET /kapis/{group}/{version}/{resource}',
      ...authorized,
    ])
    assert.deepEqual(
      tree(spans, traceOf('7')).map((line) => line.trim()),
      [
        'host: POST /oauth/token',
        'host: authentication',
        'host: openidToken',
        'host: POST /apis/iam.kubesphere.io/v1beta1/loginrecords',
      ],
    )
    const listed = spans.find(({ traceId, kind }) => traceId === traceOf('1') && kind === 2)
    assert.deepEqual(listed?.attributes, {
      'http.request.method': 'GET',
      'http.route': '/kapis/iam.kubesphere.io/v1beta1/users',
      'http.response.status_code': 200,
      'ks_facade.request_id': 'list-1',
    })
    assert.deepEqual(tree(spans, traceOf('9')), [], 'its caller records nothing')
  })

  test('a query has its fields, their operations and what these wait for below it', () => {
    // What discovery and caches have to learn depends on who asked before.
    const lines = tree(spans, traceOf('6')).filter(
      (line) => !/: (?:GET \/apis?|cache \w+|auth\w+)$/.test(line),
    )
    const secret = 'GET /api/v1/namespaces/{namespace}/secrets/{name}'
    const theirs = 'GET /api/{version}/namespaces/{namespace}/{resource}/{name}'
    const [before, after] = [lines.indexOf('    host: Query.me'), lines.indexOf('  host: query')]
    assert.deepEqual(lines.slice(0, after + 1), [
      'host: POST /graphql',
      '  host: graphql.parse',
      '  host: graphql.validate',
      '  host: query',
    ])
    assert.deepEqual(lines.slice(after + 1, before), [
      '    host: Query.configMaps',
      '      host: objects.list',
    ])
    const below = lines.slice(before)
    assert.deepEqual(below.slice(0, 2), ['    host: Query.me', '      host: iam.users.get'])
    assert.equal(below.filter((line) => line === '    host: Query.secret').length, 2)
    assert.equal(below.filter((line) => line === '      host: objects.get').length, 2)
    const hop = below.indexOf(`        host: ${secret}`)
    assert.deepEqual(below.slice(hop, hop + 3), [
      `        host: ${secret}`,
      `          member: ${theirs}`,
      `            member: ${theirs}`,
    ])
    const query = spans.find(({ name, traceId }) => name === 'query' && traceId === traceOf('6'))
    assert.deepEqual(query?.attributes, {
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Many',
    })
  })

  test('operations of a traced socket have traces of their own, a subscription from its beginning to its end', () => {
    const own = spans.filter(({ name }) => name === 'graphql.operation')
    assert.deepEqual(
      own.slice(0, 2).map(({ attributes }) => attributes['ks_facade.request_id']),
      seen.socket,
    )
    assert.equal(own.length, 3)
    for (const { links } of own) assert.deepEqual(links, [traceOf('10')])
    assert.deepEqual(tree(spans, own.at(-1)?.traceId ?? ''), [
      'host: graphql.operation',
      '  host: subscription',
    ])
  })

  test('nothing of what callers keep to themselves is in traces, nor passwords and tokens in logs', () => {
    const encoded = Buffer.from(HIDDEN).toString('base64')
    for (const text of [PASSWORD, token, SECRET, 'forged-token', HIDDEN, encoded]) {
      assert.ok(!collector.text.includes(text), `a trace has ${text}`)
      assert.ok(!logged.includes(text), `the log has ${text}`)
    }
    for (const text of [QUERIED, 'hidden', '/oauth/token?']) {
      assert.ok(!collector.text.includes(text), `a trace has ${text}`)
    }
  })
})
