import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { createLogger, createMetrics, loggableUrl } from '../../gateway/telemetry/index.ts'

test('docs/metrics.md names exactly the metrics that are exposed, with their types', async () => {
  using metrics = createMetrics()
  const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const documented = new Map(
    [...page.matchAll(/^\| `([a-z0-9_]+)` +\| (\w+) +\|/gm)].map(([, name = '', type = '']) => [
      name,
      type,
    ]),
  )
  const exposed = new Map((await metrics.describe()).map(({ name, type }) => [name, type]))
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(exposed))
})

test('request metrics carry the names, labels, help and buckets of the original', async () => {
  using metrics = createMetrics()
  metrics.observeRequest({
    verb: 'list',
    group: 'iam.kubesphere.io',
    version: 'v1beta1',
    resource: 'users',
    code: 200,
    seconds: 0.07,
  })
  const { contentType, body } = await metrics.render()
  assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores')
  const labels = 'verb="list",group="iam.kubesphere.io",version="v1beta1",resource="users"'
  assert.match(body, new RegExp(`^ks_server_request_total\\{${labels},code="200"\\} 1$`, 'm'))
  const buckets = [...body.matchAll(/^ks_server_request_duration_seconds_bucket\{le="([^"]+)"/gm)]
  assert.deepEqual(buckets.map(([, le]) => le).slice(0, 3), ['0.05', '0.1', '0.15'])
  assert.equal(buckets.length, 38)
  assert.match(
    body,
    /^# HELP ks_server_request_duration_seconds \[ALPHA\] Response latency distribution in seconds for each verb, group, version, resource$/m,
  )
})

test('requests for names that do not exist cannot grow the number of label sets', async () => {
  using metrics = createMetrics()
  for (let index = 0; index < 1000; index++) {
    metrics.observeRequest({
      verb: 'get',
      group: `g${index}`,
      version: 'v1',
      resource: 'things',
      code: 403,
      seconds: 0,
    })
  }
  const { body } = await metrics.render()
  const series = [...body.matchAll(/^ks_server_request_total\{/gm)].length
  assert.equal(series, 201)
  assert.match(body, /^ks_server_request_total\{verb="get",group="other",.*\} 800$/m)
})

test('a socket counts as open until it is closed, once', async () => {
  using metrics = createMetrics()
  const close = metrics.socketOpened('upgrade')
  assert.match((await metrics.render()).body, /^ks_facade_open_sockets\{kind="upgrade"\} 1$/m)
  close()
  close()
  assert.match((await metrics.render()).body, /^ks_facade_open_sockets\{kind="upgrade"\} 0$/m)
})

test('log lines hold no secrets', () => {
  const lines: string[] = []
  const destination = new PassThrough()
  destination.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  const log = createLogger({ destination })
  log.info({ password: 'p1', headers: { authorization: 'p2', cookie: 'p3' } }, 'hello')
  const text = lines.join('')
  assert.match(text, /hello/)
  assert.doesNotMatch(text, /p1|p2|p3/)
  assert.equal(
    loggableUrl('/oauth/callback/x?code=abc&state=1&access_token=t'),
    '/oauth/callback/x?code=***&state=1&access_token=***',
  )
})
