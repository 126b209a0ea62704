import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { face, upstream, type FaceUnderTest } from './support.ts'

const path = '/api/v1/namespaces/default/pods/web'

/** A kube-apiserver that answers only when it is told to. */
async function holding() {
  const held: ServerResponse[] = []
  const news = new EventEmitter()
  const kube = await upstream((_req, res) => {
    held.push(res)
    news.emit('held')
  })
  return {
    kube,
    held,
    async reached(count: number): Promise<void> {
      while (held.length < count) await once(news, 'held')
    },
    [Symbol.asyncDispose]: () => kube[Symbol.asyncDispose](),
  }
}

const as = (user: string) => ({ headers: { authorization: `Bearer ${user}` } })

async function metric(app: FaceUnderTest, work: string): Promise<string | undefined> {
  const { body } = await app.app.metrics.render()
  return new RegExp(`ks_facade_shed_requests_total\\{work="${work}"\\} (\\d+)`).exec(body)?.[1]
}

test('a caller has so many requests in flight; one more is told when to come again, others are served', async () => {
  await using server = await holding()
  await using app = await face({
    kube: server.kube,
    allow: () => true,
    config: { facade: { limits: { requestsPerUser: 2, streamsPerUser: 1 } } },
  })
  const greedy = [1, 2].map(() => fetch(app.url + path, as('admin')))
  await server.reached(2)
  const refused = await fetch(app.url + path, as('admin'))
  assert.equal(refused.status, 429)
  assert.equal(refused.headers.get('retry-after'), '1')
  const status = (await refused.json()) as { kind: string; reason: string }
  assert.deepEqual([status.kind, status.reason], ['Status', 'TooManyRequests'])
  assert.equal(await metric(app, 'request'), '1')

  const other = fetch(app.url + path, as('other'))
  await server.reached(3)
  const watched = fetch(`${app.url}/api/v1/pods?watch=true`, as('admin'))
  await server.reached(4)
  const second = await fetch(`${app.url}/api/v1/pods?watch=true`, as('admin'))
  assert.equal(second.status, 429, 'streams are counted by themselves')

  for (const res of server.held) res.end('{}')
  for (const answer of [...greedy, other, watched]) {
    const response = await answer
    assert.equal(response.status, 200)
    await response.text()
  }
  const again = fetch(app.url + path, as('admin'))
  await server.reached(5)
  server.held[4]?.end('{}')
  assert.equal((await again).status, 200, 'what has ended is no longer counted')
})

test('a request whose client goes away gives its place back', async () => {
  await using server = await holding()
  await using app = await face({
    kube: server.kube,
    allow: () => true,
    config: { facade: { limits: { requestsPerUser: 1, streamsPerUser: 1 } } },
  })
  const abort = new AbortController()
  const gone = fetch(app.url + path, { ...as('admin'), signal: abort.signal })
  await server.reached(1)
  const closed = once(server.held[0] as ServerResponse, 'close')
  abort.abort()
  await assert.rejects(gone)
  await closed
  const next = fetch(app.url + path, as('admin'))
  await server.reached(2)
  server.held[1]?.end('{}')
  assert.equal((await next).status, 200)
})
