import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import { pino } from 'pino'
import { createCaches } from '../../gateway/kube/caches.ts'
import { createKubeClient } from '../../gateway/kube/client.ts'
import { createStore } from '../../gateway/kube/store.ts'
import type { WritableStore } from '../../gateway/kube/store.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { startReflector } from '../../gateway/kube/watch.ts'
import { collectGarbage } from '../env/memory.ts'
import { httpServer, until } from './support.ts'

const gvr = { group: '', version: 'v1', resource: 'things' }

/** A tiny API server of one resource whose watches do what a test says. */
async function faulty(
  onWatch: (res: ServerResponse, watches: number, url: URL) => void,
  onList: (res: ServerResponse, body: string) => void = (res, body) => void res.end(body),
) {
  const objects = new Map<string, KubeObject>()
  const counts = { lists: 0, watches: 0 }
  let version = 1
  const put = (name: string): KubeObject => {
    const metadata = { name, resourceVersion: String(++version), uid: `u-${name}` }
    const object = { metadata, large: '12345678901234567890' }
    objects.set(name, object)
    return object
  }
  put('first')
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    const url = new URL(req.url ?? '/', 'http://x')
    res.setHeader('content-type', 'application/json')
    if (url.searchParams.has('watch')) {
      res.flushHeaders()
      return onWatch(res, ++counts.watches, url)
    }
    counts.lists++
    const metadata = { resourceVersion: String(version) }
    onList(res, JSON.stringify({ kind: 'ThingList', metadata, items: [...objects.values()] }))
  }
  const server = await httpServer(answer)
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const text = JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k' } }],
    clusters: [{ name: 'k', cluster: { server: server.url.origin } }],
  })
  const { loadKubeconfig } = await import('../../gateway/kube/kubeconfig.ts')
  const client = createKubeClient({ credentials: await loadKubeconfig({ text }) })
  return {
    client,
    counts,
    log,
    lines,
    put,
    remove: (name: string) => void objects.delete(name),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`

function reflect(api: Awaited<ReturnType<typeof faulty>>, stallMs?: number) {
  const made: { store?: WritableStore } = {}
  const reflector = startReflector({
    client: api.client,
    gvr,
    log: api.log,
    random: () => 0,
    ...(stallMs && { stallMs }),
    open: (kind) => (made.store = createStore(gvr, kind)),
  })
  return {
    reflector,
    names: () => [...(made.store?.byName() ?? [])].map(({ name }) => name),
    [Symbol.asyncDispose]: () => reflector[Symbol.asyncDispose](),
  }
}

describe('a watch that goes wrong', () => {
  const faults: [string, (res: ServerResponse) => void][] = [
    ['a line that is no event', (res) => res.write('<html>not an event</html>\n')],
    ['a line beyond 8 MiB', (res) => res.write(`${'x'.repeat(9 * 1024 * 1024)}\n`)],
    [
      'history that is gone',
      (res) => res.write(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' })),
    ],
  ]
  for (const [what, fault] of faults) {
    test(`lists again and finds what it missed: ${what}`, async () => {
      await using api = await faulty((res, watches) => {
        if (watches > 1) return
        api.put('missed')
        api.remove('first')
        fault(res)
      })
      await using watched = reflect(api)
      await until(() => watched.names().join() === 'missed', 'the relist')
      assert.equal(api.counts.lists, 2)
      assert.ok(api.lines.some((line) => line.includes('"relist":true')))
    })
  }

  test('that only breaks off goes on from where it was', async () => {
    const versions: (string | null)[] = []
    await using api = await faulty((res, watches, url) => {
      versions.push(url.searchParams.get('resourceVersion'))
      if (watches === 1) {
        res.write(event('ADDED', api.put('second')))
        res.write(event('BOOKMARK', { metadata: { resourceVersion: '77' } }))
        res.write('{"type":"ADDED","obj', () => res.destroy())
      } else if (watches === 2) res.write(event('ADDED', api.put('third')))
    })
    await using watched = reflect(api)
    await until(() => watched.names().length === 3, 'the third')
    assert.equal(api.counts.lists, 1)
    assert.deepEqual(versions, ['2', '77'])
  })

  test('that falls silent is asked for anew', async () => {
    await using api = await faulty((res, watches) => {
      if (watches === 2) res.write(event('ADDED', api.put('heard')))
    })
    await using watched = reflect(api, 200)
    await until(() => watched.names().includes('heard'), 'the second watch')
    assert.equal(api.counts.lists, 1)
  })

  test('that ends at once is not hammered', async () => {
    await using api = await faulty((res) => void res.end())
    await using watched = reflect(api)
    await until(() => api.counts.watches >= 2, 'two watches')
    const began = performance.now()
    const from = api.counts.watches
    await until(() => api.counts.watches >= from + 2, 'two more')
    assert.ok(performance.now() - began >= 400)
    assert.deepEqual(watched.names(), ['first'])
  })
})

test('a cache that nobody holds is stopped, one that is held or pinned is not', async () => {
  await using api = await faulty(() => {})
  await using caches = createCaches({ client: api.client, log: api.log, idleMs: 2000 })
  const pinned = { ...gvr, resource: 'pinned' }
  const held = { ...gvr, resource: 'held' }
  caches.pin([pinned])
  const kept = await caches.store(held)
  assert.equal((await caches.store(gvr)).size, 1)
  await until(() => {
    collectGarbage()
    return caches.status().length === 2
  }, 'the idle one is gone')
  assert.equal(caches.peek(gvr), undefined)
  assert.equal(caches.peek(held), kept)
  assert.equal((await caches.store(gvr)).size, 1)
})

test('a cache is not served before it is whole, and says how long nothing was heard', async () => {
  let now = 1000
  let open: (() => void) | undefined
  await using api = await faulty(
    () => {},
    (res, body) => {
      res.write(body.slice(0, -5))
      open = () => void res.end(body.slice(-5))
    },
  )
  await using caches = createCaches({ client: api.client, log: api.log, now: () => now })
  const asked = caches.store(gvr)
  let answered = false
  void asked.then(() => (answered = true))
  await until(() => open !== undefined, 'the list is asked for')
  assert.equal(caches.peek(gvr), undefined)
  assert.deepEqual(
    caches.status().map(({ synced, objects, lagMs }) => [synced, objects, lagMs]),
    [[false, 0, 0]],
  )
  assert.equal(answered, false)
  open?.()
  const store = await asked
  assert.equal(store.size, 1)
  now += 60_000
  assert.equal(caches.status()[0]?.lagMs, 60_000)
})
