import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { WebSocket } from 'ws'
import { REQUEST_ID } from '../../gateway/domain/auditing/index.ts'
import { openTerminal, startStage, type Stage } from '../terminal/stage.ts'
import { eventually, open } from './http.ts'
import {
  exchange,
  startAudited,
  type Answered,
  type Asking,
  type Audited,
  type Event,
} from './threads-beside.ts'

const CONSOLE = 'https://console.example'
const LISTS = '/kapis/resources.kubesphere.io/v1alpha3'
const BIG = { name: 'big', labels: { size: 'big' } }
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
/** Enough new connections for the kernel to have chosen each thread, and for pages to be shown again. */
const TIMES = 8
const NO_RIGHTS = 'eve'

interface Row extends Asking {
  /** Whose token goes along; admin's by default. */
  readonly as?: 'admin' | typeof NO_RIGHTS | 'nobody'
  /** What is answered has a number or an age in it that grows by itself. */
  readonly moves?: boolean
}

const gzip = { 'accept-encoding': 'gzip' }
const from = (origin: string) => ({ origin })
const json = { 'content-type': 'application/json' }
const forwarded = { 'x-forwarded-for': '198.51.100.7, 203.0.113.5' }
const paths = {
  'a page': `${LISTS}/namespaces?limit=2`,
  'an object of a list': `${LISTS}/namespaces/default`,
  'an object of Kubernetes': '/api/v1/namespaces/default',
  'an object of the platform': '/apis/iam.kubesphere.io/v1beta1/users/admin',
}

/** What threads answer by themselves, from pages and through the owner. */
const asked: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    Object.entries(paths).flatMap(([name, path]): [string, Row][] => [
      [name, { path }],
      [`the head of ${name}`, { path, method: 'HEAD' }],
      [`${name}, compressed`, { path, headers: gzip }],
      [`${name} for a page of the console`, { path, headers: from(CONSOLE) }],
      [`${name} for a page of others`, { path, headers: from('https://other.example') }],
      [`${name} for nobody`, { path, as: 'nobody' }],
      [`${name} for a wrong token`, { path, headers: { authorization: 'Bearer none' } }],
      [`${name} without rights`, { path, as: NO_RIGHTS }],
      [`${name} behind a proxy`, { path, headers: forwarded }],
      [`${name} behind no proxy of ours`, { path, headers: forwarded, from: '127.0.0.9' }],
      [
        `whether pages may ask for ${name}`,
        {
          path,
          method: 'OPTIONS',
          headers: { ...from(CONSOLE), 'access-control-request-method': 'GET' },
        },
      ],
    ]),
  ),
  'what is not there': { path: '/api/v1/namespaces/none' },
  'no namespace of a list': { path: `${LISTS}/namespaces/none` },
  'a kind that is not there': { path: `${LISTS}/nothings?limit=2` },
  'a page by an odd number': { path: `${LISTS}/namespaces?limit=x` },
  'a long list, compressed': {
    path: '/api/v1/namespaces/default/configmaps?labelSelector=size%3Dbig',
    headers: gzip,
    moves: true,
  },
  'a table': {
    path: '/api/v1/namespaces/default/configmaps?labelSelector=size%3Dbig',
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    moves: true,
  },
  'a list of the platform': { path: '/kapis/iam.kubesphere.io/v1beta1/users?limit=1' },
  discovery: { path: '/apis/apps/v1' },
  'a write': {
    path: '/api/v1/namespaces/default/configmaps',
    method: 'POST',
    headers: json,
    body: '{"metadata":{"name":"big"}}',
  },
  'a write that makes no sense': {
    path: '/kapis/iam.kubesphere.io/v1beta1/users',
    method: 'POST',
    headers: json,
    body: '{',
  },
  'the end of what is not there': {
    path: '/api/v1/namespaces/default/configmaps/none',
    method: 'DELETE',
  },
  'a method that a list has not': { path: `${LISTS}/namespaces?limit=2`, method: 'PUT' },
  'the graph': {
    path: '/graphql',
    method: 'POST',
    headers: json,
    body: '{"query":"{ me { name } }"}',
  },
  'a file of the explorer': { path: '/explorer/assets/client.js', headers: gzip },
}

/** What has to be the same for equal requests. */
function essence({ status, headers, body }: Answered, id: string, moves = false): object {
  const { date: _, 'audit-id': _a, 'content-length': length, ...rest } = headers
  const text = headers['content-encoding'] === 'gzip' ? inflated(body) : body
  return {
    status,
    headers: JSON.parse(JSON.stringify(rest).replaceAll(id, 'ID')) as object,
    length: moves ? length !== undefined : length,
    body: moves ? text.replaceAll(/"resourceVersion":"\d+"|"(?:\d+[hms])+"/g, '') : text,
  }
}

const inflated = (body: string): string =>
  body && gunzipSync(Buffer.from(body, 'latin1')).toString()

describe('a server with threads in front, beside one without', () => {
  const stack = new AsyncDisposableStack()
  let stage: Stage
  let one: Audited
  let threads: Audited
  /** Events that are expected by now, of each request to either server. */
  const ids: { name: string; one: string; threads: string[] }[] = []
  before(async () => {
    stage = stack.use(await startStage())
    await stage.pod('box')
    await stage.member(NO_RIGHTS, [])
    const data = { text: 'words that can be made shorter '.repeat(10_000) }
    await stage.kube.create(CONFIG_MAPS, { metadata: BIG, data }, { namespace: 'default' })
    const facade = {
      trustedProxies: ['127.0.0.1', '203.0.113.0/24'],
      headers: { 'strict-transport-security': 'max-age=1', 'x-frame-options': 'DENY' },
      cors: { allowedOrigins: [CONSOLE], checkSockets: true },
    }
    one = stack.use(await startAudited(stage, 0, facade))
    threads = stack.use(await startAudited(stage, 2, facade))
  })
  after(() => stack.disposeAsync())

  const tokens = new Map<string, Promise<string>>()
  async function tokenOf({ server }: Audited, { as = 'admin' }: Row): Promise<object> {
    if (as === 'nobody') return {}
    const key = `${as} ${server.url}`
    const token = tokens.get(key) ?? (as === 'admin' ? server.admin : server.login(as))
    tokens.set(key, Promise.resolve(token))
    return { authorization: `Bearer ${await token}` }
  }

  async function told(by: Audited, row: Row, id: string): Promise<object> {
    const headers = { ...(await tokenOf(by, row)), ...row.headers, 'x-request-id': id }
    return essence(await exchange(by.server.url, { ...row, headers }), id, row.moves)
  }

  for (const [name, row] of Object.entries(asked)) {
    it(`answers the same: ${name}`, async () => {
      const id = name.replaceAll(/[^\w]+/g, '-')
      const wanted = await told(one, row, `one-${id}`)
      const times = Array.from({ length: TIMES }, (_, at) => `threads-${id}-${at}`)
      ids.push({ name, one: `one-${id}`, threads: times })
      for (const time of times) assert.deepEqual(await told(threads, row, time), wanted)
    })
  }

  it('knows when nothing has changed since', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    for (const row of [
      { path: '/explorer/assets/client.js' },
      { path: '/apis', headers: { accept } },
    ] satisfies Row[]) {
      for (const by of [one, threads]) {
        const headers = { ...(await tokenOf(by, row)), ...row.headers }
        const { url } = by.server
        const { etag = '' } = (await exchange(url, { ...row, headers })).headers
        assert.notEqual(etag, '')
        const again = { ...row, headers: { ...headers, 'if-none-match': etag } }
        const { status, body, headers: given } = await exchange(url, again)
        assert.deepEqual([status, body, given.etag], [304, '', etag])
        assert.equal(given['x-frame-options'], 'DENY')
      }
    }
  })

  it('carries a shell, a watch and an exec of Kubernetes by websocket', async () => {
    for (const { server } of [one, threads]) {
      using terminal = await openTerminal(
        server.url,
        '/namespaces/default/pods/box/exec?shell=sh',
        server.admin,
      )
      await terminal.sees(/[#$] $/)
      terminal.type('echo $((6*7)); exit 3\r')
      await terminal.sees(/42\r\n/)
      await terminal.closed

      const base = server.url.replace('http', 'ws')
      const headers = { authorization: `Bearer ${server.admin}` }
      const command = 'container=main&stdout=true&command=echo&command=from+the+pod'
      const exec = new WebSocket(
        `${base}/api/v1/namespaces/default/pods/box/exec?${command}`,
        'v5.channel.k8s.io',
        { headers },
      )
      const said: Buffer[] = []
      exec.on('message', (data: Buffer) => said.push(data))
      await once(exec, 'close')
      const output = said.filter(([channel]) => channel === 1).map((data) => data.subarray(1))
      assert.equal(Buffer.concat(output).toString(), 'from the pod\n')

      const watch = new WebSocket(`${base}/apis/iam.kubesphere.io/v1beta1/users?watch=true`, {
        headers,
        origin: server.url,
      })
      const [first] = (await once(watch, 'message')) as [Buffer]
      assert.match(first.toString(), /"type":"ADDED"/)
      watch.terminate()
    }
  })

  it('keeps pages of others from opening sockets', async () => {
    for (const { server } of [one, threads]) {
      for (const path of ['/graphql', '/api/v1/namespaces?watch=true']) {
        const socket = new WebSocket(server.url.replace('http', 'ws') + path, {
          headers: { authorization: `Bearer ${server.admin}` },
          origin: 'https://other.example',
        })
        const [error] = (await once(socket, 'error')) as [Error]
        assert.match(error.message, /403/)
      }
    }
  })

  it('learns that a client has gone in the middle of an answer', async () => {
    for (const by of [one, threads]) {
      for (const path of ['/api/v1/namespaces', '/apis/iam.kubesphere.io/v1beta1/users']) {
        const id = `gone-${by === one ? 'one' : 'threads'}-${path.length}`
        const socket = await open(by.server.url)
        let text = ''
        socket.on('data', (chunk) => (text += String(chunk)))
        const lines = [
          `GET ${path}?watch=true HTTP/1.1`,
          'Host: x',
          `Authorization: Bearer ${by.server.admin}`,
          `X-Request-Id: ${id}`,
        ]
        socket.write(`${lines.join('\r\n')}\r\n\r\n`)
        const begun = async () => text
        await eventually('the watch begins', begun, (all) => all.includes('ADDED'))
        assert.deepEqual(recorded(by, id), [])
        socket.destroy()
        const over = async () => recorded(by, id)
        const [event] = await eventually('it is over', over, (events) => events.length > 0)
        assert.equal(event?.Verb, 'watch')
        assert.deepEqual(event.SourceIPs, ['127.0.0.1'])
      }
    }
  })

  it('records each request once, with who asked from where and what was answered', async () => {
    // Nothing that was answered is lost when a server ends.
    await Promise.all([one.stop(), threads.stop()])
    let count = 0
    for (const { name, one: first, threads: others } of ids) {
      const [wanted, ...more] = recorded(one, first)
      assert.deepEqual(more, [], name)
      for (const id of others) {
        assert.deepEqual(recorded(threads, id), wanted ? [wanted] : [], name)
        count++
      }
    }
    assert.equal(count, Object.keys(asked).length * TIMES)
    const of = (name: string) => recorded(threads, `threads-${name}-0`)[0]
    assert.equal(of('a-page')?.User.username, 'admin')
    assert.deepEqual(of('a-page-behind-a-proxy')?.SourceIPs, ['198.51.100.7'])
    assert.deepEqual(of('a-page-behind-no-proxy-of-ours')?.SourceIPs, ['127.0.0.9'])
    assert.equal(of('what-is-not-there')?.ResponseStatus.code, 404)
  })
})

/** Events of a request, without its id. */
function recorded(by: Audited, id: string): Event[] {
  return by
    .events()
    .filter(({ Annotations }) => Annotations?.[REQUEST_ID] === id)
    .map((event) => ({ ...event, Annotations: null }))
}
