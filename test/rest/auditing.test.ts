import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pino } from 'pino'
import { defaultConfig, type DeepPartial, type Config } from '../../gateway/config/index.ts'
import { createAuditor } from '../../gateway/domain/auditing/index.ts'
import { createMetrics } from '../../gateway/telemetry/index.ts'
import type { RouteRow } from '../../rest-compat/routes/registry.ts'
import { face, fixedCaches, raw, upstream, type FaceOptions } from './support.ts'

const namespaces = [
  { name: 'kubesphere-system', annotations: { 'cluster.kubesphere.io/name': 'host-1' } },
  { name: 'alpha-prod', labels: { 'kubesphere.io/workspace': 'alpha' } },
].map((metadata) => ({ apiVersion: 'v1', kind: 'Namespace', metadata }))

const N = '/kapis/iam.kubesphere.io/v1beta1'

/** A route that reads the body and answers it back. */
const echo = (method: RouteRow['method'], path: string, sample: string): RouteRow => ({
  method,
  path,
  operation: `${method} ${path}`,
  summary: '',
  tags: [],
  sample,
  async handler(rq) {
    const body = await rq.bytes()
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  },
})

const rows = [
  echo('POST', `${N}/users`, `${N}/users`),
  echo('GET', `${N}/users/{user}`, `${N}/users/eve`),
  echo('PUT', `${N}/users/{user}`, `${N}/users/eve`),
  echo('PUT', `${N}/users/{user}/password`, `${N}/users/eve/password`),
  echo('POST', '/oauth/token', '/oauth/token'),
]

type Event = Record<string, unknown> & {
  Verb: string
  Workspace: string
  User: object
  ObjectRef: Record<string, string>
  ResponseStatus: { code?: number }
}

/** A face that audits to a webhook; `events` waits for so many and gives them. */
async function audited(
  auditing: DeepPartial<Config['auditing']> = {},
  options: FaceOptions = {},
  limit?: number,
) {
  const stack = new AsyncDisposableStack()
  const arrived = new Set<() => void>()
  const hook = stack.use(
    await upstream((_req, res) => {
      res.end()
      for (const tell of arrived) tell()
    }),
  )
  const config = defaultConfig({
    auditing: {
      enable: true,
      eventBatchIntervalMs: 10,
      webhookOptions: { webhookUrl: hook.url },
      ...auditing,
    },
  })
  const metrics = stack.use(createMetrics())
  const auditor = createAuditor({
    config: config.auditing,
    caches: fixedCaches({ namespaces }),
    metrics,
    log: pino({ level: 'silent' }),
    now: Date.now,
    env: { HOSTNAME: 'ks-facade-0' },
    ...(limit === undefined ? {} : { limit }),
  })
  if (auditor) stack.use(auditor)
  const made = stack.use(
    await face({ rows, allow: () => true, ...options, app: { auditor, now: Date.now } }),
  )
  const all = (): Event[] =>
    hook.seen
      .flatMap(({ body }) => body.replaceAll('}{"Workspace"', '}\n{"Workspace"').split('\n'))
      .map((line) => JSON.parse(line) as Event)
  return {
    ...made,
    auditor,
    metrics,
    hook,
    async events(count: number): Promise<Event[]> {
      while (all().length < count) {
        await new Promise<void>((resolve) => void arrived.add(resolve))
      }
      return all()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const as = (user: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: {
    authorization: `Bearer ${user}`,
    'user-agent': 'tests',
    ...(init.headers as Record<string, string>),
  },
})

async function call(url: string, init?: RequestInit): Promise<string> {
  return (await fetch(url, init)).text()
}

const send = (method: string, body: string, type = 'application/json'): RequestInit => ({
  method,
  body,
  headers: { 'content-type': type },
})

describe('auditing', () => {
  test('is no layer unless it is enabled, with a known level and somewhere to go', async () => {
    const off: DeepPartial<Config['auditing']>[] = [
      { enable: false },
      { auditLevel: 'None' },
      { auditLevel: 'Everything' },
      { webhookOptions: { webhookUrl: '' } },
    ]
    for (const auditing of off) {
      await using app = await audited(auditing)
      assert.equal(app.auditor, undefined)
      assert.ok(!app.rest.layers.includes('auditing'))
    }
    await using app = await audited()
    const { layers } = app.rest
    assert.equal(layers[layers.indexOf('authorization') + 1], 'auditing')
  })

  test('records an event of the original’s fields, in their order', async () => {
    await using app = await audited()
    await call(`${app.url}${N}/users/eve?x=1`, as('admin'))
    const [event] = await app.events(1)
    assert.ok(event)
    assert.deepEqual(Object.keys(event), [
      'Workspace',
      'Cluster',
      'Message',
      'HostName',
      'HostIP',
      'Level',
      'AuditID',
      'Stage',
      'RequestURI',
      'Verb',
      'User',
      'ImpersonatedUser',
      'SourceIPs',
      'UserAgent',
      'ObjectRef',
      'ResponseStatus',
      'RequestObject',
      'ResponseObject',
      'RequestReceivedTimestamp',
      'StageTimestamp',
      'Annotations',
    ])
    assert.match(String(event['AuditID']), /^[\da-f]{8}-[\da-f]{4}-4/)
    assert.match(String(event['StageTimestamp']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    const {
      AuditID: _i,
      HostIP: _h,
      RequestReceivedTimestamp: _r,
      StageTimestamp: _s,
      ...rest
    } = event
    assert.deepEqual(rest, {
      Workspace: '',
      Cluster: 'host-1',
      Message: '',
      HostName: 'ks-facade-0',
      Level: 'Metadata',
      Stage: 'ResponseComplete',
      RequestURI: `${N}/users/eve`,
      Verb: 'get',
      User: { username: 'admin', groups: ['system:authenticated'] },
      ImpersonatedUser: null,
      SourceIPs: ['127.0.0.1'],
      UserAgent: 'tests',
      ObjectRef: {
        Resource: 'users',
        Namespace: '',
        Name: 'eve',
        UID: '',
        APIGroup: 'iam.kubesphere.io',
        APIVersion: 'v1beta1',
        ResourceVersion: 'Global',
        Subresource: '',
      },
      ResponseStatus: { metadata: {}, code: 200 },
      RequestObject: null,
      ResponseObject: null,
      Annotations: null,
    })
  })

  test('names what is created by its body, a change of state by its verb, a project’s workspace', async () => {
    await using app = await audited({ auditLevel: 'Metadata' })
    const body = '{"metadata":{"name":"mallory"},"status":{"state":"Disabled"}}'
    await call(`${app.url}${N}/users`, as('admin', send('POST', body)))
    await call(`${app.url}${N}/users/mallory`, as('admin', send('PUT', body)))
    await call(`${app.url}/api/v1/namespaces/alpha-prod/pods/p`, as('admin'))
    await call(`${app.url}/api/v1/namespaces/alpha-prod`, as('admin'))
    const events = await app.events(4)
    assert.deepEqual(
      events.map(({ Verb, Workspace, ObjectRef }) => `${Verb} ${ObjectRef['Name']} ${Workspace}`),
      ['create mallory ', 'disable mallory ', 'get p alpha', 'get alpha-prod alpha'],
    )
    assert.ok(events.every(({ RequestObject }) => RequestObject === null))
  })

  test('hole 34: bodies are recorded as the level says, without the secrets in them', async () => {
    const body = '{"metadata":{"name":"eve"},"spec":{"password":"Clear-Text1"}}'
    for (const level of ['Request', 'RequestResponse']) {
      await using app = await audited({ auditLevel: level })
      const told = await call(`${app.url}${N}/users`, as('admin', send('POST', body)))
      assert.equal(told, body, 'the answer is untouched')
      const secret = '{"kind":"Secret","metadata":{"name":"s"},"data":{"a":"Q2xlYXItVGV4dDE="}}'
      await call(
        `${app.url}/api/v1/namespaces/alpha-prod/secrets`,
        as('admin', send('POST', secret)),
      )
      await call(
        `${app.url}${N}/users/eve/password`,
        as('eve', send('PUT', '{"currentPassword":"Clear-Text0","password":"Clear-Text1"}')),
      )
      const events = await app.events(3)
      const masked = { metadata: { name: 'eve' }, spec: { password: '***' } }
      const created = events.find(({ ObjectRef }) => ObjectRef['Name'] === 'eve')
      assert.deepEqual(created?.['RequestObject'], masked)
      assert.deepEqual(created?.['ResponseObject'], level === 'Request' ? null : masked)
      assert.doesNotMatch(JSON.stringify(events), /Clear-Text|Q2xlYXI/)
    }
  })

  test('a form is recorded without its body rather than not at all', async () => {
    await using app = await audited({ auditLevel: 'RequestResponse' })
    const form = 'grant_type=password&username=eve&password=Clear-Text1'
    await call(`${app.url}/oauth/token`, send('POST', form, 'application/x-www-form-urlencoded'))
    const [event] = await app.events(1)
    assert.equal(event?.['RequestURI'], '/oauth/token')
    assert.equal(event?.['RequestObject'], null)
    assert.doesNotMatch(JSON.stringify(event), /Clear-Text/)
  })

  test('what was refused and what only tries are not recorded, reads, probes and logins are', async () => {
    await using app = await audited({}, { allow: ({ user }) => user.name === 'admin' })
    await call(`${app.url}${N}/users/eve`, as('eve'))
    await call(`${app.url}/api/v1/namespaces/n/pods?dryRun=All`, as('admin', send('POST', '{}')))
    await call(`${app.url}/healthz`)
    await call(`${app.url}/oauth/token`, send('POST', '{}'))
    await call(`${app.url}${N}/users/last`, as('admin'))
    const events = await app.events(3)
    assert.deepEqual(
      events.map(({ RequestURI }) => RequestURI),
      ['/healthz', '/oauth/token', `${N}/users/last`],
    )
  })

  test('a connection that was taken over is recorded when it ends, without a code', async () => {
    await using kube = await upstream()
    kube.server.on('upgrade', (_req, socket) => {
      socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      )
    })
    await using app = await audited({}, { kube })
    const path = '/api/v1/namespaces/alpha-prod/pods/p/exec'
    const head =
      'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer admin'
    assert.match(await raw(app.url, `GET ${path} HTTP/1.1\r\n${head}\r\n\r\n`), / 101 /)
    const [event] = await app.events(1)
    assert.deepEqual(event?.ResponseStatus, { metadata: {} })
    assert.equal(event?.ObjectRef['Subresource'], 'exec')
  })

  test('what finds the queue full is counted and holds nobody up', async () => {
    await using slow = await upstream(() => {})
    const webhookOptions = { webhookUrl: slow.url, eventSendersNum: 1 }
    await using app = await audited({ eventBatchSize: 1, webhookOptions }, {}, 5)
    // The webhook never answers: whoever waited for it would not be answered either.
    for (let index = 0; index < 50; index++) await call(`${app.url}${N}/users/eve`, as('admin'))
    const { body } = await app.metrics.render()
    const dropped = /ks_facade_audit_events_total\{sink="queue",result="overflow"\} (\d+)/.exec(
      body,
    )
    assert.ok(Number(dropped?.[1]) >= 40, body.slice(-500))
    await slow[Symbol.asyncDispose]()
  })

  test('a body beyond the bound is handled as ever and left out of the record', async () => {
    await using app = await audited({ auditLevel: 'RequestResponse' })
    const body = JSON.stringify({ metadata: { name: 'big' }, pad: 'x'.repeat(2_000_000) })
    const told = await call(`${app.url}${N}/users`, as('admin', send('POST', body)))
    assert.equal(told.length, body.length)
    const [event] = await app.events(1)
    assert.deepEqual([event?.['RequestObject'], event?.['ResponseObject']], [null, null])
  })
})
