import assert from 'node:assert/strict'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, test } from 'node:test'
import { ExportResultCode } from '@opentelemetry/core'
import { defaultConfig, loadConfig } from '../../gateway/config/index.ts'
import {
  createLogger,
  createMetrics,
  createTracing,
  currentScope,
  inScope,
  part,
  requestIdOf,
  resourceTemplate,
  traced,
  tracedIfSlow,
  untraced,
  type Tracing,
} from '../../gateway/telemetry/index.ts'
import { createSampler } from '../../gateway/telemetry/sampler.ts'
import { spanQueue } from '../../gateway/telemetry/span-queue.ts'
import { startCollector, tree } from './collector.ts'

const log = createLogger({ level: 'silent' })

async function tracingTo(endpoint: string, metrics = createMetrics()): Promise<Tracing> {
  const { tracing } = defaultConfig({
    facade: { tracing: { endpoint, sampleRatio: 1, headers: { 'x-key': 'k' } } },
  }).facade
  return createTracing({ config: tracing, metrics, log })
}

const begun = (id = requestIdOf(undefined)) => ({ id, name: 'GET' })

describe('ids of requests', () => {
  test('a sane one of the caller is taken over, any other replaced', () => {
    for (const id of ['a', 'f3b1-77', 'Root=1-67891233-abcdef012345678912345678', 'x'.repeat(64)]) {
      assert.deepEqual(requestIdOf(id), { id, own: false })
    }
    for (const id of [undefined, '', 'a b', 'a\nb', 'ä', '"', 'a,b', 'x'.repeat(65), ['a', 'b']]) {
      const made = requestIdOf(id)
      assert.match(made.id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f-]{21}$/)
      assert.equal(made.own, true)
    }
  })

  test('calls to kube-apiserver have ids that never come twice, even where a caller repeats its own', () => {
    const own = untraced.begin(begun({ id: 'own', own: true }))
    assert.deepEqual([own.auditId(), own.auditId()], ['own.1', 'own.2'])
    const theirs = { id: 'x'.repeat(64), own: false }
    const ids = [untraced.begin(begun(theirs)).auditId(), untraced.begin(begun(theirs)).auditId()]
    assert.notEqual(ids[0], ids[1])
    for (const id of ids) assert.match(id, /^x{40}\.[\da-f]{8}\.1$/)
  })

  test('every line of a request has its id once, those after it and of others have none', async () => {
    const lines: string[] = []
    const destination = new PassThrough()
    destination.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')))
    const logger = createLogger({ destination })
    const scope = untraced.begin(begun({ id: 'r1', own: false }))
    logger.info('before')
    await inScope(scope, async () => {
      logger.info('at once')
      await setImmediate()
      logger.info({ requestId: 'r2' }, 'named by itself')
      logger.child({ requestId: 'r3' }).info('of a child')
      logger.child({ user: 'u' }).info('later')
      scope.end()
      logger.info('after')
    })
    assert.deepEqual(
      lines.map((line) => [...line.matchAll(/"requestId":"(\w+)"/g)].map(([, id]) => id)),
      [[], ['r1'], ['r2'], ['r3'], ['r1'], []],
    )
  })
})

test('a route says what a path is like and nothing of what stands in it', () => {
  const paths = {
    '/api/v1/namespaces/a/pods/b/log':
      '/api/{version}/namespaces/{namespace}/{resource}/{name}/{subresource}',
    '/api/v1/namespaces/a': '/api/{version}/{resource}/{name}',
    '/api/v1/namespaces/a/finalize': '/api/{version}/{resource}/{name}/{subresource}',
    '/api/v1/watch/pods?x=y': '/api/{version}/watch/{resource}',
    '/apis/apps/v1/deployments': '/apis/{group}/{version}/{resource}',
    '/kapis/ext.io/v1/a/b/c/d': '/kapis/{group}/{version}/{resource}/{name}/*',
    '/apis': '/apis',
    '/version': '/version',
    '/openapi/v3/apis/apps/v1': '/openapi/*',
    '/clusters/east/api/v1/pods': '/clusters/{cluster}/api/{version}/{resource}',
    '/secret-of-mine/api': '/*',
  }
  for (const [path, route] of Object.entries(paths)) assert.equal(resourceTemplate(path), route)
  assert.equal(
    resourceTemplate('/apis/apps/v1/namespaces/a/deployments/b/scale', true),
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale',
  )
})

describe('sampling', () => {
  test('callers may wish for a trace so often, trusted ones always; who records none gets none', () => {
    let now = 0
    const sample = createSampler({ share: 0, now: () => now })
    const wishes = (trusted: boolean) =>
      Array.from({ length: 100 }, () => sample('recorded', trusted)).filter(Boolean).length
    assert.equal(wishes(false), 20)
    assert.equal(wishes(true), 100)
    now = 1000
    assert.equal(wishes(false), 20)
    assert.equal(sample('none', true), false)
    const all = createSampler({ share: 1 })
    assert.equal(all('skipped', true), false)
    assert.equal(all('none', false), true)
  })

  test('the share is drawn here, whatever trace id a caller has', () => {
    const drawn = [0.1, 0.9]
    const sample = createSampler({ share: 0.5, random: () => drawn.shift() ?? 0 })
    assert.deepEqual([sample('none', false), sample('none', false)], [true, false])
  })
})

describe('traces', () => {
  test('there are none unless a collector is configured', async () => {
    const { tracing: config } = defaultConfig().facade
    await using tracing = await createTracing({ config, metrics: createMetrics(), log })
    assert.equal(tracing.on, false)
    const scope = tracing.begin(begun())
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    assert.equal(scope.span, undefined)
    assert.equal(tracing.begin({ ...begun(), headers: { traceparent: parent } }).span, undefined)
    const found = inScope(scope, () => traced('work', {}, (span) => [span, currentScope()]))
    assert.deepEqual(found, [undefined, scope])
  })

  test('work is under the work that it is part of; what is over at once is not told', async () => {
    await using collector = await startCollector()
    const tracing = await tracingTo(collector.url)
    const scope = tracing.begin(begun())
    await inScope(scope, async () => {
      await part('authentication', () => setImmediate())
      tracedIfSlow('A.quick', {}, () => 1)
      await Promise.all([
        tracedIfSlow('A.slow', {}, async () => {
          await setImmediate()
          await traced('inner', {}, () => setImmediate())
        }),
        assert.rejects(() =>
          traced('broken', {}, async () => Promise.reject(new Error('has hunter2 in its words'))),
        ),
      ])
    })
    scope.end()
    await tracing[Symbol.asyncDispose]()
    const [first] = collector.spans
    assert.deepEqual(tree(collector.spans, first?.traceId ?? ''), [
      'ks-facade: GET',
      '  ks-facade: A.slow',
      '    ks-facade: inner',
      '  ks-facade: authentication',
      '  ks-facade: broken',
    ])
    assert.deepEqual(Object.keys(scope.parts()), ['authentication'])
    const broken = collector.spans.find(({ name }) => name === 'broken')
    assert.deepEqual([broken?.failed, broken?.attributes], [true, { 'error.type': 'Error' }])
    assert.doesNotMatch(collector.text, /hunter2/)
    assert.deepEqual(
      collector.headers.map((headers) => headers['x-key']),
      ['k'],
    )
  })

  test('one request has room for 500 spans, one kind of work for 20', async () => {
    await using collector = await startCollector()
    const tracing = await tracingTo(collector.url)
    const scope = tracing.begin(begun())
    inScope(scope, () => {
      for (let n = 0; n < 1000; n++) traced('often', { sparse: true }, () => n)
      for (let n = 0; n < 1000; n++) traced('many', {}, () => n)
    })
    scope.end()
    await tracing[Symbol.asyncDispose]()
    const count = (of: string) => collector.spans.filter(({ name }) => name === of).length
    assert.deepEqual([count('often'), count('many'), count('GET')], [20, 480, 1])
  })

  test('a collector that is gone, or never answers, costs the spans, which are counted', async () => {
    const open = new Set<Socket>()
    await using silent = createServer((socket) => void open.add(socket))
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', () => resolve()))
    const port = (silent.address() as AddressInfo).port
    for (const endpoint of ['http://127.0.0.1:1', `http://127.0.0.1:${port}`]) {
      using metrics = createMetrics()
      const tracing = await tracingTo(endpoint, metrics)
      for (let n = 0; n < 6000; n++) tracing.begin(begun()).end()
      await tracing[Symbol.asyncDispose]()
      const { body } = await metrics.render()
      const lost = [...body.matchAll(/^ks_facade_trace_spans_total\{result="(\w+)"\} (\d+)$/gm)]
      const counts = Object.fromEntries(lost.map(([, result, of]) => [result, Number(of)]))
      assert.ok((counts['overflow'] ?? 0) >= 6000 - 4096 - 512, `${endpoint}: ${body.length}`)
      assert.equal(counts['exported'], undefined)
    }
    for (const socket of open) socket.destroy()
  })

  test('the queue is told when the collector fails and when it works again, once each', async () => {
    const { FAILED, SUCCESS } = ExportResultCode
    const answers = [FAILED, FAILED, SUCCESS, SUCCESS]
    const told: (string | undefined)[] = []
    const fates: string[] = []
    const queue = spanQueue({
      exporter: {
        export: (_spans, done) =>
          done({ code: answers.shift() ?? SUCCESS, error: new Error('no') }),
      },
      count: (fate, spans) => fates.push(`${spans} ${fate}`),
      changed: (error) => told.push(error?.message),
    })
    for (let n = 0; n < 4; n++) {
      queue.onEnd({} as never)
      await queue.forceFlush()
    }
    await queue.shutdown()
    assert.deepEqual(fates, ['1 failed', '1 failed', '1 exported', '1 exported'])
    assert.deepEqual(told, ['no', undefined])
  })
})

test('a share that is none and an address that is no address are refused at the start', async () => {
  const load = (tracing: string) =>
    loadConfig({
      env: {
        KUBESPHERE_FACADE_TRACING_SAMPLERATIO: '7',
        KUBESPHERE_FACADE_TRACING_ENDPOINT: tracing,
      },
      file: new URL('tracing.yaml', import.meta.url).pathname,
    })
  await assert.rejects(
    load('collector:4318'),
    /endpoint: not an address of http or https; .*sampleRatio: 7 is not between 0 and 1/,
  )
})
